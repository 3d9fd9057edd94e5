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
        case .null: append("null")
        case .bool(let value): append(value ? "true" : "false")
        case .integer(let value): append(value.description)
        case .number(let value): append(value.isFinite ? value.javaText : "null")
        case .string(let text): write(text)
        case .array(let elements):
            writeList(elements, open: "[", close: "]", level: level) { writer, element in
                writer.write(element, level: level + 1)
            }
        case .object(let members):
            writeList(members, open: "{", close: "}", level: level) { writer, member in
                writer.write(member.name)
                writer.append(writer.indentation == nil ? ":" : ": ")
                writer.write(member.value, level: level + 1)
            }
        }
    }

    private mutating func writeList<Item>(
        _ items: [Item], open: String, close: String, level: Int, each: (inout JSONWriter, Item) -> Void
    ) {
        append(open)
        for (index, item) in items.enumerated() {
            if index > 0 { append(",") }
            breakLine(level + 1)
            each(&self, item)
        }
        if !items.isEmpty { breakLine(level) }
        append(close)
    }

    private mutating func breakLine(_ level: Int) {
        guard let indentation else { return }
        bytes.append(0x0A)
        bytes.append(contentsOf: repeatElement(0x20, count: level * indentation))
    }

    private mutating func write(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        defer { bytes.append(UInt8(ascii: "\"")) }
        var text = text
        guard text.withUTF8({ unsafe Self.needCare($0.span) }) else { return append(text) }
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
            default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
    }

    /// Whether one of these bytes of UTF-8 belongs to a character that is written as an escape. All of them are looked at,
    /// many in one step.
    private static func needCare(_ bytes: Span<UInt8>) -> Bool {
        var found: UInt8 = 0
        for index in bytes.indices {
            let byte = bytes[index]
            found |= byte < 0x20 ? 1 : 0
            found |= byte == UInt8(ascii: "\"") ? 1 : 0
            found |= byte == UInt8(ascii: "\\") ? 1 : 0
            found |= byte >= 0xF0 ? 1 : 0
        }
        return found != 0
    }

    private mutating func appendEscape(_ unit: UInt16) {
        let digits = String(unit, radix: 16, uppercase: true)
        append("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
    }

    private mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }
}
