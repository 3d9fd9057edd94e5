import Documents

/// Reads what `java.util.AbstractMap.toString` prints for a map of texts, numbers, nulls and lists of these.
/// The text does not quote, so a value with a comma is cut there, and what follows may look like another member: of several
/// with one name the last counts.
struct JavaMapReader {
    /// Bytes, and not characters: a mark that joins a comma must not hide it.
    private var rest: Substring.UTF8View

    init(_ text: String) {
        rest = text.utf8[...]
    }

    /// One map, or several with commas between them, as a sink joins the records of a batch. Nil for anything else.
    mutating func document() -> JSON? {
        guard let first = map() else { return nil }
        var maps = [first]
        while !rest.isEmpty {
            guard take(","), let next = map() else { return nil }
            maps.append(next)
        }
        return maps.count == 1 ? first : .array(maps)
    }

    private mutating func map() -> JSON? {
        guard take("{") else { return nil }
        var members: [JSON.Member] = []
        while !take("}") {
            if !members.isEmpty { guard take(", ") else { return nil } }
            let name = upTo("=,{}[]")
            guard !name.isEmpty, take("="), let value = value() else { return nil }
            members.append(JSON.Member(name, value))
        }
        return members.isEmpty ? nil : .object(lastOfEach: members)
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
        if text.utf8.contains(UInt8(ascii: ".")), let number = DecimalNumber.parse(text) { return .number(number) }
        return .string(text)
    }

    /// - Parameter ends: ASCII.
    private mutating func upTo(_ ends: String) -> String {
        let text = rest.prefix { !ends.utf8.contains($0) }
        rest = rest.dropFirst(text.count)
        return String(Substring(text))
    }

    private mutating func take(_ prefix: String) -> Bool {
        guard rest.starts(with: prefix.utf8) else { return false }
        rest = rest.dropFirst(prefix.utf8.count)
        return true
    }
}
