/// What R's `summary.lm` tells of a fit.
extension LinearModel {
    /// How many coefficients are estimated.
    package var rank: Int { coefficients.count { $0.estimate != nil } }

    /// Of the residuals: rows less estimated coefficients.
    package var degreesOfFreedom: Int { rowCount - rank }

    /// The residual standard error; nil where no degrees of freedom are left.
    package var sigma: Double? {
        degreesOfFreedom > 0 ? (residualSumOfSquares / Double(degreesOfFreedom)).squareRoot() : nil
    }

    /// The part of the response's sum of squares that the model explains: about the mean with an intercept, about zero
    /// without one.
    ///
    /// As in R it is 0 where nothing but the intercept is estimated. Otherwise it is nil where the response does not
    /// vary, which is 0/0; R gives rounding noise there.
    package var rSquared: Double? {
        guard modelDegreesOfFreedom > 0 else { return 0 }
        let total = explainedSumOfSquares + residualSumOfSquares
        return total > 0 ? explainedSumOfSquares / total : nil
    }

    /// Nil where R² is, and where it would take degrees of freedom that are not there.
    var adjustedRSquared: Double? {
        guard modelDegreesOfFreedom > 0 else { return 0 }
        let total = explainedSumOfSquares + residualSumOfSquares
        guard total > 0, degreesOfFreedom > 0 else { return nil }
        let totalDegrees = rowCount - interceptCount
        return 1 - residualSumOfSquares / total * (Double(totalDegrees) / Double(degreesOfFreedom))
    }

    struct FStatistic: Sendable, Equatable {
        /// Infinite where the fit is exact.
        package let value: Double
        let numeratorDegreesOfFreedom: Int
        let denominatorDegreesOfFreedom: Int

        /// The probability of so large a value where every coefficient but the intercept is zero.
        var pValue: Double {
            FDistribution(numerator: numeratorDegreesOfFreedom, denominator: denominatorDegreesOfFreedom)
                .upperTail(of: value)
        }
    }

    /// The test of all coefficients but the intercept at once; nil where there is none, where no degrees of freedom are
    /// left, and where the response does not vary.
    var fStatistic: FStatistic? {
        guard modelDegreesOfFreedom > 0, degreesOfFreedom > 0 else { return nil }
        guard explainedSumOfSquares > 0 || residualSumOfSquares > 0 else { return nil }
        let explained = explainedSumOfSquares / Double(modelDegreesOfFreedom)
        return FStatistic(
            value: explained / (residualSumOfSquares / Double(degreesOfFreedom)),
            numeratorDegreesOfFreedom: modelDegreesOfFreedom, denominatorDegreesOfFreedom: degreesOfFreedom)
    }

    /// The estimate in standard errors: infinite where the error is zero, nil where there is none or both are zero.
    func tValue(of coefficient: Coefficient) -> Double? {
        guard let estimate = coefficient.estimate, let error = coefficient.standardError else { return nil }
        return estimate == 0 && error == 0 ? nil : estimate / error
    }

    /// The probability of a t value so far from zero, to either side, where the true coefficient is zero.
    func pValue(of coefficient: Coefficient) -> Double? {
        tValue(of: coefficient).map { StudentT(degreesOfFreedom: degreesOfFreedom).bothTails(of: $0) }
    }

    private var interceptCount: Int { formula.hasIntercept ? 1 : 0 }
    private var modelDegreesOfFreedom: Int { rank - interceptCount }
}
