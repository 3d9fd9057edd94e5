/// The distribution of a ratio of two mean squares.
struct FDistribution: Sendable {
    private let numerator: Int
    private let denominator: Int
    private let beta: IncompleteBeta

    /// - Parameters:
    ///   - numerator: the degrees of freedom of the mean square that is divided: from 1 up.
    ///   - denominator: those of the one that it is divided by: from 1 up.
    init(numerator: Int, denominator: Int) {
        self.numerator = numerator
        self.denominator = denominator
        beta = IncompleteBeta(twiceA: denominator, twiceB: numerator)
    }

    /// The probability of a value above this one.
    func upperTail(of value: Double) -> Double {
        guard value > 0 else { return 1 }
        guard value.isFinite else { return 0 }
        let ratio = DoubleDouble(Double(numerator)) / DoubleDouble(Double(denominator))
        return upperTail(rootOfRatio: DoubleDouble(value).squareRoot() * ratio.squareRoot()).value
    }

    /// The probability of a ratio of the two sums of squares above r²: Iₓ(d₂/2, d₁/2) with x = 1/(1 + r²)
    /// (Abramowitz and Stegun 26.6.2). It falls with log r at twice the slope.
    ///
    /// - Precondition: r is finite and not negative.
    func upperTail(rootOfRatio r: DoubleDouble) -> (value: Double, slope: Double) {
        let isLarge = r > .one
        let small = isLarge ? DoubleDouble.one / r : r
        let root = (.one + small * small).squareRoot()
        let (ofSmall, ofOne) = (small / root, DoubleDouble.one / root)
        return beta.evaluate(
            rootOfX: isLarge ? ofSmall : ofOne, rootOfComplement: isLarge ? ofOne : ofSmall)
    }
}
