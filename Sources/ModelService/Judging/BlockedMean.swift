import Regression

/// A mean with its standard error, taken over the means of blocks of consecutive values: what neighbours share, as rows of
/// one hour do, then cannot pass for certainty (batch means: L. W. Schruben, *Confidence interval estimation using
/// standardized time series*, Operations Research 31, 1983, compares them).
struct BlockedMean: Sendable, Equatable {
    let mean: Double
    /// Infinite where there are no two values.
    let standardError: Double

    /// - Parameter block: about how many values make a block; there are two at least.
    init(_ values: [Double], block: Int) {
        mean = values.mean
        guard values.count > 1 else {
            standardError = .infinity
            return
        }
        let count = Swift.min(values.count, Swift.max(2, values.count / block))
        let means = (0..<count).map { index in
            values[values.count * index / count..<values.count * (index + 1) / count].mean
        }
        let middle = means.mean
        let squares = means.reduce(0) { $0 + ($1 - middle) * ($1 - middle) }
        standardError = (squares / Double(count - 1) / Double(count)).squareRoot()
    }
}
