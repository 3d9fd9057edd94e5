/// A positive number as a double-double times a power of two, for products whose steps, or whose value, leave the range
/// of a double: a probability of 10⁻⁴⁰⁰ is still a factor of one that is not.
struct ScaledProduct {
    /// Between 1 and 2.
    private var significand: DoubleDouble
    private var exponent: Int

    /// - Precondition: the value is positive.
    init(_ value: DoubleDouble) {
        exponent = Int(value.high.exponent)
        significand = value.scaled(byPowerOfTwo: -exponent)
    }

    static func *= (x: inout ScaledProduct, y: ScaledProduct) {
        let product = ScaledProduct(x.significand * y.significand)
        x.significand = product.significand
        x.exponent += y.exponent + product.exponent
    }

    /// A whole power from 0 up, by repeated squaring.
    func raised(to power: Int) -> ScaledProduct {
        var result = ScaledProduct(.one)
        var square = self
        var left = power
        while left > 0 {
            if left & 1 == 1 { result *= square }
            left >>= 1
            if left > 0 { square *= square }
        }
        return result
    }

    /// The nearest double: 0 where it is too small for one.
    var value: Double { Double(significand).scaled(byPowerOfTwo: exponent) }
}
