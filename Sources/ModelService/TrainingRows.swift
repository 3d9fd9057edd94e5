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

    /// Of what was observed, which is held to a rule.
    /// - Parameter newestFirst: as a store gives them.
    package init(newestFirst observations: [Observation], rule: RowRule) {
        let used = observations.reversed().compactMap(rule.row)
        self.init(
            used: used, leftOut: observations.count - used.count,
            newest: observations.first { rule.row($0) != nil }?.timestamp,
            oldest: observations.last { $0.timestamp != nil && rule.row($0) != nil }?.timestamp,
            specification: rule.specification)
    }

    /// Of rows that somebody chose to be fitted, in whatever range.
    package init(oldestFirst observations: [Observation], specification: ModelSpecification) {
        let used = observations.compactMap { Row($0, specification) }
        self.init(
            used: used, leftOut: observations.count - used.count, newest: observations.compactMap(\.timestamp).max(),
            oldest: observations.compactMap(\.timestamp).min(), specification: specification)
    }

    /// Of the usable rows of a file, oldest first.
    package init(_ columns: TrainingColumns, specification: ModelSpecification) {
        self.init(
            table: columns.usableTable(specification), leftOut: columns.count - columns.usableCount,
            newest: columns.newest, oldest: columns.oldest, specification: specification)
    }

    init(used: [Row], leftOut: Int, newest: Timestamp?, oldest: Timestamp?, specification: ModelSpecification) {
        self.init(
            table: Table(used, specification), leftOut: leftOut, newest: newest, oldest: oldest,
            specification: specification)
    }

    private init(
        table: Table, leftOut: Int, newest: Timestamp?, oldest: Timestamp?, specification: ModelSpecification
    ) {
        self.specification = specification
        self.table = table
        self.leftOut = leftOut
        self.newest = newest
        self.oldest = oldest
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
    fileprivate init(_ rows: [TrainingRows.Row], _ specification: ModelSpecification) {
        var numbers = [specification.response.name: rows.map(\.response)]
        for (index, predictor) in specification.predictors.enumerated() {
            numbers[predictor.name] = rows.map { $0.predictors[index] }
        }
        var levels: [String: FactorColumn] = [:]
        if let factor = specification.factor { levels[factor.name] = FactorColumn(rows.lazy.map(\.level)) }
        for (index, factor) in specification.otherFactors.enumerated() {
            levels[factor.name] = FactorColumn(rows.lazy.map { $0.otherLevels[index] })
        }
        self.init(numbers: numbers, factors: levels)
    }
}

extension TrainingRows.Row {
    /// Nil where something is missing, or where the formula or the measure of errors makes no number of it.
    package init?(_ observation: Observation, _ specification: ModelSpecification) {
        guard let level = observation.level, let response = observation.actual, response.isFinite,
            observation.otherLevels.count == specification.otherFactors.count
        else { return nil }
        var predictors: [Double] = []
        predictors.reserveCapacity(observation.predictors.count)
        for predictor in observation.predictors {
            guard let predictor, predictor.isFinite else { return nil }
            predictors.append(predictor)
        }
        var others: [String] = []
        for level in observation.otherLevels {
            guard let level else { return nil }
            others.append(level)
        }
        guard
            specification.errorMeasure != .relative || response > 0,
            specification.formula.isDefined(numbers: predictors, row: specification.row),
            (specification.formula.response.transformed(response) as Double).isFinite
        else { return nil }
        self.init(predictors: predictors, level: level, otherLevels: others, response: response)
    }

    /// All of them, as a model takes them.
    func levels(_ specification: ModelSpecification) -> [String] {
        specification.levels(level, otherLevels)
    }
}
