import Documents
import Specification

/// Reads records in one pass over their bytes and without a tree: most of those that `RecordReader` reads. Whatever takes a
/// closer look is left to it, and it alone says what is wrong with a record.
struct PlainRecords {
    private let reader: RecordReader
    /// By the stage's number; nil where none of its records is plain.
    private let columns: [PlainColumns?]

    init(_ reader: RecordReader) {
        self.reader = reader
        columns = RecordReader.Stage.allCases.map { stage in
            // Names in any case are looked for one by one.
            guard reader.preset.fieldNames == .exact else { return nil }
            return reader.columns(of: stage).map { PlainColumns($0, charactersMax: reader.charactersMax) }
        }
    }

    /// - Parameter headers: of the record that it came as.
    /// - Returns: nil of what is for `RecordReader`.
    func input(_ record: Record, _ headers: DerivedHeaders? = nil) -> Input? {
        guard let stage = reader.stage(record.topic), let key = record.key, let value = record.value,
            let columns = columns[stage.rawValue], columns.read(value)
        else { return nil }
        return try? reader.input(of: stage, PlainFields(columns, isInner: false), headers, key: key, time: record.time)
    }
}

/// The columns of the object that was read last. A class, as what reads them would take a copy of each part.
private final class PlainColumns {
    let names: [String]
    /// Of the object in one of the columns.
    let innerNames: [String]
    let charactersMax: Int
    private var row: PlainRow
    private(set) var bytes: [UInt8] = []
    /// By the places of the names, and of the inner names.
    private(set) var (values, innerValues): ([PlainRow.Value], [PlainRow.Value])
    /// Columns are asked for in one order, so the next is looked for behind the last.
    private var last = 0

    init(_ columns: RecordReader.Columns, charactersMax: Int) {
        names = columns.names.distinct
        innerNames = columns.object?.names.distinct ?? []
        self.charactersMax = charactersMax
        let place = columns.object.flatMap { [names] object in names.firstIndex(of: object.name) }
        row = PlainRow(names, object: place.map { [innerNames] place in (place, innerNames) })
        values = Array(repeating: PlainRow.Value(), count: names.count)
        innerValues = Array(repeating: PlainRow.Value(), count: innerNames.count)
    }

    /// - Returns: whether it is all plain.
    func read(_ value: [UInt8]) -> Bool {
        bytes = value
        guard row.read(value, from: 0, upTo: value.count, depth: 0) == value.count else { return false }
        row.exchange(&values, inner: &innerValues)
        return true
    }

    func place(_ name: String, in names: [String]) -> Int? {
        var place = last
        for _ in names.indices {
            place = place + 1 < names.count ? place + 1 : 0
            if names[place] == name {
                last = place
                return place
            }
        }
        return nil
    }
}

/// The columns of an object that was read without a tree. What is not plain is a problem here, which nobody is told of.
struct PlainFields: RecordFields {
    private static let unclear = RecordProblem("it takes a closer look")

    private let columns: PlainColumns
    private let names: [String]
    private let values: [PlainRow.Value]
    private let bytes: [UInt8]

    /// - Parameter isInner: whether it is the object in one of the columns.
    fileprivate init(_ columns: PlainColumns, isInner: Bool) {
        self.columns = columns
        names = isInner ? columns.innerNames : columns.names
        values = isInner ? columns.innerValues : columns.values
        bytes = columns.bytes
    }

    private func value(_ name: String) throws(RecordProblem) -> PlainRow.Value {
        guard let place = columns.place(name, in: names) else { throw Self.unclear }
        return values[place]
    }

    func number(_ name: String) throws(RecordProblem) -> Double? {
        guard let number = try value(name).columnNumber else { throw Self.unclear }
        return number
    }

    func text(_ name: String) throws(RecordProblem) -> String? {
        guard let text = try value(name).columnText(in: bytes, charactersMax: columns.charactersMax) else {
            throw Self.unclear
        }
        return text
    }

    func object(_ name: String) throws(RecordProblem) -> PlainFields? {
        switch try value(name).kind {
        case .missing, .null: return nil
        case .object: return PlainFields(columns, isInner: true)
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
