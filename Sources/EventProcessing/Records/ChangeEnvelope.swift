import Documents

/// What the MongoDB source connector wraps around a document: a change event, in a JSON text once more under some
/// converters, with numbers and dates as extended JSON, under a key that is the document's `_id` and not the subject.
///
/// Source: mongo-kafka 1.5 (`StartedMongoSourceTask`, `json/formatter`); the double encoding is a `JsonConverter`'s.
package enum ChangeEnvelope {
    package enum Content: Equatable {
        case document(key: [UInt8], value: [UInt8])
        /// A deletion: it says nothing about a subject.
        case nothing
    }

    /// - Parameter identifier: the field of the subject's identifier, in any case.
    /// - Returns: nil where the record is no envelope.
    package static func unwrap(
        key: [UInt8]?, value: [UInt8], identifier: String
    ) throws(RecordProblem) -> Content? {
        guard looksWrapped(key: key, value: value), let outer = try? JSON(parsing: value, repeatedNames: .lastWins)
        else { return nil }
        guard let event = document(outer), event.members != nil else {
            throw RecordProblem("the value is \(outer.kind); accepted is an object, or a text that holds one")
        }
        if event["operationType"]?.text == "delete" { return .nothing }
        var inner = event
        if event["operationType"] != nil || event["fullDocument"] != nil {
            guard let full = event["fullDocument"].flatMap(document), full.members != nil else {
                throw RecordProblem("the change event has no fullDocument")
            }
            inner = full
        }
        let plain = ExtendedJSON.plain(document: inner.members ?? [])
        guard let subject = subject(in: plain, identifier: identifier) ?? key.flatMap(plainText) else {
            throw RecordProblem("neither the document nor the key has \(identifier)")
        }
        return .document(key: Array(subject.utf8), value: plain.bytes)
    }

    /// Cheap, because every record passes here: a text, a change event, or a key that is an object.
    private static func looksWrapped(key: [UInt8]?, value: [UInt8]) -> Bool {
        let quote = UInt8(ascii: "\"")
        if key?.first == UInt8(ascii: "{") || value.first == quote { return true }
        let text = value.span.extracting(first: 1 << 16)
        var start = 0
        // Of the two names the first letters; most others are told from them by that.
        while let place = text.place(of: quote, before: UInt8(ascii: "f"), or: UInt8(ascii: "o"), from: start) {
            if isName("fullDocument", in: text, at: place + 1) || isName("operationType", in: text, at: place + 1) {
                return true
            }
            start = place + 1
        }
        return false
    }

    /// Whether a text that begins behind a quotation mark is this one.
    private static func isName(_ name: String, in text: Swift.Span<UInt8>, at start: Int) -> Bool {
        let name = name.utf8.span
        guard start + name.count < text.count, text[start + name.count] == UInt8(ascii: "\"") else { return false }
        for index in name.indices where text[start + index] != name[index] { return false }
        return true
    }

    private static func document(_ value: JSON) -> JSON? {
        guard let text = value.text else { return value.members == nil ? nil : value }
        return try? JSON(parsing: text, repeatedNames: .lastWins)
    }

    private static func subject(in document: JSON, identifier: String) -> String? {
        guard let value = FieldNames.anyCase.value(identifier, in: document.members ?? []) else { return nil }
        return value.text ?? value.integer.map { String($0) }
    }

    private static func plainText(_ key: [UInt8]) -> String? {
        key.first == UInt8(ascii: "{") ? nil : String(decoding: key, as: UTF8.self)
    }
}
