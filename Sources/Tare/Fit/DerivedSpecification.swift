import Documents
import Regression
import Specification

/// A specification out of the rows of a file and a formula: which columns are numbers and which are levels, and what is
/// accepted of them.
struct DerivedSpecification {
    let file: RowsFile
    let formula: String
    /// Columns; nil where nobody says.
    var identifier: String?
    var timestamp: String?
    /// `none` for none; by default the formula's first factor.
    var group: String?
    var errorMeasure: ModelSpecification.ErrorMeasure?
    var estimate = ModelSpecification.EstimateKind.median
    var subject = "rows"

    private static let identifierNames = ["id", "Id", "ID"]
    private static let timestampNames = ["Timestamp", "timestamp", "time", "date"]
    /// Data drift: what is accepted goes well beyond what there was.
    private static let room = 10.0
    private static let charactersMin = 64

    func specification() throws -> ModelSpecification {
        let columns = file.columns
        let identifier = try named(identifier, "--identifier") ?? Self.identifierNames.first(where: columns.contains)
        let timestamp = try named(timestamp, "--timestamp") ?? Self.timestampNames.first(where: columns.contains)
        let others = columns.filter { $0 != identifier && $0 != timestamp }
        let levels = Set(others.filter { !file.isOfNumbers($0) })
        let formula = try Formula(formula, columns: others, factors: levels)
        for column in [formula.response.column] + formula.numbers + formula.factors where !columns.contains(column) {
            throw RowsFileError(
                "the formula names '\(column)', and \(file.name) has no such column; it has \(columns.joined(separator: ", "))"
            )
        }
        let grouping = try grouping(of: formula, levels: levels)
        let factors = (grouping.map { [$0] } ?? []) + formula.factors.filter { $0 != grouping }
        return ModelSpecification(
            subject: subject, response: try response(formula),
            predictors: formula.numbers.map { name in
                .init(
                    name: name, field: name,
                    bounds: Self.bounds(numbers(name), isPositive: formula.takesLogarithm(of: name)))
            },
            factor: grouping.map(factor), otherFactors: factors.filter { $0 != grouping }.map(factor),
            formula: formula, errorMeasure: try measure(of: formula), estimate: estimate,
            fields: .init(
                identifier: identifier ?? "id", timestamp: timestamp ?? "Timestamp",
                error: free("Error"), modelTime: free("ModelTime")))
    }

    private func named(_ column: String?, _ option: String) throws -> String? {
        guard let column else { return nil }
        guard file.columns.contains(column) else {
            throw RowsFileError(
                "\(option) is '\(column)', and \(file.name) has no such column; it has"
                    + " \(file.columns.joined(separator: ", "))")
        }
        return column
    }

    private func grouping(of formula: Formula, levels: Set<String>) throws -> String? {
        guard let group = try group == "none" ? "none" : named(group, "--group") else { return formula.factors.first }
        guard group != "none" else { return nil }
        guard levels.contains(group) else {
            throw RowsFileError(
                "--group is '\(group)', which is a column of numbers; accepted are"
                    + " \((levels.sorted() + ["none"]).joined(separator: ", "))")
        }
        return group
    }

    /// A name that no column has.
    private func free(_ name: String) -> String { file.columns.contains(name) ? "\(name)_" : name }

    // MARK: Columns

    private func numbers(_ column: String) -> [Double] { file.numbers(column).filter { !$0.isNaN } }

    private func factor(_ column: String) -> ModelSpecification.Factor {
        let longest = file.levels(column).names.map(\.unicodeScalars.count).max() ?? 0
        return .init(name: column, field: column, charactersMax: max(Self.charactersMin, 2 * longest))
    }

    private func response(_ formula: Formula) throws -> ModelSpecification.Response {
        let name = formula.response.column
        let values = numbers(name)
        guard !values.isEmpty else { throw RowsFileError("'\(name)' has no numbers in \(file.name)") }
        let isRelative = try measure(of: formula) == .relative
        return .init(
            name: name, field: name, actualField: name, predictedField: free("Predicted"),
            bounds: Self.bounds(values, isPositive: isRelative))
    }

    private func measure(of formula: Formula) throws -> ModelSpecification.ErrorMeasure {
        let smallest = numbers(formula.response.column).min() ?? 1
        guard errorMeasure == .relative || errorMeasure == nil else { return errorMeasure ?? .absolute }
        if smallest > 0 { return .relative }
        guard errorMeasure == nil else {
            throw RowsFileError(
                "--error-measure is relative, which needs '\(formula.response.column)' above 0; the smallest in"
                    + " \(file.name) is \(smallest); accepted are absolute and sigma")
        }
        return .absolute
    }

    /// From 0, or from as far below it as above, to ten times the next power of ten.
    private static func bounds(_ values: [Double], isPositive: Bool) -> Bounds {
        let largest = values.map(abs).max() ?? 1
        var power = 1.0
        while power < largest, power < 1e300 { power *= 10 }
        let maximum = power * room
        if isPositive { return .above(0, upTo: maximum) }
        return .from((values.min() ?? 0) < 0 ? -maximum : 0, upTo: maximum)
    }
}
