import Documents

/// What a trigger's body says, as far as it can be read. Nothing is refused: to a sink, a refusal means a retry.
enum TriggerBody {
    /// The longest text that is kept of a body that is neither JSON nor Java's map text, in characters.
    private static let textMax = 500

    /// JSON as it is, Java's map text (`{ErrorAvg=0.41, Species=[walleye]}`, which Confluent's sink sends by default)
    /// as an object, anything else as a string; null for an empty body.
    static func document(_ body: [UInt8]) -> JSON {
        if let document = try? JSON(parsing: body, repeatedNames: .lastWins) { return document }
        let text = String(decoding: body, as: UTF8.self).trimmed
        guard !text.isEmpty else { return .null }
        var reader = JavaMapReader(text)
        return reader.map() ?? .string(String(text.prefix(textMax)))
    }
}

/// Reads what `java.util.AbstractMap.toString` prints for a map of texts, numbers, nulls and lists of these.
/// The text does not quote, so a value with a comma is cut there.
private struct JavaMapReader {
    private var rest: Substring

    init(_ text: String) {
        rest = text[...]
    }

    mutating func map() -> JSON? {
        guard take("{") else { return nil }
        var members: [JSON.Member] = []
        while !take("}") {
            if !members.isEmpty { guard take(", ") else { return nil } }
            let name = upTo("=,{}[]")
            guard !name.isEmpty, take("="), let value = value() else { return nil }
            members.append(JSON.Member(name, value))
        }
        return rest.isEmpty && !members.isEmpty ? .object(members) : nil
    }

    private mutating func value() -> JSON? {
        guard take("[") else { return scalar(upTo(",}]")) }
        var elements: [JSON] = []
        while !take("]") {
            if !elements.isEmpty { guard take(", ") else { return nil } }
            let text = upTo(",]")
            guard !text.isEmpty else { return nil }
            elements.append(scalar(text))
        }
        return .array(elements)
    }

    /// Numbers stay texts where Java printed a text: the map's text does not tell them apart, but a number with a point
    /// is none of the identifiers.
    private func scalar(_ text: String) -> JSON {
        if text == "null" { return .null }
        if text.contains("."), let number = DecimalNumber.parse(text) { return .number(number) }
        return .string(text)
    }

    private mutating func upTo(_ ends: String) -> String {
        let text = rest.prefix { !ends.contains($0) }
        rest = rest.dropFirst(text.count)
        return String(text)
    }

    private mutating func take(_ prefix: String) -> Bool {
        guard rest.hasPrefix(prefix) else { return false }
        rest = rest.dropFirst(prefix.count)
        return true
    }
}
