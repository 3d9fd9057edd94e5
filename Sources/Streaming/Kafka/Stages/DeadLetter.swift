import Documents

/// A record that no stage can use, as it goes to the topic for such: key and value as they came, and in the headers why
/// and where from.
enum DeadLetter {
    static func of(_ message: KafkaMessage, reason: String, topic: String) -> OutgoingMessage {
        let source = RecordSource(
            topic: message.source.topic, partition: message.source.partition, offset: message.offset)
        return OutgoingMessage(
            topic: topic, time: message.time, key: message.key, value: message.value,
            headers: headers(source, reason))
    }

    /// What was kept for a partner that never came, or until its time is believed.
    static func of(
        _ event: Event, from source: RecordSource, value: JSON, reason: String, topic: String
    )
        -> OutgoingMessage
    {
        OutgoingMessage(
            topic: topic, time: event.time, key: Array(event.identifier.utf8), value: value.bytes,
            headers: headers(source, reason))
    }

    /// A row that the model server refuses, as it was sent.
    static func of(_ row: JSON, _ thing: SetAside, of source: String, topic: String) -> OutgoingMessage {
        OutgoingMessage(
            topic: topic, time: nil, key: Array(thing.place.utf8), value: row.bytes,
            headers: [("reason", thing.reason), ("source-topic", source)])
    }

    private static let cutHeader = "cut-from-bytes"

    /// Half of the value, or where there is no value half of the key; a header tells how long it was.
    /// - Returns: nil where nothing is left to cut.
    static func cut(_ letter: OutgoingMessage) -> OutgoingMessage? {
        var letter = letter
        let (key, value) = (letter.key ?? [], letter.value ?? [])
        if !letter.headers.contains(where: { $0.name == cutHeader }) {
            letter.headers.append((cutHeader, String(key.count + value.count)))
        }
        if !value.isEmpty {
            letter.value = Array(value.prefix(value.count / 2))
        } else if !key.isEmpty {
            letter.key = Array(key.prefix(key.count / 2))
        } else {
            return nil
        }
        return letter
    }

    private static func headers(_ source: RecordSource, _ reason: String) -> [(name: String, value: String)] {
        [
            ("reason", reason), ("source-topic", source.topic), ("source-partition", String(source.partition)),
            ("source-offset", String(source.offset)),
        ]
    }
}
