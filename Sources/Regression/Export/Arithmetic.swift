/// Arithmetic over the columns of a row as a tree, for forms in which other programs run a model.
package indirect enum Arithmetic: Sendable, Hashable {
    case number(Double)
    case column(String)
    case negative(Arithmetic)
    case sum(Arithmetic, Arithmetic)
    case difference(Arithmetic, Arithmetic)
    case product(Arithmetic, Arithmetic)
    case quotient(Arithmetic, Arithmetic)
    case power(Arithmetic, Arithmetic)
    case function(Function, Arithmetic)
    /// The second where the first is above 0, else the third.
    case ifPositive(Arithmetic, Arithmetic, Arithmetic)

    package enum Function: String, Sendable, CaseIterable {
        case log, log2, log10, log1p, exp, expm1, sqrt, abs
    }

    /// - Parameter column: the value of a column.
    package func value(_ column: (String) -> Double) -> Double {
        switch self {
        case .number(let value): value
        case .column(let name): column(name)
        case .negative(let operand): -operand.value(column)
        case .sum(let left, let right): left.value(column) + right.value(column)
        case .difference(let left, let right): left.value(column) - right.value(column)
        case .product(let left, let right): left.value(column) * right.value(column)
        case .quotient(let left, let right): left.value(column) / right.value(column)
        case .power(let left, let right): left.value(column).raised(toReal: right.value(column))
        case .function(.expm1, let operand): operand.value(column).exponentialLessOne()
        case .function(let function, let operand):
            operand.value(column).applying(Expression.Function(rawValue: function.rawValue)!)
        case .ifPositive(let condition, let first, let second):
            condition.value(column) > 0 ? first.value(column) : second.value(column)
        }
    }
}

extension Expression {
    var arithmetic: Arithmetic {
        var stack: [Arithmetic] = []
        for step in steps {
            switch step {
            case .constant(let value): stack.append(.number(value))
            case .column(let place): stack.append(.column(columns[place]))
            case .negative: stack.append(.negative(stack.removeLast()))
            case .wholePower(1): continue
            case .wholePower(let exponent): stack.append(.power(stack.removeLast(), .number(Double(exponent))))
            case .function(let function):
                stack.append(.function(Arithmetic.Function(rawValue: function.rawValue)!, stack.removeLast()))
            case .sum, .difference, .product, .quotient, .power:
                let right = stack.removeLast()
                stack.append(Self.combined(stack.removeLast(), right, by: step))
            }
        }
        return stack[0]
    }

    private static func combined(_ left: Arithmetic, _ right: Arithmetic, by step: Step) -> Arithmetic {
        switch step {
        case .sum: .sum(left, right)
        case .difference: .difference(left, right)
        case .product: .product(left, right)
        case .quotient: .quotient(left, right)
        default: .power(left, right)
        }
    }
}

extension PolynomialBasis {
    /// Beyond this degree the powers cancel so far that fewer than eight digits are left.
    static let exportedDegreeMax = 20

    /// The polynomials from degree 1 on as powers of the argument's distance from the rows' mean, by Horner's rule: their
    /// recurrence would be written out twice for each degree.
    func arithmetic(of argument: Arithmetic) -> [Arithmetic] {
        let distance = Arithmetic.difference(argument, .number(alpha[0]))
        return powerCoefficients.map { coefficients in
            coefficients.dropLast().reversed().reduce(.number(coefficients[coefficients.count - 1])) {
                sum, coefficient in
                let product = Arithmetic.product(sum, distance)
                return coefficient == 0 ? product : .sum(product, .number(coefficient))
            }
        }
    }

    /// Of each polynomial the factors of the distance's powers, from 0 up.
    private var powerCoefficients: [[Double]] {
        var (before, current): ([DoubleDouble], [DoubleDouble]) = ([], [.one])
        return alpha.indices.map { place in
            let shift = DoubleDouble(alpha[0]) - DoubleDouble(alpha[place])
            let ratio =
                place == 0
                ? DoubleDouble.zero : DoubleDouble(squaredNorms[place]) / DoubleDouble(squaredNorms[place - 1])
            var next = [DoubleDouble.zero] + current
            for power in current.indices { next[power] += shift * current[power] }
            for power in before.indices { next[power] = next[power] - ratio * before[power] }
            (before, current) = (current, next)
            let norm = DoubleDouble(squaredNorms[place + 1]).squareRoot()
            return next.map { Double($0 / norm) }
        }
    }
}
