extension LinearModel {
    /// What each row's response is above the estimate.
    ///
    /// - Precondition: the table has the formula's columns, and no level that the model has not seen.
    package func residuals(of table: Table) -> [Double] {
        let responses = responses(of: table)
        // In place of the estimates.
        var residuals = plan.estimates(of: table, row)
        for row in residuals.indices { residuals[row] = responses[row] - residuals[row] }
        return residuals
    }

    /// On the scale of the fit.
    private func responses(of table: Table) -> [Double] {
        let column = table.numbers[formula.response.column]!
        return formula.response.isPlain ? column : column.map { formula.response.transformed($0) as Double }
    }

    /// Whether the residuals are so small against the fitted values that they say nothing: the rule by which R's
    /// `summary.lm` warns of an essentially perfect fit.
    func isPerfect(of table: Table, _ residuals: [Double]) -> Bool {
        guard degreesOfFreedom > 0, rowCount > 1 else { return false }
        let fitted = zip(responses(of: table), residuals).lazy.map { $0 - $1 }
        let mean = fitted.reduce(0, +) / Double(rowCount)
        let variance = fitted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rowCount - 1)
        return residualSumOfSquares / Double(degreesOfFreedom) < (mean * mean + variance) * 1e-30
    }
}
