import Regression
package import Specification

/// How wrong a prediction was, as ksqlDB computes the column: `ROUND(ABS(p - a) / a, 3)`.
package enum RelativeError {
    static let places = 3

    /// - Returns: nil where a value is missing or the quotient is not finite, above all where the truth is 0: ksqlDB
    ///   writes null there, and the mean of a window leaves the row out. A negative truth gives a negative error.
    package static func of(predicted: Double?, actual: Double?) -> Double? {
        guard let predicted, let actual else { return nil }
        return (abs(predicted - actual) / actual).rounded(toPlaces: places)
    }
}

extension ModelSpecification {
    /// The error as it stands in records: relative ones as ksqlDB rounds them, others as they are.
    ///
    /// - Parameter statement: what the model said beside the estimate; in sigmas the error is that of the median.
    /// - Returns: nil where a value is missing or the error is not finite.
    package func streamedError(predicted: Double?, statement: PredictionStatement? = nil, actual: Double?) -> Double? {
        let estimate = errorMeasure == .sigma ? statement?.median ?? predicted : predicted
        guard let estimate, let actual else { return nil }
        guard errorMeasure != .relative else { return RelativeError.of(predicted: estimate, actual: actual) }
        let error = errorScale(sigma: statement?.sigma).error(of: estimate, actual: actual)
        return error.isFinite ? error : nil
    }
}
