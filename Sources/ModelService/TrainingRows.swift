import Digest
import Documents
package import Regression
package import Specification

/// The rows of a fit, chosen from what was observed: a pure value.
package struct TrainingRows: Sendable {
    package let specification: ModelSpecification
    /// How many were not: without a usable number or level, with a response that is not positive, or beyond the bounds of
    /// a `RowRule`.
    package let leftOut: Int
    /// When the truth of the newest used row was told; nil where none of them has a time.
    let newest: Timestamp?
    /// That of the oldest one that has a time.
    let oldest: Timestamp?
    /// The rows that are used by columns, oldest first.
    package let table: Table
    /// The specification's, without the factors that have one level in all rows: they cannot be estimated.
    let formula: Formula

    package struct Row: Sendable, Equatable {
        package let predictors: [Double]
        /// Of the grouping factor; empty where there is none.
        package let level: String
        /// Of the other factors, in the order of the specification.
        package let otherLevels: [String]
        package let response: Double

        package init(predictors: [Double], level: String, otherLevels: [String] = [], response: Double) {
            self.predictors = predictors
            self.level = level
            self.otherLevels = otherLevels
            self.response = response
        }
    }

    /// Of rows that somebody chose to be fitted, in whatever range.
    package init(oldestFirst observations: [Observation], specification: ModelSpecification) {
        let rows = ObservedColumns(oldestFirst: observations, specification)
        self.init(TrainingColumns(rows, rule: .anyRange(specification)), specification: specification)
    }

    /// Of the usable rows.
    package init(_ rows: TrainingColumns, specification: ModelSpecification) {
        self.init(used: rows.usableRows, leftOut: rows.count - rows.usableCount, specification: specification)
    }

    init(used rows: ObservedColumns, leftOut: Int, specification: ModelSpecification) {
        self.specification = specification
        self.leftOut = leftOut
        table = Table(rows, specification)
        let timed = rows.times.lazy.filter { $0 != ObservedColumns.noTime }
        newest = timed.max().map(Timestamp.init(milliseconds:))
        oldest = timed.min().map(Timestamp.init(milliseconds:))
        formula = specification.formula.without(factors: table.constantFactors(of: specification.formula))
    }

    /// How many rows are used.
    package var count: Int { table.rowCount }

    /// Of the grouping factor, in byte order, the order of a factor's levels.
    package var levels: [String] {
        specification.factor.map(levels) ?? (count > 0 ? [""] : [])
    }

    /// Asks for one row more than coefficients: with fewer, a fit is an interpolation that nothing can judge.
    package func requireSpareRow() throws(TrainingRefusal) {
        let needed = 1 + formula.columnCount(levels: table.levelCounts(of: formula))
        guard count >= needed else {
            throw .tooFewRows(used: count, leftOut: leftOut, needed: needed)
        }
    }

    /// The model alone, as a summary tells of it: without all that a model needs to serve.
    package func fit(tolerance: Double) throws(TrainingRefusal) -> LinearModel {
        do throws(FitRefusal) {
            return try LinearModel.fit(formula, to: table, row: specification.row, tolerance: tolerance)
        } catch {
            throw .unfit(error.description)
        }
    }

    /// Of each of the specification's other factors, in its order; in byte order.
    var otherLevels: [[String]] { specification.otherFactors.map(levels) }

    private func levels(of factor: ModelSpecification.Factor) -> [String] {
        Set(table.levels[factor.name]!.usedNames).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// SHA-256 over the used rows, oldest first: two models of the same rows carry the same hash. Column by column: the
    /// numbers of the predictors and of the response as doubles, of each factor the names of its levels in byte order and
    /// each row's place among them.
    package var hash: String {
        var digest = SHA256()
        for predictor in specification.predictors { digest.add(table.numbers[predictor.name]!) }
        digest.add(table.numbers[specification.response.name]!)
        for factor in specification.factors {
            let column = table.levels[factor.name]!
            // By their codes: two spellings of one text are two names here, and equal as texts.
            let order = column.usedCodes.sorted {
                column.names[$0].utf8.lexicographicallyPrecedes(column.names[$1].utf8)
            }
            var places = Array(repeating: Int32(0), count: column.names.count)
            for (place, code) in order.enumerated() { places[code] = Int32(place) }
            digest.add(JSON.array(order.map { .string(column.names[$0]) }).bytes)
            digest.add(column.codes.map { places[Int($0)] })
        }
        return "sha256:" + digest.hex()
    }
}

extension Table {
    fileprivate init(_ rows: ObservedColumns, _ specification: ModelSpecification) {
        var numbers = [specification.response.name: rows.responses]
        for (predictor, column) in zip(specification.predictors, rows.predictors) { numbers[predictor.name] = column }
        var levels: [String: FactorColumn] = [:]
        for (factor, column) in zip(specification.factors, rows.factors) { levels[factor.name] = column }
        self.init(numbers: numbers, factors: levels)
    }
}

extension TrainingRows.Row {
    /// All of them, as a model takes them.
    func levels(_ specification: ModelSpecification) -> [String] {
        specification.levels(level, otherLevels)
    }
}
