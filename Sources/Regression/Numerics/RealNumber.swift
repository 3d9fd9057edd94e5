/// What an expression and a column of a design are worked out in: doubles for an answer, double-doubles for a fit.
protocol RealNumber: Equatable, BitwiseCopyable {
    init(_ value: Double)
    static var one: Self { get }
    static var zero: Self { get }
    static prefix func - (value: Self) -> Self
    static func + (left: Self, right: Self) -> Self
    static func - (left: Self, right: Self) -> Self
    static func * (left: Self, right: Self) -> Self
    static func / (left: Self, right: Self) -> Self
    func squareRoot() -> Self
    func exponential() -> Self
    /// Not finite where the number is not positive.
    func naturalLogarithm() -> Self
    func binaryLogarithm() -> Self
    func decimalLogarithm() -> Self
    /// The natural logarithm of one more, without cancellation near 0.
    func naturalLogarithmOfOneMore() -> Self
    var absolute: Self { get }
    func raised(toReal exponent: Self) -> Self
}

extension RealNumber {
    /// A whole power, by repeated multiplication up to 4 and by squaring beyond.
    @inline(__always)
    func raised(to exponent: Int) -> Self {
        if exponent == 1 { return self }
        return exponent < 0 ? .one / powered(-exponent) : powered(exponent)
    }

    private func powered(_ exponent: Int) -> Self {
        guard exponent > 4 else {
            var power = Self.one
            for _ in 0..<exponent { power = power * self }
            return power
        }
        var (power, square, left) = (Self.one, self, exponent)
        while left > 0 {
            if left & 1 == 1 { power = power * square }
            left >>= 1
            if left > 0 { square = square * square }
        }
        return power
    }

    @inline(__always)
    func applying(_ function: Expression.Function) -> Self {
        switch function {
        case .log: naturalLogarithm()
        case .log2: binaryLogarithm()
        case .log10: decimalLogarithm()
        case .log1p: naturalLogarithmOfOneMore()
        case .exp: exponential()
        case .sqrt: squareRoot()
        case .abs: absolute
        }
    }
}

extension Double: RealNumber {
    static var one: Double { 1 }
    var absolute: Double { magnitude }
}
