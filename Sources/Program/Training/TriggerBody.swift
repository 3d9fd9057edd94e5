import Documents

/// What a trigger's body says, as far as it can be read. Nothing is refused: to a sink, a refusal means a retry.
package struct TriggerBody {
    /// The longest text that is kept of a body, in characters.
    private static let textMax = 500
    /// What is kept whole, in bytes and in levels of nesting: a trigger stands in every model that it causes.
    private static let keptBytesMax = 16 * 1024
    private static let keptDepthMax = 8
    /// A longer body is read by nobody: what is made of it takes many times its size.
    private static let readBytesMax = 2 * 1024 * 1024

    /// What is kept: null for an empty body, the beginning of one that is too large or cannot be read.
    let document: JSON
    /// The objects in it, each the value of a record on the trigger's topic. A sink may send several at once.
    let records: [JSON]

    package init(_ body: [UInt8]) {
        let read = body.count <= Self.readBytesMax ? Self.read(body) : nil
        records = read.map(Self.records) ?? []
        if let read, body.count <= Self.keptBytesMax, read.isNested(atMost: Self.keptDepthMax) {
            document = read
        } else {
            let text = String(decoding: body.prefix(4 * Self.textMax), as: UTF8.self).trimmed
            document = text.isEmpty ? .null : .string(String(text.prefix(Self.textMax)))
        }
    }

    /// JSON as it is, NDJSON as an array, Java's map text (`{ErrorAvg=0.41, District=[north]}`, which Confluent's sink
    /// sends by default) as objects; nil for anything else.
    private static func read(_ body: [UInt8]) -> JSON? {
        if let document = json(body) { return document }
        let lines = body.split(separator: 0x0A)
        let documents = lines.compactMap(json)
        if lines.count > 1, documents.count == lines.count { return .array(documents) }
        return map(String(decoding: body, as: UTF8.self).trimmed)
    }

    private static func json(_ text: some Sequence<UInt8>) -> JSON? {
        try? JSON(parsing: text, repeatedNames: .lastWins)
    }

    private static func map(_ text: String) -> JSON? {
        var reader = JavaMapReader(text)
        return reader.document()
    }

    /// An element may be a text that holds the record: so Confluent's sink sends what a string converter read.
    private static func records(_ document: JSON) -> [JSON] {
        var found: [JSON] = []
        for element in document.elements ?? [document] {
            guard let text = element.text else {
                found.append(element)
                continue
            }
            let inner = json(text.utf8) ?? map(text) ?? .null
            found += inner.elements ?? [inner]
        }
        return found.filter { $0.members != nil }
    }
}

extension JSON {
    /// Whether no value lies deeper than in so many arrays and objects.
    fileprivate func isNested(atMost depth: Int) -> Bool {
        switch self {
        case .array(let elements): depth > 0 && elements.allSatisfy { $0.isNested(atMost: depth - 1) }
        case .object(let members): depth > 0 && members.allSatisfy { $0.value.isNested(atMost: depth - 1) }
        default: true
        }
    }
}
