import Documents
import ModelService
import Regression
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
    let specification: ModelSpecification

    /// - Returns: an observation for each row, in the order of the file; what cannot be used in it is nil.
    func observations(_ bytes: [UInt8]) throws(RowsFileError) -> [Observation] {
        let records = try records(bytes)
        let columns = try Columns(of: records, in: self)
        return records.map(columns.observation)
    }

    private func records(_ bytes: [UInt8]) throws(RowsFileError) -> [JSON] {
        guard let first = bytes.first(where: { !$0.isWhite }) else {
            throw RowsFileError("\(name) is empty; accepted are CSV with a header, NDJSON, or a JSON array of objects")
        }
        switch first {
        case UInt8(ascii: "["): return try arrayRecords(bytes)
        case UInt8(ascii: "{"): return try lineRecords(bytes)
        default: return try csvRecords(bytes)
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
private struct Columns {
    let specification: ModelSpecification
    let response: String
    let predictors: [String]
    let factor: String

    init(of records: [JSON], in file: RowsFile) throws(RowsFileError) {
        specification = file.specification
        var names: [String] = []
        var known: Set<String> = []
        for record in records {
            for member in record.members ?? [] where known.insert(member.name).inserted { names.append(member.name) }
        }
        let finder = ColumnFinder(names: names, file: file.name)
        response = try finder.column(specification.response.name, specification.response.actualField)
        var predictors: [String] = []
        for predictor in specification.predictors {
            predictors.append(try finder.column(predictor.name, predictor.field))
        }
        self.predictors = predictors
        factor = try finder.column(specification.factor.name, specification.factor.field)
    }

    func observation(_ record: JSON) -> Observation {
        Observation(
            level: record[factor]?.text.flatMap { $0.isEmpty ? nil : $0 },
            predictors: predictors.map { number(record[$0]) }, actual: number(record[response]), timestamp: nil)
    }

    /// A number, or the text of one, or what MongoDB's tools export for one.
    private func number(_ value: JSON?) -> Double? {
        switch value {
        case .string(let text): DecimalNumber.parse(text)
        case .object(let members) where members.count == 1 && members[0].name.hasPrefix("$number"):
            number(members[0].value)
        default: value?.double
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
                "\(file) has no column \(choice(name, field)) (in any case); it has \(namesInWords)")
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
