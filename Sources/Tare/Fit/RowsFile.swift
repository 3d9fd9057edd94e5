import Documents
import ModelService
import Program
import Regression
import Specification

/// Why a file gives no rows: which file, which line, what is accepted.
struct RowsFileError: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Rows out of a file of any form in which people keep them: CSV with a header, NDJSON, or a JSON array.
struct RowsFile {
    private enum Content {
        case csv(CSVColumns, places: [String: Int])
        case json(JSONRecords)
    }

    /// What messages call the file.
    let name: String
    /// The names of the columns, in the order in which they first stand there.
    let columns: [String]
    private let content: Content

    init(name: String, bytes: [UInt8]) throws(RowsFileError) {
        self.name = name
        guard let first = bytes.first(where: { !$0.isWhite }) else {
            throw RowsFileError("\(name) is empty; accepted are CSV with a header, NDJSON, or a JSON array of objects")
        }
        guard first == UInt8(ascii: "[") || first == UInt8(ascii: "{") else {
            let table = try CSVColumns(bytes, name: name)
            let places = Dictionary(zip(table.header, table.header.indices)) { first, _ in first }
            if let repeated = table.header.indices.first(where: { place in
                !table.header[place].isEmpty && places[table.header[place]] != place
            }) {
                throw RowsFileError(
                    "\(name) has two columns of the name '\(table.header[repeated].shortened())'; rename one")
            }
            columns = table.header
            content = .csv(table, places: places)
            return
        }
        let read =
            first == UInt8(ascii: "[")
            ? try JSONRecords(array: bytes, name: name) : try JSONRecords(lines: bytes, name: name)
        var (columns, known): ([String], Set<String>) = ([], [])
        for record in read.records {
            for member in record.members ?? [] where known.insert(member.name).inserted { columns.append(member.name) }
        }
        self.columns = columns
        content = .json(read)
    }

    var rowCount: Int {
        switch content {
        case .csv(let table, _): table.rowCount
        case .json(let read): read.records.count
        }
    }

    var isCSV: Bool { if case .csv = content { true } else { false } }

    /// The rows of CSV that have more cells or fewer than the header: how many they have.
    var cellCounts: [Int: Int] { if case .csv(let table, _) = content { table.cellCounts } else { [:] } }

    /// `line 7 of rows.csv`
    func place(of row: Int) -> String {
        switch content {
        case .csv(let table, _): "line \(table.line(of: row)) of \(name)"
        case .json(let read): "\(read.placeName) \(read.places[row]) of \(name)"
        }
    }

    /// What stands in a row; nil where it has nothing of the column. Cells of CSV are texts.
    func cell(_ row: Int, _ column: String) -> JSON? {
        switch content {
        case .csv(let table, let places): places[column].flatMap { table.text(row, $0) }.map { .string($0) }
        case .json(let read): read.records[row][column]
        }
    }

    /// The numbers of a column; not a number where a row has none.
    func numbers(_ column: String) -> [Double] {
        switch content {
        case .csv(let table, let places):
            places[column].map(table.numbers) ?? Array(repeating: .nan, count: table.rowCount)
        case .json(let read): read.records.map { FileCell.number($0[column]) ?? .nan }
        }
    }

    /// The levels of a column; -1 where a row has none.
    func levels(_ column: String) -> FactorColumn {
        switch content {
        case .csv(let table, let places):
            return places[column].map(table.levels)
                ?? FactorColumn(names: [], codes: Array(repeating: -1, count: table.rowCount))
        case .json(let read):
            return FactorColumn(orNone: read.records.lazy.map { FileCell.level($0[column]) })
        }
    }

    /// Whether a column holds numbers, some of which may be missing. Of CSV every cell is a text, so that its form decides;
    /// in JSON a text is a name, whatever it looks like.
    func isOfNumbers(_ column: String) -> Bool {
        switch content {
        case .csv(let table, let places): places[column].map(table.isOfNumbers) ?? true
        case .json(let read):
            read.records.allSatisfy { record in
                let value = record[column]
                return FileCell.isMissing(value) || value?.text == nil && FileCell.number(value) != nil
            }
        }
    }

    /// The rows by the variables of a specification, in the order of the file.
    func rows(_ specification: ModelSpecification) throws(RowsFileError) -> TrainingColumns {
        let columns = try SpecifiedColumns(of: self, specification)
        let times = (0..<rowCount).map { row in
            columns.timestamp.flatMap { cell(row, $0)?.text.flatMap { Timestamp($0) }?.milliseconds }
                ?? ObservedColumns.noTime
        }
        return TrainingColumns(
            ObservedColumns(
                times: times, predictors: columns.predictors.map(numbers), factors: columns.factors.map(levels),
                isGrouped: specification.factor != nil, responses: numbers(columns.response)),
            rule: .anyRange(specification))
    }
}

// MARK: - Columns

/// Which column of a file is which variable, whatever the case of its name.
struct SpecifiedColumns {
    let response: String
    let predictors: [String]
    /// The grouping factor's first.
    let factors: [String]
    /// Nil where the file has none.
    let timestamp: String?

    init(of file: RowsFile, _ specification: ModelSpecification) throws(RowsFileError) {
        let finder = ColumnFinder(names: file.columns, file: file.name)
        response = try finder.column(specification.response.name, specification.response.actualField)
        predictors = try specification.predictors.map { predictor throws(RowsFileError) in
            try finder.column(predictor.name, predictor.field)
        }
        factors = try specification.factors.map { factor throws(RowsFileError) in
            try finder.column(factor.name, factor.field)
        }
        timestamp = file.columns.first { $0 == specification.fields.timestamp }
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
