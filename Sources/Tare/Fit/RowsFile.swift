import Documents
import ModelService
import Specification

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
    /// Where each record begins: its line, or in a JSON array its number, counted from 1.
    let places: [Int]
    /// The records of CSV that have more cells or fewer than the header, by their numbers: how many they have.
    let cellCounts: [Int: Int]
    let isCSV: Bool
    /// The names of the columns, in the order in which they first stand there.
    let columns: [String]
    private let placeName: String

    /// `line 7 of rows.csv`
    func place(of record: Int) -> String { "\(placeName) \(places[record]) of \(name)" }

    init(name: String, bytes: [UInt8]) throws(RowsFileError) {
        let read = try RecordsReader(name: name).read(bytes)
        (records, places, cellCounts, isCSV) = (read.records, read.places, read.cellCounts, read.isCSV)
        placeName = read.placeName
        self.name = name
        // Of CSV the header's, also where no row has a cell of one.
        var (columns, known): ([String], Set<String>) = (read.header, Set(read.header))
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

// MARK: - Columns

/// Which column of a file is which variable, whatever the case of its name.
struct SpecifiedColumns {
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
