import Documents
import EventProcessing
import Regression
import Specification

/// Reads a stage's records as inputs of its pipeline, with where they come from.
struct StageInputs {
    private let reader: RecordReader
    private let plain: PlainRecords
    private let identifier: String

    init(_ role: Roles, _ settings: KafkaRunSettings) {
        reader = RecordReader(specification: settings.specification, preset: settings.preset, roles: role)
        plain = PlainRecords(reader)
        identifier = settings.specification.fields.identifier
    }

    /// - Returns: nil where the record asks for nothing.
    func input(_ record: Record) throws(RecordProblem) -> Input? {
        let wrapped = try record.value.flatMap { value throws(RecordProblem) in
            try ChangeEnvelope.unwrap(key: record.key, value: value, identifier: identifier)
        }
        switch wrapped {
        case nil: return try read(record, DerivedHeaders.told(by: record))
        case .nothing: return nil
        case .document(let key, let value):
            var content = record
            (content.key, content.value) = (key, value)
            return try read(content, DerivedHeaders.told(by: record))
        }
    }

    private func read(_ record: Record, _ headers: DerivedHeaders) throws(RecordProblem) -> Input? {
        if let input = plain.input(record, headers) { return input }
        return try reader.input(record, headers)
    }
}
