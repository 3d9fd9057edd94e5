/// Elementary functions to nearly the digits of the arithmetic, so that a transformed column is as exact as a plain one.
extension DoubleDouble: RealNumber {
    /// ln 2 to 161 bits, as three doubles.
    private static let logarithmOfTwo: (DoubleDouble, rest: Double) = (
        DoubleDouble(high: 0x1.62e42fefa39efp-1, low: 0x1.abc9e3b39803fp-56), 0x1.7b57a079a1934p-111
    )
    /// ln 10.
    private static let logarithmOfTen = DoubleDouble(high: 0x1.26bb1bbb55516p+1, low: -0x1.f48ad494ea3e9p-53)

    var absolute: DoubleDouble { high < 0 ? -self : self }

    /// e^x = 2^k · (e^(r/512))^512 with |r| at most ln 2 / 2: the series is short for so small an argument, and squaring
    /// e^t - 1 as (e^t - 1)(e^t + 1) keeps its digits.
    func exponential() -> DoubleDouble {
        guard high.magnitude < 709 else {
            return high.isNaN ? self : DoubleDouble(high.exponential())
        }
        let count = (high / Self.logarithmOfTwo.0.high).rounded()
        let whole = DoubleDouble(count)
        let reduced = self - whole * Self.logarithmOfTwo.0 - .product(count, Self.logarithmOfTwo.rest)
        let small = reduced.scaled(byPowerOfTwo: -9)
        var (term, sum) = (small, small)
        for divisor in 2...9 {
            term = term * small / DoubleDouble(Double(divisor))
            sum += term
        }
        for _ in 0..<9 { sum = sum.scaled(byPowerOfTwo: 1) + sum * sum }
        return (sum + .one).scaled(byPowerOfTwo: Int(count))
    }

    /// One step of Newton's method from the double's logarithm y: y + x·e⁻ʸ - 1, and the next term of its series. Near 1,
    /// where the logarithm is small, it is exact as a part of 1.
    func naturalLogarithm() -> DoubleDouble {
        guard high > 0, high.isFinite else { return DoubleDouble(high.naturalLogarithm()) }
        // So that e⁻ʸ is in range for the smallest and the largest numbers.
        let exponent = Int(high.exponent)
        let significand = scaled(byPowerOfTwo: -exponent)
        let first = DoubleDouble(significand.high.naturalLogarithm())
        let left = significand * (-first).exponential() - .one
        let ofSignificand = first + (left - left * left * DoubleDouble(0.5))
        guard exponent != 0 else { return ofSignificand }
        let count = Double(exponent)
        return ofSignificand + DoubleDouble(count) * Self.logarithmOfTwo.0 + .product(count, Self.logarithmOfTwo.rest)
    }

    func binaryLogarithm() -> DoubleDouble {
        let exponent = high > 0 && high.isFinite ? Int(high.exponent) : 0
        let significand = scaled(byPowerOfTwo: -exponent)
        return DoubleDouble(Double(exponent)) + significand.naturalLogarithm() / Self.logarithmOfTwo.0
    }

    func decimalLogarithm() -> DoubleDouble { naturalLogarithm() / Self.logarithmOfTen }

    func naturalLogarithmOfOneMore() -> DoubleDouble {
        // The sum loses nothing but what is below 2⁻¹⁰⁶ of 1.
        guard high.magnitude < 1e-5 else { return (self + .one).naturalLogarithm() }
        var (power, sum, sign) = (self, self, -1.0)
        for divisor in 2...8 {
            power *= self
            sum += power * DoubleDouble(sign) / DoubleDouble(Double(divisor))
            sign = -sign
        }
        return sum
    }

    /// Not a number where the base is negative and the exponent is no whole number.
    func raised(toReal exponent: DoubleDouble) -> DoubleDouble {
        if exponent.low == 0, let whole = Int(exactly: exponent.high), abs(whole) <= 1_000 { return raised(to: whole) }
        if high == 0 { return exponent.high > 0 ? .zero : DoubleDouble(.infinity) }
        return high > 0 ? (exponent * naturalLogarithm()).exponential() : DoubleDouble(.nan)
    }
}
