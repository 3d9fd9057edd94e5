import Regression

extension ModelSpecification {
    /// How wrong an estimate is.
    package enum ErrorMeasure: String, Sendable, Hashable, CaseIterable {
        /// As a part of the truth, which must be above 0.
        case relative
        /// In the response's own unit.
        case absolute
        /// In standard deviations of a model's residuals, on the scale of its fit: of `log(price)` the difference of the
        /// logarithms.
        case sigma

        /// From where on errors are wrong: relative ones as the original has it, others by what errors are like.
        ///
        /// - Parameter deviation: a robust standard deviation of the errors.
        package func wrongFrom(deviation: Double) -> Double { self == .relative ? 0.15 : 3 * deviation }

        /// For people: `2.1 %`, `12.35`, `1.93 sigma`.
        package func text(_ error: Double) -> String {
            switch self {
            case .relative: "\((error * 1000).rounded() / 10) %"
            case .absolute: "\(error.toSignificantDigits)"
            case .sigma: "\((error * 100).rounded() / 100) sigma"
            }
        }
    }

    /// What estimates of a transformed response are on the response's own scale.
    package enum EstimateKind: String, Sendable, Hashable, CaseIterable {
        /// The fit, transformed back: half of all truths lie above it.
        case median
        /// The mean of the fit with each residual added, transformed back: see `Smearing`.
        case mean
    }

    /// The members of an answer, and of a record of it, that say the median beside a mean, and the sigma that errors are
    /// measured by.
    package static let medianField = "Median"
    package static let sigmaField = "Sigma"

    /// Whether an estimate is a mean beside which there is a median.
    package var needsMedian: Bool { estimate == .mean && !formula.response.isPlain }

    /// Whether an answer must say more than the estimate, for its error to be measured and judged.
    package var needsStatement: Bool { needsMedian || errorMeasure == .sigma }

    /// - Parameter sigma: of the model by which errors are measured; used by `ErrorMeasure.sigma` alone.
    package func errorScale(sigma: Double?) -> ErrorScale {
        ErrorScale(measure: errorMeasure, response: formula.response, sigma: sigma)
    }
}

/// Measures errors by a specification, and, where it says so, by what a model's own errors are.
package struct ErrorScale: Sendable {
    package let measure: ModelSpecification.ErrorMeasure
    private let response: Response
    private let sigma: Double?

    fileprivate init(measure: ModelSpecification.ErrorMeasure, response: Response, sigma: Double?) {
        self.measure = measure
        self.response = response
        self.sigma = sigma
    }

    /// - Parameters:
    ///   - estimate: the median, on the response's own scale.
    ///   - actual: the truth.
    /// - Returns: not finite where the truth is 0 and the error is relative to it, or where the sigma that it is measured
    ///   by is 0 or missing.
    package func error(of estimate: Double, actual: Double) -> Double {
        switch measure {
        case .relative: abs(estimate - actual) / actual
        case .absolute: abs(estimate - actual)
        case .sigma:
            abs((response.transformed(estimate) as Double) - (response.transformed(actual) as Double)) / (sigma ?? 0)
        }
    }
}

extension Double {
    /// Rounded to four of them: `12.35`, `0.001235`.
    fileprivate var toSignificantDigits: Double {
        guard isFinite, self != 0 else { return self }
        var unit = 1e-3
        while unit * 10_000 <= magnitude { unit *= 10 }
        while unit * 1000 > magnitude { unit /= 10 }
        // A whole number of units is divided where the unit is below 1: a quotient is the nearest decimal, a product not.
        return unit < 1 ? (self / unit).rounded() / (1 / unit).rounded() : (self / unit).rounded() * unit
    }
}
