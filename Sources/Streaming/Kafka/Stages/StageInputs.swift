import Documents
import Regression

/// Reads a stage's records as inputs of its pipeline, with where they come from.
struct StageInputs {
    private let reader: RecordReader
    private let identifier: String

    init(_ role: Roles, _ settings: KafkaRunSettings) {
        reader = RecordReader(specification: settings.specification, preset: settings.preset, roles: role)
        identifier = settings.specification.fields.identifier
    }

    /// - Returns: nil where the record asks for nothing.
    func input(_ message: KafkaMessage) throws(RecordProblem) -> Input? {
        var record = RawRecord(
            topic: message.source.topic, key: message.key, time: message.time, value: message.value)
        if let value = record.value {
            switch try ChangeEnvelope.unwrap(key: record.key, value: value, identifier: identifier) {
            case nil: break
            case .nothing: return nil
            case .document(let key, let value): (record.key, record.value) = (key, value)
            }
        }
        guard let input = try reader.input(record) else { return nil }
        let own = RecordSource(
            topic: message.source.topic, partition: message.source.partition, offset: message.offset)
        return DerivedHeaders(message.headers).applied(to: input, own: own)
    }
}
