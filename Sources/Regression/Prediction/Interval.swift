/// An estimate and the bounds of what it may be.
package struct Interval: Sendable, Equatable {
    package enum Kind: Sendable {
        /// Covers the expected response, whose uncertainty is that of the coefficients.
        case confidence
        /// Covers a single new response, which varies about the expected one as well.
        case prediction
    }

    package let fit: Double
    /// Of the fit; the same for both kinds.
    package let standardError: Double
    package let lower: Double
    package let upper: Double
}

/// Why no interval can be given.
package enum IntervalRefusal: Error, Sendable, Equatable {
    case confidence(Double)
    case unseenLevel(factor: String, level: String, known: [String])
    /// As many coefficients as rows: nothing is left to tell how far responses stray.
    case noDegreesOfFreedom(rowCount: Int, coefficientCount: Int)
}

extension IntervalRefusal: CustomStringConvertible {
    package var description: String {
        switch self {
        case .confidence(let value):
            "the confidence \(value) is not accepted; it must lie between 0 and 1"
        case .unseenLevel(let factor, let level, let known):
            "the model has not seen '\(level)' of '\(factor)'; it was fitted on: "
                + known.map { "'\($0)'" }.joined(separator: ", ")
        case .noDegreesOfFreedom(let rows, let coefficients):
            "an interval needs more rows than coefficients; the model has \(coefficients) coefficients from \(rows) rows"
        }
    }
}
