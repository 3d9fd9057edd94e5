extension LinearModel {
    /// What each row's response is above the estimate.
    ///
    /// - Precondition: the table has the formula's columns, and no level that the model has not seen.
    package func residuals(of table: Table) -> [Double] {
        let responses = responses(of: table)
        let numbers = row.numbers.map { table.numbers[$0]! }
        let levels = row.factors.map { table.levels[$0]! }
        return responses.indices.map { place in
            responses[place] - estimate(numbers: numbers.map { $0[place] }, levels: levels.map { $0[place] })!
        }
    }

    /// On the scale of the fit.
    private func responses(of table: Table) -> [Double] {
        table.numbers[formula.response.column]!.map { formula.response.transformed($0) as Double }
    }

    /// Whether the residuals are so small against the fitted values that they say nothing: the rule by which R's
    /// `summary.lm` warns of an essentially perfect fit.
    func isPerfect(of table: Table, _ residuals: [Double]) -> Bool {
        guard degreesOfFreedom > 0, rowCount > 1 else { return false }
        let fitted = zip(responses(of: table), residuals).map { $0 - $1 }
        let mean = fitted.mean
        let variance = fitted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rowCount - 1)
        return residualSumOfSquares / Double(degreesOfFreedom) < (mean * mean + variance) * 1e-30
    }
}
