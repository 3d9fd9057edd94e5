import Regression
import Specification

extension ModelVersion {
    /// What the model says of a row, or, where the row was among those of its fit, what it would say of it had it been
    /// fitted without the row. The only row of its level would then be priced without the factor. The median, whatever
    /// the specification asks for: of fits that compete nobody knows the means.
    ///
    /// - Parameter scratch: room that one row after the other is worked out in.
    /// - Returns: nil where no model is left without the row.
    func honestEstimate(of row: JudgedRow, scratch: inout LinearModel.LeverageScratch) -> Double? {
        guard rowMarks.contains(row.mark) else {
            return estimate(predictors: row.predictors, levels: row.levels)?.median
        }
        // Nearly always: rows of a fit are of its levels.
        if let estimate = model.leftOut(row, &scratch), constantFactors.allSatisfy({ $0.knows(row.levels) }) {
            return estimate
        }
        if let answering = fit(predictors: row.predictors, levels: row.levels),
            let estimate = answering.leftOut(row, &scratch)
        {
            return estimate
        }
        for fallback in fallbacks { if let estimate = fallback.model.leftOut(row, &scratch) { return estimate } }
        return nil
    }

    /// The errors of `honestEstimate`, as the stream measures errors, but not rounded, and bounded.
    ///
    /// - Parameter scale: one for all models that are compared.
    func honestErrors(of rows: [JudgedRow], by scale: ErrorScale) -> [Double?] {
        var scratch = LinearModel.LeverageScratch()
        return rows.map { row in
            honestEstimate(of: row, scratch: &scratch).map { scale.honestError(of: $0, actual: row.response) }
        }
    }

    /// The same of one row.
    func honestError(of row: JudgedRow, by scale: ErrorScale) -> Double? { honestErrors(of: [row], by: scale)[0] }
}

extension LinearModel {
    /// `leaveOneOutEstimate` of a row on its own scale, as is what is returned.
    fileprivate func leftOut(_ row: JudgedRow, _ scratch: inout LeverageScratch) -> Double? {
        leaveOneOutEstimate(
            numbers: row.predictors, levels: row.levels, response: formula.response.transformed(row.response),
            scratch: &scratch
        ).map(formula.response.original)
    }

    /// What errors can be measured by: nil where the model says nothing of its own, or fits its rows to the last bit.
    var positiveSigma: Double? { sigma.flatMap { $0 > 0 ? $0 : nil } }
}

extension ErrorScale {
    /// A row that is missed by more than ten times its truth was measured wrong, as where a scale slipped. Both models miss
    /// it, and by how much must not outweigh all other rows. Errors in a unit have no such bound of their own.
    private static let relativeMax = 10.0

    func honestError(of estimate: Double, actual: Double) -> Double {
        let error = error(of: estimate, actual: actual)
        return measure == .relative ? min(error, Self.relativeMax) : error
    }
}
