import Documents
import ModelService
import Program
import Regression
import Specification

/// What a person should know of a file before they trust the fit of it: which rows were left out and why, what its rows lack,
/// and which columns are not what they look like.
struct FitRemarks {
    /// So many rows are told, each with its place and reason.
    private static let shownMax = 10

    let lines: [String]

    /// - Parameter rows: those of the file.
    init(on file: RowsFile, _ specification: ModelSpecification, _ rows: TrainingColumns) throws(RowsFileError) {
        let columns = try SpecifiedColumns(of: file, specification)
        let unused = rows.isUsable.indices.filter { !rows.isUsable[$0] }
        // What they lack is of columns that the fit does not need.
        let short = Set(file.cellCounts.keys).subtracting(unused).sorted()
        lines =
            Self.levels(columns, rows, file)
            + Self.shown(unused, of: file, title: "left out") { Self.fault(of: $0, file, columns, specification) }
            + Self.shown(short, of: file, title: "fewer cells than columns") { Self.cells(of: $0, file) }
    }

    /// On standard error: the summary, or the model, may go to standard output.
    func tell() { for line in lines { StandardError.say(line) } }

    // MARK: Rows

    private static func shown(
        _ records: [Int], of file: RowsFile, title: String, reason: (Int) -> String
    ) -> [String] {
        guard !records.isEmpty else { return [] }
        let more = records.count - shownMax
        return ["\(title): \(records.count) row\(records.count == 1 ? "" : "s")"]
            + records.prefix(shownMax).map { "  \(file.place(of: $0)): \(reason($0))" }
            + (more > 0 ? ["  and \(more) more"] : [])
    }

    private static func cells(of record: Int, _ file: RowsFile) -> String {
        "\(file.cellCounts[record] ?? 0) cells where the header has \(file.columns.count)"
    }

    private static func fault(
        of record: Int, _ file: RowsFile, _ columns: SpecifiedColumns, _ specification: ModelSpecification
    ) -> String {
        if let count = file.cellCounts[record], count > file.columns.count {
            return cells(of: record, file)
        }
        for column in columns.predictors + [columns.response] {
            let cell = file.cell(record, column)
            if FileCell.isMissing(cell) { return "'\(column)' is missing" }
            guard let number = FileCell.number(cell) else { return unread(cell, column) }
            if !number.isFinite { return "'\(column)' is \(number)" }
        }
        for column in columns.factors where FileCell.level(file.cell(record, column)) == nil {
            return "'\(column)' is missing"
        }
        if specification.errorMeasure == .relative, let actual = FileCell.number(file.cell(record, columns.response)),
            actual <= 0
        {
            return
                "'\(columns.response)' is \(actual), and relative errors need it above 0; --error-measure takes absolute and sigma too"
        }
        return "the formula \(specification.formula) gives no number"
    }

    private static func unread(_ cell: JSON?, _ column: String) -> String {
        let text = cell?.text
        let hint = text.flatMap { DecimalNumber.parse($0.replacing(",", with: ".")) }
        return "'\(column)' is \((cell ?? .null).compact.shortened()), which is no number"
            + (hint == nil ? "" : "; a decimal point is accepted, not a comma")
    }

    // MARK: Columns

    /// Factors most of whose cells are numbers: one wrong cell makes a column of texts of it.
    private static func levels(_ columns: SpecifiedColumns, _ rows: TrainingColumns, _ file: RowsFile) -> [String] {
        guard file.isCSV else { return [] }
        return zip(columns.factors, rows.factors).compactMap { column, levels in
            let isText = levels.names.map { FileCell.number(.string($0)) == nil }
            let cells = levels.codes.count { $0 >= 0 }
            let texts = levels.codes.count { $0 >= 0 && isText[Int($0)] }
            guard 2 * texts < cells, let first = levels.codes.firstIndex(where: { $0 >= 0 && isText[Int($0)] }) else {
                return nil
            }
            return "'\(column)' is taken for a factor, as \(file.place(of: first)) has"
                + " \((file.cell(first, column) ?? .null).compact.shortened()); \(cells - texts) of its"
                + " \(cells) cells are numbers"
        }
    }
}
