/// Arithmetic over columns, as in `log(area)` and `I(length^2 * height)`: what a number of a row is made to before it
/// enters a regression.
///
/// It is kept as steps over a stack, so that one value costs neither an allocation nor a reference count, and so that the
/// same steps give a double for an answer and a double-double for a fit.
struct Expression: Sendable, Hashable {
    enum Function: String, Sendable, CaseIterable {
        case log, log2, log10, log1p, exp, sqrt, abs
    }

    enum Step: Sendable, Hashable {
        case constant(Double)
        /// By its place in `columns`.
        case column(Int)
        case negative
        case sum, difference, product, quotient, power
        case wholePower(Int)
        case function(Function)
    }

    /// More values than any written formula keeps waiting at one time.
    private static let stackMax = 16

    let steps: [Step]
    /// The columns that it reads, each once, in order.
    let columns: [String]

    /// - Parameter column: the value of a column by its place in `columns`.
    /// - Returns: not finite where the arithmetic is not defined, as of the logarithm of 0.
    func value<Number: RealNumber>(_ column: (Int) -> Number) -> Number {
        var stack = InlineArray<16, Number>(repeating: Number(0))
        var top = -1
        for step in steps {
            switch step {
            case .constant(let value):
                top += 1
                stack[top] = Number(value)
            case .column(let place):
                top += 1
                stack[top] = column(place)
            case .negative: stack[top] = -stack[top]
            case .wholePower(let exponent): stack[top] = stack[top].raised(to: exponent)
            case .function(let function): stack[top] = stack[top].applying(function)
            case .sum, .difference, .product, .quotient, .power:
                top -= 1
                stack[top] = Self.combined(stack[top], stack[top + 1], by: step)
            }
        }
        return stack[0]
    }

    @inline(__always)
    private static func combined<Number: RealNumber>(_ left: Number, _ right: Number, by step: Step) -> Number {
        switch step {
        case .sum: left + right
        case .difference: left - right
        case .product: left * right
        case .quotient: left / right
        default: left.raised(toReal: right)
        }
    }

    /// The column alone, as it stands.
    var plainColumn: String? { steps == [.column(0)] ? columns[0] : nil }

    func isLogarithm(of column: String) -> Bool {
        steps.indices.dropLast().contains { place in
            guard case .column(let number) = steps[place], columns[number] == column,
                case .function(let function) = steps[place + 1]
            else { return false }
            return [.log, .log2, .log10].contains(function)
        }
    }

    /// A column to a whole power from 1 up, which may be formed from a column that is scaled.
    var powerOfColumn: (column: String, exponent: Int)? {
        switch steps.count {
        case 1 where steps[0] == .column(0): (columns[0], 1)
        case 2 where steps[0] == .column(0):
            if case .wholePower(let exponent) = steps[1], 1...Formula.powerMax ~= exponent {
                (columns[0], exponent)
            } else {
                nil
            }
        default: nil
        }
    }
}

// MARK: - Reading

extension Expression {
    /// - Throws: `FormulaError` where it is no arithmetic over columns.
    init(_ syntax: FormulaSyntax, in text: String) throws(FormulaError) {
        let columns = syntax.columns
        var reader = StepReader(text: text, columns: columns)
        try reader.read(syntax)
        guard reader.depthMax <= Self.stackMax else {
            throw FormulaError(
                text: text, place: syntax.place,
                problem: "the arithmetic keeps more than \(Self.stackMax) values waiting; write it flatter")
        }
        steps = reader.steps
        self.columns = columns
    }
}

private struct StepReader {
    let text: String
    let columns: [String]
    private(set) var steps: [Expression.Step] = []
    private var depth = 0
    private(set) var depthMax = 0

    init(text: String, columns: [String]) {
        self.text = text
        self.columns = columns
    }

    private func error(_ syntax: FormulaSyntax, _ problem: String) -> FormulaError {
        FormulaError(text: text, place: syntax.place, problem: problem)
    }

