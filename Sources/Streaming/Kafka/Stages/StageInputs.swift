import Documents
import Regression

/// Reads a stage's records as inputs of its pipeline, with where they come from.
struct StageInputs {
    /// The header of a derived record: the records that it was derived from.
    static let sourceHeader = "source"

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
        let header = message.headers[Self.sourceHeader]
        switch input {
        case .predicted(var predicted):
            predicted.source = header.flatMap { RecordSource($0) } ?? own
            return .predicted(predicted)
        case .event(.outcome(var outcome)):
            outcome.source = own
            return .event(.outcome(outcome))
        case .evaluated(var evaluation):
            evaluation.source = header ?? own.description
            return .evaluated(evaluation)
        default: return input
        }
    }
}
