/// What a formula predicts: a column of numbers, as it is or transformed.
package struct Response: Sendable, Hashable {
    /// As R writes it: `price`, `log(price)`.
    package let name: String
    package let column: String
    let expression: Expression
    /// From the fit's scale back to the column's own, the first step first; none where the response is the column.
    private let inverse: [Inverse]

    /// One step back.
    private enum Inverse: Sendable, Hashable {
        case exponential(base: Double?)
        case exponentialLessOne
        case logarithm
        case square
        case negative
        case sum(Double)
        /// a - y
        case differenceFrom(Double)
        case product(Double)
        /// a / y
        case quotientOf(Double)
        case root(Double)
    }

    /// Whether predictions are on the column's own scale by themselves.
    package var isPlain: Bool { inverse.isEmpty }

    /// Whether a sum on the scale of the fit is a product on the column's own, as of `log(price)`.
    var turnsSumsIntoProducts: Bool {
        guard case .exponential = inverse.first else { return false }
        return inverse.dropFirst().allSatisfy { if case .product = $0 { true } else { false } }
    }

    /// The response of a row on the scale of the fit; not finite where the transformation is not defined there.
    package func transformed(_ value: Double) -> Double { expression.value { _ in value } }

    func transformed(_ value: Double) -> DoubleDouble { expression.value { _ in DoubleDouble(value) } }

    /// A number of the fit's scale on the column's own: of the expected response that is the median.
    ///
    /// Beyond the transformation's range (below 0 for a square root) it is the end of that range.
    package func original(_ value: Double) -> Double {
        inverse.reduce(value) { value, step in
            switch step {
            case .exponential(nil): value.exponential()
            case .exponential(let base?): base.raised(toReal: value)
            case .exponentialLessOne: value.exponentialLessOne()
            case .logarithm: value > 0 ? value.naturalLogarithm() : -.infinity
            case .square: value > 0 ? value * value : 0
            case .negative: -value
            case .sum(let other): value + other
            case .differenceFrom(let other): other - value
            case .product(let factor): value * factor
            case .quotientOf(let other): other / value
            case .root(let exponent):
                value > 0
                    ? value.raised(toReal: 1 / exponent)
                    : value == 0 || !exponent.isOdd
                        ? 0 : -(-value).raised(toReal: 1 / exponent)
            }
        }
    }

    /// The same as arithmetic over the fit's number.
    package func arithmetic(of fit: Arithmetic) -> Arithmetic {
        inverse.reduce(fit) { value, step in
            switch step {
            case .exponential(nil): .function(.exp, value)
            case .exponential(let base?): .power(.number(base), value)
            case .exponentialLessOne: .function(.expm1, value)
            case .logarithm: .function(.log, value)
            case .square: .ifPositive(value, .product(value, value), .number(0))
            case .negative: .negative(value)
            case .sum(let other): .sum(value, .number(other))
            case .differenceFrom(let other): .difference(.number(other), value)
            case .product(let factor): .product(value, .number(factor))
            case .quotientOf(let other): .quotient(.number(other), value)
            case .root(let exponent):
                .ifPositive(
                    value, .power(value, .number(1 / exponent)),
                    exponent.isOdd
                        ? .ifPositive(
                            .negative(value), .negative(.power(.negative(value), .number(1 / exponent))), .number(0))
                        : .number(0))
            }
        }
    }

    /// The ends of an interval on the column's own scale, the lower one first.
    package func original(lower: Double, upper: Double) -> (lower: Double, upper: Double) {
        let (first, second) = (original(lower), original(upper))
        return first <= second ? (first, second) : (second, first)
    }
}

extension Double {
    fileprivate var isOdd: Bool { self.truncatingRemainder(dividingBy: 2).magnitude == 1 }
}

// MARK: - Reading

extension Response {
    init(_ syntax: FormulaSyntax, factors: Set<String>, in text: String) throws(FormulaError) {
        let columns = syntax.columns
        guard columns.count == 1, columns[0] != "." else {
            throw FormulaError(
                text: text, place: syntax.place,
                problem: "the response is one column, as it is or transformed; here it names"
                    + " \(columns.isEmpty ? "none" : columns.map { "'\($0)'" }.joined(separator: " and "))")
        }
        if factors.contains(columns[0]) {
            throw FormulaError(
                text: text, place: syntax.place,
                problem: "the response '\(columns[0])' holds levels; it must be a number")
        }
        name = syntax.text
        column = columns[0]
        expression = try Expression(syntax, in: text)
        inverse = try Self.inverse(of: syntax, in: text)
    }

    /// The steps back, for the outermost operation first.
    private static func inverse(of syntax: FormulaSyntax, in text: String) throws(FormulaError) -> [Inverse] {
        let refusal = FormulaError(
            text: text, place: syntax.place,
            problem:
                "'\(syntax.text)' cannot be turned back into the response's own scale; accepted are the column once, in"
                + " log, log2, log10, log1p, exp, sqrt, and with numbers by + - * / ^")
        switch syntax {
        case .name: return []
        case .group(let inner, _): return try inverse(of: inner, in: text)
        case .sign(let sign, let operand, _):
            return (sign == "-" ? [.negative] : []) + (try inverse(of: operand, in: text))
        case .call("I", let arguments, _): return try inverse(of: arguments[0].value, in: text)
        case .call(let name, let arguments, _):
            guard arguments.count == 1 || name == "log" && arguments.last?.value.columns.isEmpty == true,
                let step = step(name, base: arguments.count == 2 ? arguments[1].value : nil, in: text)
            else { throw refusal }
            return [step] + (try inverse(of: arguments[0].value, in: text))
        case .pair(let left, let sign, let right):
            let isLeft = !left.columns.isEmpty
            guard left.columns.isEmpty || right.columns.isEmpty,
                let number = constant(isLeft ? right : left, in: text),
                let step = step(sign, number, isLeft: isLeft)
            else { throw refusal }
            return [step] + (try inverse(of: isLeft ? left : right, in: text))
        case .number: throw refusal
        }
    }

    private static func constant(_ syntax: FormulaSyntax, in text: String) -> Double? {
        let value: Double? = (try? Expression(syntax, in: text)).map { $0.value { _ in .nan } }
        return value.flatMap { $0.isFinite ? $0 : nil }
    }

    private static func step(_ function: String, base: FormulaSyntax?, in text: String) -> Inverse? {
        switch function {
        case "log":
            guard let base else { return .exponential(base: nil) }
            return constant(base, in: text).flatMap { $0 > 0 && $0 != 1 ? .exponential(base: $0) : nil }
        case "log2": return .exponential(base: 2)
        case "log10": return .exponential(base: 10)
        case "log1p": return .exponentialLessOne
        case "exp": return .logarithm
        case "sqrt": return .square
        default: return nil
        }
    }

    /// - Parameter isLeft: whether the column stands before the sign.
    private static func step(_ sign: String, _ number: Double, isLeft: Bool) -> Inverse? {
        switch (sign, isLeft) {
        case ("+", _): .sum(-number)
        case ("-", true): .sum(number)
        case ("-", false): .differenceFrom(number)
        case ("*", _): number == 0 ? nil : .product(1 / number)
        case ("/", true): number == 0 ? nil : .product(number)
        case ("/", false): number == 0 ? nil : .quotientOf(number)
        // Of even powers the sign is lost; the positive root is meant.
        case ("^", true): number == 0 ? nil : .root(number)
        default: nil
        }
    }
}
