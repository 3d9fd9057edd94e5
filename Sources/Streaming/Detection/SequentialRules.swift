/// When the errors of one level count as drift, and what follows from it.
package struct SequentialRules: Sendable, Equatable {
    /// The mean number of evaluations of one level between two false alarms, at least.
    package var falseAlarmInterval = 1_000_000.0
    /// In sigmas: a shift of the mean error is summed up by what it has more than this. The test is best at a shift of
    /// twice as much.
    package var allowance = 1.0
    /// No fewer evaluations than these raise an alarm, however far off they are.
    package var minimumCount = 3
    /// Evaluations of the level after an episode before its errors are judged again.
    package var coolDown = 32
    /// An episode that an unseen level began ends with so many truths of it; a power of two.
    package var learnedCount = 32
    /// One that an alarm began, where the rows of the old regime must give way first; a power of two.
    package var renewedCount = 64

    /// How many standard errors the model's own estimates may be off without being taken for drift.
    static let certainty = 2.0
    /// A sigma from fewer degrees of freedom is no measure.
    static let degreesOfFreedomMin = 10

    package init() {}

    /// In sigmas: how large the sum becomes before it is an alarm.
    ///
    /// The threshold `h` at which two one-sided sums with the allowance `k` have the mean run length `L`, by
    /// `2 L = (exp(2 k b) - 2 k b - 1) / (2 k²)`, `b = h + 1.166` (D. Siegmund, Sequential Analysis, Springer 1985).
    /// Above 0 for every run length that the options accept.
    var threshold: Double {
        let goal = 2 * falseAlarmInterval * 2 * allowance * allowance + 1
        var exponent = 1.0
        // A contraction by at least the goal, which is far above 1.
        for _ in 0..<50 { exponent = (goal + exponent).portableLogarithm }
        return max(0.1, exponent / (2 * allowance) - 1.166)
    }
}

extension ModelStatement {
    /// The scale of errors, in units of the response, that the true one exceeds for few models only; nil where sigma
    /// is no measure. The quantile of chi-squared is Wilson and Hilferty's (PNAS 17(12), 1931).
    func cautiousSigma(_ certainty: Double) -> Double? {
        guard let sigma, sigma.isFinite, degreesOfFreedom >= SequentialRules.degreesOfFreedomMin else { return nil }
        let variance = 2 / (9 * Double(degreesOfFreedom))
        let root = 1 - variance - certainty * variance.squareRoot()
        return sigma / (root * root.squareRoot())
    }
}
