extension [UInt8] {
    /// What these bytes of compact JSON look like with a member or an element a line, indented by two spaces, and ended by a
    /// line feed. What is written both ways is so worked out once.
    package var indentedJSON: [UInt8] {
        var layout = JSONLayout(roomFor: count)
        layout.take(span)
        return layout.bytes
    }
}

private struct JSONLayout {
    private(set) var bytes: [UInt8] = []
    private var level = 0

    init(roomFor count: Int) {
        bytes.reserveCapacity(count + count / 2)
    }

    mutating func take(_ json: Span<UInt8>) {
        var (place, written) = (0, 0)
        while place < json.count {
            let byte = json[place]
            place += 1
            switch byte {
            case UInt8(ascii: "\""): place = json.endOfText(from: place)
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                // In ASCII each of the two closes two places behind where it opens.
                if place < json.count, json[place] == byte + 2 {
                    place += 1
                } else {
                    level += 1
                    append(json.extracting(written..<place))
                    written = place
                    breakLine()
                }
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                level -= 1
                append(json.extracting(written..<place - 1))
                written = place - 1
                breakLine()
            case UInt8(ascii: ","):
                append(json.extracting(written..<place))
                written = place
                breakLine()
            case UInt8(ascii: ":"):
                append(json.extracting(written..<place))
                written = place
                bytes.append(UInt8(ascii: " "))
            default: break
            }
        }
        append(json.extracting(written..<place))
        bytes.append(UInt8(ascii: "\n"))
    }

    private mutating func append(_ piece: Span<UInt8>) {
        bytes.append(addingCapacity: piece.count) { $0.append(copying: piece) }
    }

    private mutating func breakLine() {
        let spaces = 2 * max(0, level)
        bytes.append(addingCapacity: 1 + spaces) { output in
            output.append(UInt8(ascii: "\n"))
            output.append(repeating: UInt8(ascii: " "), count: spaces)
        }
    }
}

extension Span<UInt8> {
    /// The place behind the quotation mark that ends a text of JSON.
    fileprivate func endOfText(from start: Int) -> Int {
        var place = start
        while let end = self.place(of: UInt8(ascii: "\""), or: UInt8(ascii: "\\"), from: place) {
            if self[end] == UInt8(ascii: "\"") { return end + 1 }
            place = end + 2
        }
        return count
    }
}
