/// Settings of librdkafka by their own names; a later one replaces an earlier one. Whether a name exists is known to
/// librdkafka alone, and said when a client is made.
package struct KafkaProperties: Sendable, Equatable {
    package struct Property: Sendable, Equatable {
        package let name: String
        package let value: String
    }

    package private(set) var all: [Property] = []

    package init() {}

    package mutating func set(_ name: String, _ value: String) {
        all.removeAll { $0.name == name }
        all.append(Property(name: name, value: value))
    }

    package mutating func set(_ more: KafkaProperties) {
        for property in more.all { set(property.name, property.value) }
    }

    /// One property as it is typed: `name=value`; only the first `=` divides. The error leaves out what may be a secret.
    package mutating func set(line: String) throws(KafkaError) {
        guard let equals = line.firstIndex(of: "="), equals > line.startIndex else {
            throw KafkaError("\(Self.named(line)) no '='; accepted is name=value, such as security.protocol=SASL_SSL")
        }
        set(Self.trimmed(line[..<equals]), Self.trimmed(line[line.index(after: equals)...]))
    }

    /// The text of a file: one property a line; blank lines and lines that begin with `#` say nothing.
    package init(text: String) throws(KafkaError) {
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = Self.trimmed(line)
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            do {
                try set(line: line)
            } catch {
                throw KafkaError("line \(index + 1): \(error)")
            }
        }
    }

    /// What stands where a name is expected, if it looks like one of librdkafka's and not like a line of a key.
    private static func named(_ line: String) -> String {
        let name = line.prefix { $0 == "." || $0 == "_" || ("a"..."z").contains($0) }
        return name.contains(".") ? "the property \(name) has" : "a property has"
    }

    private static func trimmed(_ text: Substring) -> String {
        let front = text.drop { $0.isWhitespace }
        return String(
            front.prefix(
                (front.lastIndex { !$0.isWhitespace }).map { front.distance(from: front.startIndex, to: $0) + 1 } ?? 0))
    }
}
