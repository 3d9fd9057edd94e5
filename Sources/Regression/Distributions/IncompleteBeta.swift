/// The regularized incomplete beta function Iₓ(a, b) for whole multiples of one half, by which the tails of Student's t
/// and of F are told.
///
/// Made for tails: the powers, in which a logarithm would lose a digit for every power of ten of the result, are formed by
/// squaring in double-double, so that a value of 10⁻³⁰⁰ is as right as one of 0.1, to some 10⁻¹⁴ of itself.
struct IncompleteBeta: Sendable {
    private let twiceA: Int
    private let twiceB: Int
    private let reciprocalOfBeta: ScaledProduct

    /// - Precondition: 2a and 2b are 1 or more.
    init(twiceA: Int, twiceB: Int) {
        precondition(twiceA > 0 && twiceB > 0, "the parameters of a beta function are positive")
        self.twiceA = twiceA
        self.twiceB = twiceB
        reciprocalOfBeta = Self.reciprocalOfBeta(twiceA, twiceB)
    }

    /// Iₓ(a, b), and xᵃ(1 − x)ᵇ / B(a, b), by which it rises with log(x / (1 − x)).
    ///
    /// - Parameters:
    ///   - rootOfX: √x.
    ///   - rootOfComplement: √(1 − x), given apart because the one near 1 says nothing of the other.
    func evaluate(rootOfX: DoubleDouble, rootOfComplement: DoubleDouble) -> (value: Double, slope: Double) {
        guard rootOfX > .zero else { return (0, 0) }
        guard rootOfComplement > .zero else { return (1, 0) }
        var product = reciprocalOfBeta
        product *= ScaledProduct(rootOfX).raised(to: twiceA)
        product *= ScaledProduct(rootOfComplement).raised(to: twiceB)
        let slope = product.value
        let (a, b) = (Double(twiceA) / 2, Double(twiceB) / 2)
        let (x, complement) = (rootOfX * rootOfX, rootOfComplement * rootOfComplement)
        let distance = Double(DoubleDouble(a) * complement - DoubleDouble(b) * x)
        // The fraction is for the near side of the mean a / (a + b). The far side is its complement:
        // Iₓ(a, b) = 1 − I₁₋ₓ(b, a), DLMF 8.17.4.
        if distance >= 0 {
            let fraction = Self.fraction(a: a, b: b, x: Double(x), complement: Double(complement), distance: distance)
            return (slope / fraction, slope)
        }
        let fraction = Self.fraction(a: b, b: a, x: Double(complement), complement: Double(x), distance: -distance)
        return (1 - slope / fraction, slope)
    }

    /// The continued fraction β₁ + α₂/(β₂ + α₃/(β₃ + …)) by which xᵃ(1 − x)ᵇ / B(a, b) is to be divided: the even part of
    /// DLMF 8.17.22, in the form of A. R. DiDonato and A. H. Morris, *Algorithm 708: significant digit computation of the
    /// incomplete beta function ratios*, ACM Transactions on Mathematical Software 18, 1992, which does not cancel.
    /// Evaluated forwards (W. J. Lentz, Applied Optics 15, 1976).
    ///
    /// - Parameter distance: λ = a − (a + b) x, not negative.
    private static func fraction(a: Double, b: Double, x: Double, complement: Double, distance: Double) -> Double {
        var value = a / (a + 1) * (distance + 1)
        var numerator = value
        var denominator = 0.0
        // The slowest cases, near the mean, take some 200 steps.
        for step in 1...10_000 {
            let n = Double(step)
            let before = a + 2 * n - 1
            let alpha = (a + n - 1) / before * ((a + b + n - 1) / before) * n * (b - n) * x * x
            let beta = n + n * (b - n) * x / before + (a + n) / (before + 2) * (distance + 1 + n * (1 + complement))
            denominator = 1 / (beta + alpha * denominator)
            numerator = beta + alpha / numerator
            let change = numerator * denominator
            value *= change
            if abs(change - 1) <= .ulpOfOne { break }
        }
        return value
    }
}

/// 1 / B(a, b) from twice its arguments.
extension IncompleteBeta {
    private static func reciprocalOfBeta(_ twiceA: Int, _ twiceB: Int) -> ScaledProduct {
        let (larger, smaller) = (max(twiceA, twiceB), min(twiceA, twiceB))
        let isWhole = smaller % 2 == 0
        // From b = 1 or b = ½ up in steps of one: B(a, b + 1) = B(a, b) b / (a + b).
        var product = ScaledProduct(isWhole ? DoubleDouble(Double(larger) / 2) : gammaRatio(larger) / rootOfPi)
        for twice in stride(from: isWhole ? 2 : 1, to: smaller, by: 2) {
            product *= ScaledProduct(DoubleDouble(Double(larger + twice)) / DoubleDouble(Double(twice)))
        }
        return product
    }

    private static let rootOfPi = DoubleDouble(Double.pi).squareRoot()

    /// Γ(a + ½) / Γ(a) from 2a.
    ///
    /// The expansion in even powers of 1/w with w = a − ¼ (DLMF 5.11.14; its terms worked out from the generalized
    /// Bernoulli polynomials) has an error below 10⁻¹⁷ from a = 32 up; smaller a are brought there by Γ(a + 1) = a Γ(a).
    private static func gammaRatio(_ twiceA: Int) -> DoubleDouble {
        var ratio = DoubleDouble.one
        var twice = twiceA
        while twice < 64 {
            ratio *= DoubleDouble(Double(twice)) / DoubleDouble(Double(twice + 1))
            twice += 2
        }
        let w = Double(twice) / 2 - 0.25
        let v = 1 / (w * w)
        let tail = (((-174_317 / 0x1p27 * v + 631 / 0x1p19) * v - 19 / 0x1p13) * v + 1 / 0x1p6) * v
        return ratio * DoubleDouble(w).squareRoot() * DoubleDouble.sum(1, tail)
    }
}
