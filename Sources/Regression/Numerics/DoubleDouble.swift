/// A number held as the unevaluated sum of two doubles: some 106 bits of precision, with the range of a double.
///
/// `high` is the sum rounded to a double, so `low` is at most half a unit in the last place of `high`. The relative
/// errors named below are in units of u² with u = 2⁻⁵³; they hold where no intermediate result over- or underflows,
/// which the fit ensures by scaling.
///
/// "Joldes" is M. Joldes, J.-M. Muller, V. Popescu, *Tight and rigorous error bounds for basic building blocks of
/// double-word arithmetic*, ACM Transactions on Mathematical Software 44(2), 2017.
struct DoubleDouble: Sendable, Hashable {
    let high: Double
    let low: Double

    static let zero = DoubleDouble(0)
    static let one = DoubleDouble(1)

    init(_ value: Double) {
        high = value
        low = 0
    }

    init(high: Double, low: Double) {
        self.high = high
        self.low = low
    }

    /// The exact sum of two doubles (2Sum: D. E. Knuth, *The Art of Computer Programming* 2, section 4.2.2; O. Møller 1965).
    @inline(__always)
    static func sum(_ a: Double, _ b: Double) -> DoubleDouble {
        let sum = a + b
        let fromB = sum - a
        let fromA = sum - fromB
        return DoubleDouble(high: sum, low: (a - fromA) + (b - fromB))
    }

    /// The exact sum of two doubles of which the first is not the smaller in magnitude (Fast2Sum: T. J. Dekker 1971).
    @inline(__always)
    private static func sum(larger: Double, smaller: Double) -> DoubleDouble {
        let sum = larger + smaller
        return DoubleDouble(high: sum, low: smaller - (sum - larger))
    }

    /// The exact product of two doubles by a fused multiply-add (2Prod: Joldes, algorithm 3).
    @inline(__always)
    static func product(_ a: Double, _ b: Double) -> DoubleDouble {
        let product = a * b
        return DoubleDouble(high: product, low: (-product).addingProduct(a, b))
    }

    /// Within 3u² (AccurateDWPlusDW: Joldes, algorithm 6).
    @inline(__always)
    static func + (x: DoubleDouble, y: DoubleDouble) -> DoubleDouble {
        let high = sum(x.high, y.high)
        let low = sum(x.low, y.low)
        let first = sum(larger: high.high, smaller: high.low + low.high)
        return sum(larger: first.high, smaller: low.low + first.low)
    }

    @inline(__always)
    static prefix func - (x: DoubleDouble) -> DoubleDouble {
        DoubleDouble(high: -x.high, low: -x.low)
    }

    @inline(__always)
    static func - (x: DoubleDouble, y: DoubleDouble) -> DoubleDouble { x + -y }

    /// Within 5u² (DWTimesDW3: Joldes, algorithm 12).
    @inline(__always)
    static func * (x: DoubleDouble, y: DoubleDouble) -> DoubleDouble {
        let product = product(x.high, y.high)
        let cross = (x.low * y.low).addingProduct(x.high, y.low).addingProduct(x.low, y.high)
        return sum(larger: product.high, smaller: product.low + cross)
    }

    /// Within 15u²: long division with one correction (DWDivDW2: Joldes, algorithm 17).
    static func / (x: DoubleDouble, y: DoubleDouble) -> DoubleDouble {
        let quotient = x.high / y.high
        let remainder = x - y * DoubleDouble(quotient)
        return sum(larger: quotient, smaller: remainder.high / y.high)
    }

    @inline(__always)
    static func += (x: inout DoubleDouble, y: DoubleDouble) { x = x + y }

    @inline(__always)
    static func -= (x: inout DoubleDouble, y: DoubleDouble) { x = x - y }

    @inline(__always)
    static func *= (x: inout DoubleDouble, y: DoubleDouble) { x = x * y }

    /// Within 25/8 u² (SQRTDWtoDW: V. Lefèvre, N. Louvet, J.-M. Muller, J. Picot, L. Rideau, *Accurate calculation of
    /// Euclidean norms using double-word arithmetic*, ACM Transactions on Mathematical Software 49(1), 2023).
    func squareRoot() -> DoubleDouble {
        guard high > 0 else { return DoubleDouble(high.squareRoot()) }
        let root = high.squareRoot()
        let remainder = low + high.addingProduct(-root, root)
        return .sum(larger: root, smaller: remainder / (2 * root))
    }

    /// This number times 2 to a power: exact unless it leaves the range of a double.
    func scaled(byPowerOfTwo exponent: Int) -> DoubleDouble {
        DoubleDouble(high: high.scaled(byPowerOfTwo: exponent), low: low.scaled(byPowerOfTwo: exponent))
    }
}

extension DoubleDouble: Comparable {
    @inline(__always)
    static func < (x: DoubleDouble, y: DoubleDouble) -> Bool {
        x.high < y.high || (x.high == y.high && x.low < y.low)
    }
}

extension Double {
    /// The nearest double.
    init(_ value: DoubleDouble) { self = value.high }

    /// This number times 2 to a power: exact unless it leaves the range of a double.
    func scaled(byPowerOfTwo exponent: Int) -> Double {
        Double(sign: .plus, exponent: exponent, significand: self)
    }
}
