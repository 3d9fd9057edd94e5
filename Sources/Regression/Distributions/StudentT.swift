/// Student's t distribution.
package struct StudentT: Sendable {
    private let degreesOfFreedom: Int
    /// The square of a t is an F with one degree of freedom above (Abramowitz and Stegun 26.6.7).
    private let square: FDistribution

    /// - Precondition: one degree of freedom or more.
    package init(degreesOfFreedom: Int) {
        self.degreesOfFreedom = degreesOfFreedom
        square = FDistribution(numerator: 1, denominator: degreesOfFreedom)
    }

    /// The probability of a value farther from zero than this one, to either side; right to some 10⁻¹⁴ of itself.
    func bothTails(of value: Double) -> Double {
        guard value.isFinite else { return value.isNaN ? .nan : 0 }
        return tails(of: abs(value)).value
    }

    /// The value above which lies this probability.
    ///
    /// Newton's method on the logarithms of both. The start, where (1 + t²/n)^(−n/2) is the probability of both tails,
    /// lies above the solution, and from there the steps only fall, for the logarithm of the tails is a concave function
    /// of that of the value.
    ///
    /// - Precondition: the probability is at least 10⁻³⁰⁰ and at most ½.
    package func quantile(upperTail probability: Double) -> Double {
        precondition(1e-300...0.5 ~= probability, "a probability from 1e-300 to 1/2")
        let n = Double(degreesOfFreedom)
        let power = -2 * (2 * probability).naturalLogarithm() / n
        var value = (n * -(-power).exponentialLessOne()).squareRoot() * (power / 2).exponential()
        // Half a dozen steps are the rule, and some 40 near 1/2.
        for _ in 0..<100 where value > 0 {
            let reached = tails(of: value)
            let step = (reached.value / (2 * probability)).naturalLogarithm() * reached.value / (2 * reached.slope)
            value *= step.exponential()
            if abs(step) < 4 * .ulpOfOne { break }
        }
        return value
    }

    private func tails(of value: Double) -> (value: Double, slope: Double) {
        square.upperTail(rootOfRatio: DoubleDouble(value) / DoubleDouble(Double(degreesOfFreedom)).squareRoot())
    }
}