    private mutating func push(_ step: Expression.Step) {
        steps.append(step)
        depth += 1
        depthMax = max(depthMax, depth)
    }

    mutating func read(_ syntax: FormulaSyntax) throws(FormulaError) {
        switch syntax {
        case .number(let value, _): push(.constant(value))
        case .name(".", _):
            throw error(syntax, "a point stands for all other columns among terms only, not in arithmetic")
        case .name(let name, _):
            guard let place = columns.firstIndex(of: name) else {
                throw error(syntax, "'\(name)' is no number; arithmetic is over numbers")
            }
            push(.column(place))
        case .group(let inner, _): try read(inner)
        case .sign(let sign, let operand, _):
            try read(operand)
            if sign == "-" { steps.append(.negative) }
        case .pair(let left, let sign, let right): try read(left, sign, right, in: syntax)
        case .call(let name, let arguments, _): try read(name, arguments, in: syntax)
        }
    }

    private mutating func read(
        _ left: FormulaSyntax, _ sign: String, _ right: FormulaSyntax, in syntax: FormulaSyntax
    ) throws(FormulaError) {
        try read(left)
        if sign == "^", let exponent = right.wholeNumber {
            steps.append(.wholePower(exponent))
            return
        }
        try read(right)
        depth -= 1
        switch sign {
        case "+": steps.append(.sum)
        case "-": steps.append(.difference)
        case "*": steps.append(.product)
        case "/": steps.append(.quotient)
        case "^": steps.append(.power)
        default: throw error(syntax, "'\(sign)' joins terms and is no arithmetic; accepted there are + - * / ^")
        }
    }

    private mutating func read(
        _ name: String, _ arguments: [FormulaSyntax.Argument], in syntax: FormulaSyntax
    ) throws(FormulaError) {
        if name == "I" || Expression.Function(rawValue: name) != nil {
            guard name == "log" ? (1...2).contains(arguments.count) : arguments.count == 1 else {
                throw error(syntax, "'\(name)' takes \(name == "log" ? "a number and perhaps a base" : "one argument")")
            }
            if arguments.count == 2 { return try readLogarithm(arguments) }
            guard arguments[0].name == nil || arguments[0].name == "x" else {
                throw error(syntax, "'\(name)' has no argument '\(arguments[0].name ?? "")'")
            }
            try read(arguments[0].value)
            if let function = Expression.Function(rawValue: name) { steps.append(.function(function)) }
            return
        }
        throw error(
            syntax,
            "the function '\(name)' is not known in arithmetic; accepted are I"
                + Expression.Function.allCases.map { " \($0.rawValue)" }.joined())
    }

    /// `log(x, base)`, which is the quotient of two logarithms.
    private mutating func readLogarithm(_ arguments: [FormulaSyntax.Argument]) throws(FormulaError) {
        guard arguments[0].name == nil || arguments[0].name == "x",
            arguments[1].name == nil || arguments[1].name == "base"
        else { throw error(arguments[1].value, "'log' takes a number and perhaps a base: log(x, base = 3)") }
        for argument in arguments {
            try read(argument.value)
            steps.append(.function(.log))
        }
        depth -= 1
        steps.append(.quotient)
    }
}

extension FormulaSyntax {
    /// `2`, `(2)` and `-2`.
    var wholeNumber: Int? {
        switch self {
        case .number(let value, _): Int(exactly: value).flatMap { abs($0) <= 1_000 ? $0 : nil }
        case .group(let inner, _): inner.wholeNumber
        case .sign("-", let operand, _): operand.wholeNumber.map { -$0 }
        case .sign(_, let operand, _): operand.wholeNumber
        default: nil
        }
    }
}

extension Expression {
    func raised(to exponent: Int) -> Expression {
        exponent == 1 ? self : Expression(steps: steps + [.wholePower(exponent)], columns: columns)
    }
}
