import Documents
import Regression
import Specification

/// Reads a stage's records as inputs of its pipeline, with where they come from.
struct StageInputs {
    private let reader: RecordReader
    private var plain: PlainRecords
    private let identifier: String

    init(_ role: Roles, _ settings: KafkaRunSettings) {
        reader = RecordReader(specification: settings.specification, preset: settings.preset, roles: role)
        plain = PlainRecords(reader)
        identifier = settings.specification.fields.identifier
    }

    /// - Returns: nil where the record asks for nothing.
    mutating func input(_ record: Record) throws(RecordProblem) -> Input? {
        var content = record
        if let value = record.value {
            switch try ChangeEnvelope.unwrap(key: record.key, value: value, identifier: identifier) {
            case nil: break
            case .nothing: return nil
            case .document(let key, let value): (content.key, content.value) = (key, value)
            }
        }
        let headers = DerivedHeaders(of: record)
        if let input = plain.input(content) { return headers.applied(to: input) }
        return try reader.input(content).map { headers.applied(to: $0) }
    }
}
