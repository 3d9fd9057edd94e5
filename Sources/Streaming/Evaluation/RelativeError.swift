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

extension ModelSpecification.ErrorMeasure {
    /// The error as it stands in records: relative ones as ksqlDB rounds them, others as they are.
    ///
    /// - Returns: nil where a value is missing or the error is not finite.
    package func streamed(predicted: Double?, actual: Double?) -> Double? {
        switch self {
        case .relative: return RelativeError.of(predicted: predicted, actual: actual)
        case .absolute:
            guard let predicted, let actual else { return nil }
            let error = error(of: predicted, actual: actual)
            return error.isFinite ? error : nil
        }
    }
}
