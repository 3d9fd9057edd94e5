import Regression
import Specification

extension ModelVersion {
    /// What the model says of a row, or, where the row was among those of its fit, what it would say of it had it been
    /// fitted without the row. The only row of its level would then be priced without the factor.
    ///
    /// - Returns: nil where no model is left without the row.
    func honestEstimate(of row: TrainingRows.Row) -> Double? {
        guard rowMarks.contains(row.mark) else {
            return estimate(predictors: row.predictors, levels: row.levels(specification))?.value
        }
        let levels = row.levels(specification)
        let response: Double = specification.formula.response.transformed(row.response)
        let fits = [fit(predictors: row.predictors, levels: levels)] + fallbacks.map(\.model)
        for fit in fits {
            if let estimate = fit?.leaveOneOutEstimate(numbers: row.predictors, levels: levels, response: response) {
                return specification.formula.response.original(estimate)
            }
        }
        return nil
    }

    /// The error of `honestEstimate`, as the stream measures errors, but not rounded, and bounded.
    func honestError(of row: TrainingRows.Row) -> Double? {
        honestEstimate(of: row).map { specification.errorMeasure.honestError(of: $0, actual: row.response) }
    }
}

extension ModelSpecification.ErrorMeasure {
    /// A row that is missed by more than ten times its truth was measured wrong, as where a scale slipped. Both models miss
    /// it, and by how much must not outweigh all other rows. Errors in a unit have no such bound of their own.
    private static let relativeMax = 10.0

    func honestError(of estimate: Double, actual: Double) -> Double {
        let error = error(of: estimate, actual: actual)
        return self == .relative ? min(error, Self.relativeMax) : error
    }
}
