import Documents
import Specification

/// Reads records in one pass over their bytes and without a tree: most of those that `RecordReader` reads. Whatever takes a
/// closer look is left to it, and it alone says what is wrong with a record.
package struct PlainRecords {
    private let reader: RecordReader
    /// By the stage's number; nil where none of its records is plain.
    private let columns: [PlainColumns?]

    package init(_ reader: RecordReader) {
        self.reader = reader
        columns = RecordReader.Stage.allCases.map { stage in
            // Names in any case are looked for one by one.
            guard reader.preset.fieldNames == .exact else { return nil }
            return reader.columns(of: stage).map { PlainColumns($0, charactersMax: reader.charactersMax) }
        }
    }

    /// - Parameter headers: of the record that it came as.
    /// - Returns: nil of what is for `RecordReader`.
    package func input(_ record: Record, _ headers: DerivedHeaders? = nil) -> Input? {
        guard let stage = reader.stage(record.topic), let key = record.key, let value = record.value,
            let columns = columns[stage.rawValue], columns.read(value)
        else { return nil }
        return try? reader.input(
            of: stage, PlainFields(columns, of: value, isInner: false), headers, key: key, time: record.time)
    }
}

/// The columns of the object that was read last. A class, as what reads them would take a copy of each part.
private final class PlainColumns {
    /// What changes with each object: one part, so that one step looks whether somebody else is at it.
    private struct Content {
        var row: PlainRow
        /// By the places of the names, and of the inner names.
        var (values, innerValues): ([PlainRow.Value], [PlainRow.Value])

        mutating func read(_ bytes: [UInt8]) -> Bool {
            guard row.read(bytes, from: 0, upTo: bytes.count, depth: 0) == bytes.count else { return false }
            row.exchange(&values, inner: &innerValues)
            return true
        }
    }

    let names: [String]
    /// Of the object in one of the columns.
    let innerNames: [String]
    let charactersMax: Int
    private var content: Content
    /// What the columns said last, as text; see `text`.
    private var (texts, innerTexts): ([String], [String])
    /// Columns are asked for in one order, so the next is looked for behind the last.
    private var last = 0

    init(_ columns: RecordReader.Columns, charactersMax: Int) {
        names = columns.names.distinct
        innerNames = columns.object?.names.distinct ?? []
        self.charactersMax = charactersMax
        let place = columns.object.flatMap { [names] object in names.firstIndex(of: object.name) }
        content = Content(
            row: PlainRow(names, object: place.map { [innerNames] place in (place, innerNames) }),
            values: Array(repeating: PlainRow.Value(), count: names.count),
            innerValues: Array(repeating: PlainRow.Value(), count: innerNames.count))
        texts = Array(repeating: "", count: names.count)
        innerTexts = Array(repeating: "", count: innerNames.count)
    }

    /// - Returns: whether it is all plain.
    func read(_ value: [UInt8]) -> Bool { content.read(value) }

    func values(isInner: Bool) -> [PlainRow.Value] { isInner ? content.innerValues : content.values }

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

    /// The text of a column. Most columns say the same as in the row before, such as the name of a level or a model's time, and
    /// then it is the same string.
    /// - Returns: nil where it is no UTF-8.
    func text(_ bytes: Swift.Span<UInt8>, at place: Int, isInner: Bool) -> String? {
        let last = isInner ? innerTexts[place] : texts[place]
        if bytes.isEqual(to: last.utf8.span) { return last }
        guard let text = bytes.text else { return nil }
        if isInner { innerTexts[place] = text } else { texts[place] = text }
        return text
    }
}

/// The columns of an object that was read without a tree. What is not plain is a problem here, which nobody is told of.
struct PlainFields: RecordFields {
    private static let unclear = RecordProblem("it takes a closer look")

    private let columns: PlainColumns
    private let isInner: Bool
    private let names: [String]
    private let values: [PlainRow.Value]
    private let bytes: [UInt8]

    /// - Parameters:
    ///   - bytes: that the columns were read from.
    ///   - isInner: whether it is the object in one of the columns.
    fileprivate init(_ columns: PlainColumns, of bytes: [UInt8], isInner: Bool) {
        (self.columns, self.bytes, self.isInner) = (columns, bytes, isInner)
        names = isInner ? columns.innerNames : columns.names
        values = columns.values(isInner: isInner)
    }

    private func place(_ name: String) throws(RecordProblem) -> Int {
        guard let place = columns.place(name, in: names) else { throw Self.unclear }
        return place
    }

    private func value(_ name: String) throws(RecordProblem) -> PlainRow.Value {
        values[try place(name)]
    }

    func number(_ name: String) throws(RecordProblem) -> Double? {
        guard let number = try value(name).columnNumber else { throw Self.unclear }
        return number
    }

    func text(_ name: String) throws(RecordProblem) -> String? {
        let place = try place(name)
        switch values[place].kind {
        case .missing, .null: return nil
        // Each character has a byte at least.
        case .text where values[place].range.count <= columns.charactersMax, .integer:
            let text = bytes.span.extracting(values[place].range)
            guard let text = columns.text(text, at: place, isInner: isInner) else { throw Self.unclear }
            return text
        default: throw Self.unclear
        }
    }

    func object(_ name: String) throws(RecordProblem) -> PlainFields? {
        switch try value(name).kind {
        case .missing, .null: return nil
        case .object: return PlainFields(columns, of: bytes, isInner: true)
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
