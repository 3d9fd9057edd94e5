import Regression

extension ModelVersion {
    /// What the model says of a row, or, where the row was among those of its fit, what it would say of it had it been
    /// fitted without the row. The only row of its level would then be priced without the factor.
    ///
    /// - Returns: nil where no model is left without the row.
    func honestEstimate(of row: TrainingRows.Row) -> Double? {
        guard rowMarks.contains(row.mark) else {
            return estimate(predictors: row.predictors, level: row.level).value
        }
        let (model, levels) = fit(for: row.level)
        return model.leaveOneOutEstimate(numbers: row.predictors, levels: levels, response: row.response)
            ?? withoutFactor?.leaveOneOutEstimate(numbers: row.predictors, levels: [], response: row.response)
    }

    /// The relative error of `honestEstimate`, as the stream measures errors, but not rounded, and bounded.
    func honestError(of row: TrainingRows.Row) -> Double? {
        honestEstimate(of: row).map { min(abs($0 - row.response) / row.response, Self.honestErrorMax) }
    }

    /// A row that is missed by more was measured wrong, as where a scale slipped. Both models miss it, and by how much
    /// must not outweigh all other rows.
    static let honestErrorMax = 10.0
}
