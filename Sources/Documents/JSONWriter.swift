extension JSON {
    /// One line without spaces: what goes into a body, onto a topic, or into a line of NDJSON.
    package var compact: String {
        var writer = JSONWriter(indentation: nil)
        writer.write(self, level: 0)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// The bytes of `compact`.
    package var bytes: [UInt8] {
        var writer = JSONWriter(indentation: nil)
        writer.write(self, level: 0)
        return writer.bytes
    }

    /// A member a line, indented by two spaces and ended by a line feed: for files that people read.
    package var indented: [UInt8] {
        var writer = JSONWriter(indentation: 2)
        writer.write(self, level: 0)
        writer.bytes.append(0x0A)
        return writer.bytes
    }
}

/// Writes as Jackson does under ksqlDB, so that one writer serves answers, model files and topics: characters beyond
/// the basic plane as an upper-case pair of escapes, other text as it is, numbers as Java prints a `double`.
struct JSONWriter {
    let indentation: Int?
    var bytes: [UInt8] = []

    mutating func write(_ value: JSON, level: Int) {
        switch value {
        case .null: bytes.append("null")
        case .bool(let value): bytes.append(value ? "true" : "false")
        case .integer(let value): bytes.append(value.description)
        case .number(let value): bytes.append(jsonNumber: value)
        case .string(let text): bytes.append(jsonText: text)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                beginItem(index, level)
                write(element, level: level + 1)
            }
            if !elements.isEmpty { breakLine(level) }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                beginItem(index, level)
                bytes.append(jsonText: member.name)
                bytes.append(UInt8(ascii: ":"))
                if indentation != nil { bytes.append(UInt8(ascii: " ")) }
                write(member.value, level: level + 1)
            }
            if !members.isEmpty { breakLine(level) }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    private mutating func beginItem(_ index: Int, _ level: Int) {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        breakLine(level + 1)
    }

    private mutating func breakLine(_ level: Int) {
        guard let indentation else { return }
        bytes.append(0x0A)
        bytes.append(contentsOf: repeatElement(0x20, count: level * indentation))
    }
}
