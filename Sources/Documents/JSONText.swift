extension OutputSpan<UInt8> {
    /// As Java prints a `double`; null of what is no number.
    /// - Precondition: there is room for `Array.jsonNumberBytesMax`.
    package mutating func append(jsonNumber value: Double) {
        if let text = DecimalText(value) { return text.append(to: &self) }
        append(copying: (value.isFinite ? value.javaText : "null").utf8.span)
    }
}

// What stands in JSON, appended to bytes as `JSON.bytes` writes it.
extension [UInt8] {
    /// `-1.7976931348623157E308`, and one more.
    package static var jsonNumberBytesMax: Int { 24 }

    /// As Java prints a `double`; null of what is no number.
    package mutating func append(jsonNumber value: Double) {
        append(addingCapacity: Self.jsonNumberBytesMax) { $0.append(jsonNumber: value) }
    }

    /// A whole number, 0 or above.
    package mutating func append(whole value: Int) {
        var (width, bound) = (1, 10)
        while value >= bound, width < 18 {
            width += 1
            bound *= 10
        }
        guard value < bound else { return append(value.description) }
        append(digits: value, width: width)
    }

    /// So many of its last digits.
    package mutating func append(digits value: Int, width: Int) {
        let start = count
        var rest = value
        append(contentsOf: repeatElement(0, count: width))
        for place in stride(from: start + width - 1, through: start, by: -1) {
            self[place] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
    }

    /// An array of what stands in JSON already.
    /// - Parameter texts: a value each.
    package init(jsonArray texts: [[UInt8]]) {
        self = []
        append(jsonArray: texts)
    }

    /// The same behind what is there.
    package mutating func append(jsonArray texts: [[UInt8]]) {
        // A little more than they take, for what may follow.
        reserveCapacity(texts.reduce(count + 64) { $0 + $1.count + 1 })
        append(UInt8(ascii: "["))
        for place in texts.indices {
            if place > 0 { append(UInt8(ascii: ",")) }
            self += texts[place]
        }
        append(UInt8(ascii: "]"))
    }

    /// In quotation marks. Characters beyond the basic plane stand there as an upper-case pair of escapes, as Jackson
    /// writes them; other text as it is.
    package mutating func append(jsonText text: String) {
        append(UInt8(ascii: "\""))
        if Self.needCare(text.utf8.span) { appendWithEscapes(text) } else { append(text) }
        append(UInt8(ascii: "\""))
    }

    /// The bytes of a text as they are.
    package mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { unsafe append(contentsOf: $0) }
    }

    /// Whether one of these bytes of UTF-8 belongs to a character that is written as an escape. All of them are looked at,
    /// many in one step.
    private static func needCare(_ text: Span<UInt8>) -> Bool {
        var found: UInt8 = 0
        for index in text.indices {
            let byte = text[index]
            found |= byte < 0x20 ? 1 : 0
            found |= byte == UInt8(ascii: "\"") ? 1 : 0
            found |= byte == UInt8(ascii: "\\") ? 1 : 0
            found |= byte >= 0xF0 ? 1 : 0
        }
        return found != 0
    }

    private mutating func appendWithEscapes(_ text: String) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": append("\\\"")
            case "\\": append("\\\\")
            case "\n": append("\\n")
            case "\r": append("\\r")
            case "\t": append("\\t")
            case "\u{8}": append("\\b")
            case "\u{C}": append("\\f")
            case "\u{0}"..<"\u{20}": appendEscape(UInt16(scalar.value))
            case "\u{10000}"...: UTF16.encode(scalar)?.forEach { appendEscape($0) }
            default: append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
    }

    private mutating func appendEscape(_ unit: UInt16) {
        let digits = String(unit, radix: 16, uppercase: true)
        append("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
    }
}
