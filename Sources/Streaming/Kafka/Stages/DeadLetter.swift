import Documents
import EventProcessing

/// A record that no stage can use, as it goes to the topic for such: key and value as they came, and in the headers why
/// and where from.
enum DeadLetter {
    static func of(_ record: Record, reason: String, topic: String) -> Record {
        Record(
            topic, time: record.time, key: record.key, value: record.value,
            headers: headers(record.place, reason))
    }

    /// What was kept for a partner that never came, or until its time is believed.
    static func of(
        _ event: Event, from source: RecordPlace, value: [UInt8], reason: String, topic: String
    )
        -> Record
    {
        Record(
            topic, time: event.time, key: Array(event.identifier.utf8), value: value,
            headers: headers(source, reason))
    }

    /// A row that the model server refuses, as it was sent.
    static func of(_ row: [UInt8], _ thing: SetAside, of source: String, topic: String, at time: Timestamp) -> Record {
        Record(
            topic, time: time, key: Array(thing.place.utf8), value: row,
            headers: [Record.Header("reason", thing.reason), Record.Header("source-topic", source)])
    }

    private static let cutHeader = "cut-from-bytes"

    /// Half of the value, or where there is no value half of the key; a header tells how long it was.
    /// - Returns: nil where nothing is left to cut.
    static func cut(_ letter: Record) -> Record? {
        var letter = letter
        let (key, value) = (letter.key ?? [], letter.value ?? [])
        if !letter.headers.contains(where: { $0.name == cutHeader }) {
            letter.headers.append(Record.Header(cutHeader, String(key.count + value.count)))
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

    private static func headers(_ source: RecordPlace?, _ reason: String) -> [Record.Header] {
        var headers = [Record.Header("reason", reason)]
        if let source {
            headers += [
                Record.Header("source-topic", source.topic),
                Record.Header("source-partition", String(source.partition)),
                Record.Header("source-offset", String(source.offset)),
            ]
        }
        return headers
    }
}
