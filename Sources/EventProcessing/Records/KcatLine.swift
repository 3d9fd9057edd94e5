package import Documents

/// A record as `kcat -J` prints it: one object a line with the topic, the time, the key and the payload as text. A key
/// that is no text stands in `key_hex`.
package enum KcatLine {
    package static func record(_ line: [UInt8]) throws(RecordProblem) -> Record {
        let document: JSON
        do {
            document = try JSON(parsing: line, repeatedNames: .lastWins)
        } catch {
            throw RecordProblem("not JSON: \(error)")
        }
        guard let topic = document["topic"]?.text else { throw RecordProblem("topic is missing; accepted is a text") }
        guard let time = document["ts"]?.integer, DocumentLimits.eventTimes.contains(time) else {
            throw RecordProblem(
                "ts is \(document["ts"]?.compact ?? "missing"); accepted are milliseconds from 1970 to 9999")
        }
        return Record(
            topic, time: Timestamp(milliseconds: time), key: try key(document),
            value: try text("payload", document).map { Array($0.utf8) })
    }

    package static func line(_ record: Record) -> JSON {
        let (key, value) = (record.key, record.value)
        return [
            "topic": .string(record.topic), "ts": .integer(record.time.milliseconds),
            "key": JSON(key.flatMap(keyText)), "key_hex": JSON(key.map { $0.map(hex).joined() }),
            "payload": JSON(value.map { String(decoding: $0, as: UTF8.self) }),
        ]
    }

    /// Nil for what is no text; the key of a window has zeros in it.
    private static func keyText(_ bytes: [UInt8]) -> String? {
        bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
    }

    private static func key(_ document: JSON) throws(RecordProblem) -> [UInt8]? {
        guard let digits = try text("key_hex", document) else {
            return try text("key", document).map { Array($0.utf8) }
        }
        let values = digits.map(\.hexDigitValue)
        guard values.count.isMultiple(of: 2), !values.contains(nil) else {
            throw RecordProblem("key_hex is '\(digits.excerpt)'; accepted are pairs of hexadecimal digits")
        }
        let digitValues = values.compactMap { $0.map(UInt8.init) }
        return stride(from: 0, to: digitValues.count, by: 2).map { digitValues[$0] << 4 | digitValues[$0 + 1] }
    }

    private static func text(_ name: String, _ document: JSON) throws(RecordProblem) -> String? {
        switch document[name] {
        case nil, .null: nil
        case .string(let text): text
        case let other?: throw RecordProblem("\(name) is \(other.kind); accepted is a text or null")
        }
    }

    private static func hex(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
    }
}
