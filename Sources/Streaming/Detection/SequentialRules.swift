/// When the errors of one level count as drift, and what follows from it.
package struct SequentialRules: Sendable, Equatable {
    /// The mean number of evaluations of one level between two false alarms, at least.
    package var falseAlarmInterval = 1_000_000.0
    /// No fewer evaluations than these raise an alarm, however far off they are.
    package var minimumCount = 3
    /// Evaluations of the level after an episode before its errors are judged again. They show how far errors go that no
    /// refit has mended.
    package var coolDown = 32
    /// An episode that an unseen level began ends with so many truths of it; a power of two.
    package var learnedCount = 32
    /// One that an alarm began, where the rows of the old regime must give way first, with so many: the power of two that
    /// is no less than the rows of a fit.
    static func renewedCount(rows: Int) -> Int { 1 << (Int.bitWidth - max(1, rows - 1).leadingZeroBitCount) }

    package init() {}

    /// What the sum must reach. The mean run length of a sum of log likelihood ratios grows as the exponential of its
    /// threshold (G. Lorden, Annals of Mathematical Statistics 42, 1971); of this one it is 14 times that, as a test
    /// measures. A minimum count above 1 makes it longer.
    var threshold: Double { (falseAlarmInterval / 14).portableLogarithm }

    /// What one evaluation adds to the sum: the log likelihood ratio of a standard deviation that has doubled, whether
    /// because errors scatter more or because they have shifted (D. M. Hawkins, "A CUSUM for a Scale Parameter", Journal
    /// of Quality Technology 13, 1981). It grows where the mean square is above 1.85.
    ///
    /// - Parameter square: of the standardised error.
    static func evidence(_ square: Double) -> Double { 0.375 * square - 0.6931471805599453 }
}

extension ModelStatement {
    /// The mean square of the model's errors, in squared units of the response, that the true one exceeds for few
    /// models only; nil where sigma is no measure.
    ///
    /// The coefficients themselves are off, by as much for every subject as the rows left uncertain: for `p` of them from
    /// `n` rows that adds `χ²(p) / n` squared sigmas.
    var cautiousVariance: Double? {
        guard let sigma, sigma.isFinite, let caution = Caution.ofVariance(degreesOfFreedom: degreesOfFreedom)
        else { return nil }
        let count = Double(coefficients)
        let uncertainty = (count + Caution.deviations * (2 * count).squareRoot()) / Double(rows)
        return sigma * sigma * caution * (1 + uncertainty)
    }
}

/// How much larger than its estimate a variance may well be.
enum Caution {
    /// One estimate in fifteen is further off, to the side that matters.
    static let deviations = 1.5
    private static let degreesOfFreedomMin = 10

    /// By Wilson and Hilferty's quantile of chi-squared (PNAS 17(12), 1931).
    /// - Returns: nil where there are too few degrees of freedom for a measure.
    static func ofVariance(degreesOfFreedom: Int) -> Double? {
        guard degreesOfFreedom >= degreesOfFreedomMin else { return nil }
        let variance = 2 / (9 * Double(degreesOfFreedom))
        let root = 1 - variance - deviations * variance.squareRoot()
        return 1 / (root * root * root)
    }
}
