import Documents
import ModelService
import Regression
import Specification
import SwiftCSV

/// Why a file gives no rows: which file, which line, what is accepted.
struct RowsFileError: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Rows out of a file of any form in which people keep them: CSV with a header, NDJSON, or a JSON array.
struct RowsFile {
    /// What messages call the file.
    let name: String
    /// As they stand in the file: a member for each column that the row has. Cells of CSV are texts.
    let records: [JSON]
    let isCSV: Bool
    /// The names of the columns, in the order in which they first stand there.
    let columns: [String]

    init(name: String, bytes: [UInt8]) throws(RowsFileError) {
        let reader = RecordsReader(name: name)
        (records, isCSV) = try reader.records(bytes)
        self.name = name
        var (columns, known): ([String], Set<String>) = ([], [])
        for record in records {
            for member in record.members ?? [] where known.insert(member.name).inserted { columns.append(member.name) }
        }
        self.columns = columns
    }

    /// - Returns: an observation for each row, in the order of the file; what cannot be used in it is nil.
    func observations(_ specification: ModelSpecification) throws(RowsFileError) -> [Observation] {
        let columns = try SpecifiedColumns(of: self, specification)
        return records.map(columns.observation)
    }
}

/// Cuts the bytes of a file into records.
private struct RecordsReader {
    let name: String

    func records(_ bytes: [UInt8]) throws(RowsFileError) -> ([JSON], isCSV: Bool) {
        guard let first = bytes.first(where: { !$0.isWhite }) else {
            throw RowsFileError("\(name) is empty; accepted are CSV with a header, NDJSON, or a JSON array of objects")
        }
        switch first {
        case UInt8(ascii: "["): return (try arrayRecords(bytes), false)
        case UInt8(ascii: "{"): return (try lineRecords(bytes), false)
        default: return (try csvRecords(bytes), true)
        }
    }

    private func arrayRecords(_ bytes: [UInt8]) throws(RowsFileError) -> [JSON] {
        let elements = try parse(bytes[...], at: name).elements ?? []
        for (index, element) in elements.enumerated() {
            try requireObject(element, at: "element \(index + 1) of \(name)")
        }
        return elements
    }

    private func lineRecords(_ bytes: [UInt8]) throws(RowsFileError) -> [JSON] {
        // One object over several lines is a file of one row.
        if let document = try? JSON(parsing: bytes) { return [document] }
        var records: [JSON] = []
        for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
        where !line.allSatisfy(\.isWhite) {
            let place = "line \(index + 1) of \(name)"
            let record = try parse(line, at: place)
            try requireObject(record, at: place)
            records.append(record)
        }
        return records
    }

    private func csvRecords(_ bytes: [UInt8]) throws(RowsFileError) -> [JSON] {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw RowsFileError("\(name) is not UTF-8") }
        do {
            let csv = try EnumeratedCSV(string: text, loadColumns: false)
            let header = csv.header.map(\.trimmed)
            return csv.rows.map { row in
                .object(zip(header, row).map { JSON.Member($0, .string($1.trimmed)) })
            }
        } catch {
            throw RowsFileError("\(name) is not CSV: \(error)")
        }
    }

    private func parse(_ bytes: ArraySlice<UInt8>, at place: String) throws(RowsFileError) -> JSON {
        do throws(JSONError) {
            return try JSON(parsing: bytes)
        } catch {
            throw RowsFileError("\(place) is not JSON: \(error)")
        }
    }

    private func requireObject(_ document: JSON, at place: String) throws(RowsFileError) {
        guard document.members != nil else {
            throw RowsFileError("\(place) is \(document.kind); accepted is an object")
        }
    }
}

// MARK: - Columns

/// Which column of a file is which variable, whatever the case of its name.
private struct SpecifiedColumns {
    let response: String
    let predictors: [String]
    let factor: String?
    let otherFactors: [String]
    /// Nil where the file has none.
    let timestamp: String?

    init(of file: RowsFile, _ specification: ModelSpecification) throws(RowsFileError) {
        let finder = ColumnFinder(names: file.columns, file: file.name)
        response = try finder.column(specification.response.name, specification.response.actualField)
        predictors = try specification.predictors.map { predictor throws(RowsFileError) in
            try finder.column(predictor.name, predictor.field)
        }
        factor = try specification.factor.map { factor throws(RowsFileError) in
            try finder.column(factor.name, factor.field)
        }
        otherFactors = try specification.otherFactors.map { factor throws(RowsFileError) in
            try finder.column(factor.name, factor.field)
        }
        timestamp = file.columns.first { $0 == specification.fields.timestamp }
    }

    func observation(_ record: JSON) -> Observation {
        Observation(
            level: factor.map { FileCell.level(record[$0]) } ?? "",
            otherLevels: otherFactors.map { FileCell.level(record[$0]) },
            predictors: predictors.map { FileCell.number(record[$0]) }, actual: FileCell.number(record[response]),
            timestamp: timestamp.flatMap { record[$0]?.text }.flatMap { Timestamp($0) })
    }
}

/// What a cell of a file holds.
enum FileCell {
    /// What R reads as a missing value, too.
    static func isMissing(_ value: JSON?) -> Bool {
        switch value {
        case nil, .null: true
        case .string(let text): text.isEmpty || text == "NA"
        default: false
        }
    }

    /// A number, or the text of one, or what MongoDB's tools export for one.
    static func number(_ value: JSON?) -> Double? {
        switch value {
        case .string(let text): DecimalNumber.parse(text)
        case .object(let members) where members.count == 1 && members[0].name.hasPrefix("$number"):
            number(members[0].value)
        default: value?.double
        }
    }

    /// A name; of a number or a truth value its text.
    static func level(_ value: JSON?) -> String? {
        guard !isMissing(value), let value else { return nil }
        return switch value {
        case .string(let text): text
        case .integer, .number, .bool: value.compact
        default: nil
        }
    }
}

private struct ColumnFinder {
    let names: [String]
    let file: String

    /// The column that carries one of the two names.
    func column(_ name: String, _ field: String) throws(RowsFileError) -> String {
        let wanted = [name.lowercased(), field.lowercased()]
        let found = names.filter { wanted.contains($0.lowercased()) }
        guard let column = found.first else {
            throw RowsFileError(
                "\(file) has no column \(choice(name, field)) (in any case); it has \(namesInWords);"
                    + " --formula fits any columns, as --formula 'y ~ x + z'")
        }
        guard found.count == 1 else {
            throw RowsFileError("\(file) has several columns for \(name): \(found.joined(separator: ", ")); keep one")
        }
        return column
    }

    /// The first of them, for a file may have very many.
    private var namesInWords: String {
        let shown = names.prefix(20).joined(separator: ", ")
        return names.count > 20 ? "\(shown) and \(names.count - 20) more" : shown
    }

    private func choice(_ name: String, _ field: String) -> String {
        name.lowercased() == field.lowercased() ? name : "\(name) or \(field)"
    }
}

extension UInt8 {
    fileprivate var isWhite: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D }
}
