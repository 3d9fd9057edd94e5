import Documents
import Specification

/// Reads records in one pass over their bytes and without a tree: most of those that `RecordReader` reads. Whatever takes a
/// closer look is left to it, and it alone says what is wrong with a record.
struct PlainRecords {
    private let reader: RecordReader
    private var rows: [RecordReader.Stage: PlainFields] = [:]

    init(_ reader: RecordReader) {
        self.reader = reader
        // Names in any case are looked for one by one.
        guard reader.preset.fieldNames == .exact else { return }
        for stage in RecordReader.Stage.allCases {
            rows[stage] = reader.columns(of: stage).map { PlainFields($0, charactersMax: reader.charactersMax) }
        }
    }

    /// - Returns: nil of what is for `RecordReader`.
    mutating func input(_ record: Record) -> Input? {
        guard let stage = reader.stage(record.topic), let key = record.key, let value = record.value,
            rows[stage]?.read(value) == true, let fields = rows[stage]
        else { return nil }
        return try? reader.input(of: stage, fields, key: key, time: record.time)
    }
}

/// The columns of an object that was read without a tree. What is not plain is a problem here, which nobody is told of.
struct PlainFields: RecordFields {
    private static let unclear = RecordProblem("it takes a closer look")

    private let names: [String]
    /// Of the object in one of the columns.
    private let innerNames: [String]
    private let charactersMax: Int
    private var row: PlainRow
    private var bytes: [UInt8] = []

    init(_ columns: RecordReader.Columns, charactersMax: Int) {
        names = columns.names.distinct
        innerNames = columns.object?.names.distinct ?? []
        self.charactersMax = charactersMax
        let place = columns.object.flatMap { [names] object in names.firstIndex(of: object.name) }
        row = PlainRow(names, object: place.map { [innerNames] place in (place, innerNames) })
    }

    private init(_ row: PlainRow, _ names: [String], of bytes: [UInt8], charactersMax: Int) {
        (self.row, self.names, self.bytes, self.charactersMax) = (row, names, bytes, charactersMax)
        innerNames = []
    }

    /// - Returns: whether it is all plain.
    mutating func read(_ value: [UInt8]) -> Bool {
        bytes = value
        return row.read(value, from: 0, upTo: value.count, depth: 0) == value.count
    }

    private func value(_ name: String) throws(RecordProblem) -> PlainRow.Value {
        guard let place = names.firstIndex(of: name) else { throw Self.unclear }
        return row[place]
    }

    func number(_ name: String) throws(RecordProblem) -> Double? {
        guard let number = try value(name).columnNumber else { throw Self.unclear }
        return number
    }

    func text(_ name: String) throws(RecordProblem) -> String? {
        guard let text = try value(name).columnText(in: bytes, charactersMax: charactersMax) else { throw Self.unclear }
        return text
    }

    func object(_ name: String) throws(RecordProblem) -> PlainFields? {
        switch try value(name).kind {
        case .missing, .null: return nil
        case .object:
            return row.object.map { PlainFields($0, innerNames, of: bytes, charactersMax: charactersMax) }
        default: throw Self.unclear
        }
    }

    var statement: PredictionStatement? {
        PredictionStatement(
            median: (try? value(ModelSpecification.medianField))?.double,
            sigma: (try? value(ModelSpecification.sigmaField))?.double)
    }
}

/// As `FieldReader` reads columns; nil of what takes a closer look.
extension PlainRow.Value {
    var columnNumber: Double?? {
        switch kind {
        case .missing, .null: .some(nil)
        // There is no negative zero here.
        case .integer, .number: .some(number == 0 ? 0 : number)
        default: nil
        }
    }

    /// - Parameter bytes: that the row was read from.
    func columnText(in bytes: [UInt8], charactersMax: Int) -> String?? {
        switch kind {
        case .missing, .null: .some(nil)
        // Each character has a byte at least.
        case .text where range.count <= charactersMax, .integer: bytes.span.extracting(range).text.map { .some($0) }
        default: nil
        }
    }
}
