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
