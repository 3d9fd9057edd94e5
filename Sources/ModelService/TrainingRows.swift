import Documents
package import Regression
package import Specification

/// The rows of a fit, chosen from what was observed: a pure value.
package struct TrainingRows: Sendable {
    package let specification: ModelSpecification
    /// The rows that are used, oldest first.
    package let used: [Row]
    /// How many were not: without a usable number or level, with a response that is not positive, or beyond the bounds of
    /// a `RowRule`.
    package let leftOut: Int
    /// When the truth of the newest used row was told; nil where none of them has a time.
    let newest: Timestamp?
    /// That of the oldest one that has a time.
    let oldest: Timestamp?
    /// The used rows by columns.
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

    init(used: [Row], leftOut: Int, newest: Timestamp?, oldest: Timestamp?, specification: ModelSpecification) {
        self.specification = specification
        self.used = used
        self.leftOut = leftOut
        self.newest = newest
        self.oldest = oldest
        table = Table(used, specification)
        formula = specification.formula.without(factors: table.constantFactors(of: specification.formula))
    }

    /// In byte order, the order of a factor's levels.
    package var levels: [String] {
        Set(used.map(\.level)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Asks for one row more than coefficients: with fewer, a fit is an interpolation that nothing can judge.
    package func requireSpareRow() throws(TrainingRefusal) {
        let needed = 1 + formula.columnCount(levels: table.levelCounts(of: formula))
        guard used.count >= needed else {
            throw .tooFewRows(used: used.count, leftOut: leftOut, needed: needed)
        }
    }

    /// Of each of the specification's other factors, in its order; in byte order.
    var otherLevels: [[String]] {
        specification.otherFactors.indices.map { index in
            Set(used.map { $0.otherLevels[index] }).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        }
    }

    /// SHA-256 over the used rows as JSON lines, oldest first: two models of the same rows carry the same hash.
    package var hash: String {
        var text: [UInt8] = []
        for row in used {
            let levels = ([row.level] + row.otherLevels).map { JSON.string($0) }
            text += JSON.array(row.predictors.map { .number($0) } + levels + [.number(row.response)]).bytes
            text.append(0x0A)
        }
        return "sha256:" + SHA256.hex(text)
    }
}

extension Table {
    fileprivate init(_ rows: [TrainingRows.Row], _ specification: ModelSpecification) {
        var numbers = [specification.response.name: rows.map(\.response)]
        for (index, predictor) in specification.predictors.enumerated() {
            numbers[predictor.name] = rows.map { $0.predictors[index] }
        }
        var levels: [String: [String]] = [:]
        if let factor = specification.factor { levels[factor.name] = rows.map(\.level) }
        for (index, factor) in specification.otherFactors.enumerated() {
            levels[factor.name] = rows.map { $0.otherLevels[index] }
        }
        self.init(numbers: numbers, levels: levels)
    }
}

extension TrainingRows.Row {
    /// Nil where something is missing, or where the formula or the measure of errors makes no number of it.
    package init?(_ observation: Observation, _ specification: ModelSpecification) {
        let predictors = observation.predictors.compactMap(\.self).filter(\.isFinite)
        let others = observation.otherLevels.compactMap(\.self)
        guard predictors.count == observation.predictors.count, let level = observation.level,
            others.count == specification.otherFactors.count, let response = observation.actual, response.isFinite,
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
