extension JSON {
    /// One line without spaces: what goes into a body, onto a topic, or into a line of NDJSON.
    package var compact: String { String(decoding: bytes, as: UTF8.self) }

    /// The bytes of `compact`.
    package var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.write(self)
        return writer.bytes
    }

    /// A member a line, indented by two spaces and ended by a line feed: for files that people read.
    package var indented: [UInt8] { bytes.indentedJSON }
}

/// Writes as Jackson does under ksqlDB, so that one writer serves answers, model files and topics: characters beyond
/// the basic plane as an upper-case pair of escapes, other text as it is, numbers as Java prints a `double`.
private struct JSONWriter {
    var bytes: [UInt8] = []

    mutating func write(_ value: JSON) {
        switch value {
        case .null: bytes.append("null")
        case .bool(let value): bytes.append(value ? "true" : "false")
        case .integer(let value): bytes.append(value.description)
        case .number(let value): bytes.append(jsonNumber: value)
        case .string(let text): bytes.append(jsonText: text)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                write(element)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                bytes.append(jsonText: member.name)
                bytes.append(UInt8(ascii: ":"))
                write(member.value)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }
}
