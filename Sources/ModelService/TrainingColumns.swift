package import Documents
package import Regression
package import Specification

/// Rows as a file has them, by columns, of which some may have no usable value.
package struct TrainingColumns: Sendable, Equatable {
    /// By the specification's predictors; not a number where a row has none.
    package let predictors: [[Double]]
    /// By the specification's factors, the grouping one first; the code is -1 where a row has none.
    package let factors: [FactorColumn]
    /// Not a number where a row has none.
    package let responses: [Double]
    /// Of the rows with a time.
    package let newest: Timestamp?
    package let oldest: Timestamp?
    /// Whether a fit can use each row: nothing is missing, and the formula and the measure of errors make numbers of it.
    package let isUsable: [Bool]
    let usableCount: Int

    package init(
        predictors: [[Double]], factors: [FactorColumn], responses: [Double], newest: Timestamp?, oldest: Timestamp?,
        specification: ModelSpecification
    ) {
        self.predictors = predictors
        self.factors = factors
        self.responses = responses
        self.newest = newest
        self.oldest = oldest
        isUsable = Self.usable(predictors, factors, responses, specification)
        usableCount = isUsable.count { $0 }
    }

    package var count: Int { responses.count }

    private static func usable(
        _ predictors: [[Double]], _ factors: [FactorColumn], _ responses: [Double], _ specification: ModelSpecification
    ) -> [Bool] {
        let isRelative = specification.errorMeasure == .relative
        let response = specification.formula.response
        var isUsable = responses.map { $0.isFinite && (!isRelative || $0 > 0) }
        for column in predictors {
            for row in column.indices where !column[row].isFinite { isUsable[row] = false }
        }
        for column in factors {
            for row in column.codes.indices where column.codes[row] < 0 { isUsable[row] = false }
        }
        if !response.isPlain {
            for row in isUsable.indices where isUsable[row] {
                isUsable[row] = (response.transformed(responses[row]) as Double).isFinite
            }
        }
        guard !specification.formula.takesNumbersAsTheyAre else { return isUsable }
        var numbers = Array(repeating: 0.0, count: predictors.count)
        for row in isUsable.indices where isUsable[row] {
            for place in predictors.indices { numbers[place] = predictors[place][row] }
            isUsable[row] = specification.formula.isDefined(numbers: numbers, row: specification.row)
        }
        return isUsable
    }

    func usableTable(_ specification: ModelSpecification) -> Table {
        var numbers = [specification.response.name: usable(responses)]
        for (predictor, column) in zip(specification.predictors, predictors) {
            numbers[predictor.name] = usable(column)
        }
        var levels: [String: FactorColumn] = [:]
        for (factor, column) in zip(specification.factors, factors) {
            levels[factor.name] = FactorColumn(names: column.names, codes: usable(column.codes))
        }
        return Table(numbers: numbers, factors: levels)
    }

    private func usable<Value>(_ column: [Value]) -> [Value] {
        if usableCount == count { return column }
        return column.indices.filter { isUsable[$0] }.map { column[$0] }
    }
}
