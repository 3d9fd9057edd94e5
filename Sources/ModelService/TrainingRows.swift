import Documents
package import Regression

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

    package struct Row: Sendable, Equatable {
        package let predictors: [Double]
        package let level: String
        package let response: Double
    }

    /// Of what was observed, which is held to a rule.
    /// - Parameter newestFirst: as a store gives them.
    package init(newestFirst observations: [Observation], rule: RowRule) {
        specification = rule.specification
        used = observations.reversed().compactMap(rule.row)
        newest = observations.first { rule.row($0) != nil }?.timestamp
        leftOut = observations.count - used.count
    }

    /// Of rows that somebody chose to be fitted, in whatever range.
    package init(oldestFirst observations: [Observation], specification: ModelSpecification) {
        self.specification = specification
        self.used = observations.compactMap(Row.init)
        self.leftOut = observations.count - used.count
        newest = observations.compactMap(\.timestamp).max()
    }

    init(used: [Row], leftOut: Int, newest: Timestamp?, specification: ModelSpecification) {
        self.specification = specification
        self.used = used
        self.leftOut = leftOut
        self.newest = newest
    }

    /// In byte order, the order of a factor's levels.
    package var levels: [String] {
        Set(used.map(\.level)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Asks for one row more than coefficients: with fewer, a fit is an interpolation that nothing can judge.
    package func requireSpareRow() throws(TrainingRefusal) {
        let needed = 2 + specification.predictors.count + max(0, levels.count - 1)
        guard used.count >= needed else {
            throw .tooFewRows(used: used.count, leftOut: leftOut, needed: needed)
        }
    }

    package var table: Table {
        var numbers = [specification.response.name: used.map(\.response)]
        for (index, predictor) in specification.predictors.enumerated() {
            numbers[predictor.name] = used.map { $0.predictors[index] }
        }
        return Table(numbers: numbers, levels: [specification.factor.name: used.map(\.level)])
    }

    /// SHA-256 over the used rows as JSON lines, oldest first: two models of the same rows carry the same hash.
    package var hash: String {
        var text: [UInt8] = []
        for row in used {
            text += JSON.array(row.predictors.map { .number($0) } + [.string(row.level), .number(row.response)]).bytes
            text.append(0x0A)
        }
        return "sha256:" + SHA256.hex(text)
    }
}

extension TrainingRows.Row {
    init?(_ observation: Observation) {
        let predictors = observation.predictors.compactMap(\.self).filter(\.isFinite)
        guard predictors.count == observation.predictors.count, let level = observation.level,
            let response = observation.actual, response.isFinite, response > 0
        else { return nil }
        self.init(predictors: predictors, level: level, response: response)
    }
}
