/// A normal distribution to draw from.
package struct NormalDistribution: Sendable, Hashable {
    package let mean: Double
    package let standardDeviation: Double

    package init(mean: Double, standardDeviation: Double) {
        precondition(mean.isFinite && standardDeviation.isFinite && standardDeviation >= 0)
        self.mean = mean
        self.standardDeviation = standardDeviation
    }

    /// Marsaglia's polar method (SIAM Review 6(3), 1964), of whose two values one is used, so that no half of a pair
    /// is left over between two calls.
    package func draw(using generator: inout Xoshiro256) -> Double {
        while true {
            let x = 2 * generator.nextFraction() - 1
            let y = 2 * generator.nextFraction() - 1
            let square = x * x + y * y
            guard square > 0, square < 1 else { continue }
            return mean + standardDeviation * x * (-2 * square.portableLogarithm / square).squareRoot()
        }
    }
}

extension Xoshiro256 {
    /// Uniform in [0, 1): the upper 53 bits.
    package mutating func nextFraction() -> Double { Double(next() >> 11) * 0x1p-53 }
}

extension Double {
    /// The natural logarithm of a positive, finite number, to within two units in the last place. The C library's
    /// differs in the last bit from one platform to the next; this one needs only what IEEE 754 defines exactly.
    ///
    /// With x = m 2^e and m about 1: log x = e log 2 + 2 artanh((m - 1) / (m + 1)), by the series of artanh.
    var portableLogarithm: Double {
        precondition(self > 0 && isFinite)
        let isHigh = significand > 1.4142135623730951
        let mantissa = isHigh ? significand / 2 : significand
        let power = Double(exponent) + (isHigh ? 1 : 0)
        let ratio = (mantissa - 1) / (mantissa + 1)
        let square = ratio * ratio
        // |ratio| is at most 0.172, so the first term left out is below 1e-18 of the sum.
        var sum = 0.0
        for odd in stride(from: 21.0, through: 3.0, by: -2) { sum = (sum + 1 / odd) * square }
        return power * 0.6931471805599453 + 2 * (ratio + ratio * sum)
    }
}
