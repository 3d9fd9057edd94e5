import SeededTesting
import Testing

@testable import Regression

struct ExpressionTests {
    typealias Case = (function: Expression.Function, of: Double, high: Double, low: Double)

    /// By Python's decimal, to 80 digits, as the sum of two doubles.
    static let exact: [Case] = [
        (.exp, 0x1.0000000000000p+0, 0x1.5bf0a8b145769p+1, 0x1.4d57ee2b1013ap-53),
        (.exp, -0x1.0000000000000p+0, 0x1.78b56362cef38p-2, -0x1.ca8a4270fadf5p-57),
        (.exp, 0x1.0000000000000p-1, 0x1.a61298e1e069cp+0, -0x1.b4690082a4906p-55),
        (.exp, 0x1.9200000000000p+5, 0x1.68e4824f25e63p+72, -0x1.0e75e9173e450p+17),
        (.exp, -0x1.2c80000000000p+8, 0x1.629f5b5352a54p-434, 0x1.e67737d3b2fd8p-488),
        (.exp, 0x1.12e0be826d695p-30, 0x1.000000044b830p+0, -0x1.7b444af5c26a7p-54),
        (.exp, 0x1.5e00000000000p+9, 0x1.d945df4f8ec8ep+1009, 0x1.183392684a46ep+954),
        (.log, 0x1.0000000000000p+1, 0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56),
        (.log, 0x1.4000000000000p+3, 0x1.26bb1bbb55516p+1, -0x1.f48ad494ea3e9p-53),
        (.log, 0x1.999999999999ap-4, -0x1.26bb1bbb55515p+1, -0x1.8b752b6b15c17p-53),
        (.log, 0x1.7e43c8800759cp+996, 0x1.5963447f87fb5p+9, 0x1.abccc0710fcd4p-46),
        (.log, 0x1.ac9a7b3b7302fp-995, -0x1.5895426fc88efp+9, 0x1.9156015f7513bp-45),
        (.log, 0x1.000001ad7f29bp+0, 0x1.ad7f2847b6492p-24, 0x1.d7f4a57fcf3ddp-80),
        (.log, 0x1.e240c9fbe76c9p+16, 0x1.77281cad8a844p+3, -0x1.d8fe0707e837cp-52),
        (.log10, 0x1.0000000000000p+1, 0x1.34413509f79ffp-2, -0x1.9dc1da994fd21p-59),
        (.log10, 0x1.f400000000000p+9, 0x1.8000000000000p+1, 0x0.0p+0),
        (.log10, 0x1.0624dd2f1a9fcp-10, -0x1.8000000000000p+1, 0x1.4d89c4fdd2bcbp-57),
        (.log10, 0x1.d000000000000p+2, 0x1.b87e392374dd5p-1, 0x1.adf4cedd4cce7p-57),
        (.log2, 0x1.8000000000000p+1, 0x1.95c01a39fbd68p+0, 0x1.e7e802c48281ap-54),
        (.log2, 0x1.0000000000000p+3, 0x1.8000000000000p+1, -0x1.7b6d71d20b96cp-263),
        (.log2, 0x1.999999999999ap-4, -0x1.a934f0979a371p+1, -0x1.8cf4b5a4471ddp-54),
        (.log1p, 0x1.79ca10c924223p-67, 0x1.79ca10c924223p-67, -0x1.16c262777579cp-134),
        (.log1p, -0x1.ad7f29abcaf48p-24, -0x1.ad7f2b1414ae8p-24, 0x1.79cc6e63f5a3ep-79),
        (.log1p, 0x1.0000000000000p-1, 0x1.9f323ecbf984cp-2, -0x1.a92e513217f5cp-59),
        (.log1p, 0x1.2a05f20000000p+33, 0x1.7069e2aa3184ep+4, 0x1.8bef93af027d0p-50),
    ]

    @Test("elementary functions of a double-double have nearly all of its digits", arguments: exact)
    func functions(function: Expression.Function, of argument: Double, high: Double, low: Double) {
        let value = DoubleDouble(argument).applying(function)
        let difference = value - DoubleDouble(high) - DoubleDouble(low)
        // Near 1 the logarithm is small, and known as a part of 1.
        #expect(abs(difference.high) <= 1e-29 * abs(high) + 1e-31, "\(function) of \(argument): \(value)")
        expectClose(argument.applying(function), high, within: 1e-15, "\(function) of \(argument)")
    }

    @Test(
        "the double-double of what a function is not defined for is not finite",
        arguments: [0.0, -1.0, -Double.infinity, Double.nan])
    func undefined(argument: Double) {
        #expect(!DoubleDouble(argument).applying(.log).high.isFinite)
        #expect(!DoubleDouble(argument).applying(.log2).high.isFinite)
        #expect(!DoubleDouble(argument).applying(.log10).high.isFinite)
        #expect(!DoubleDouble(800).applying(.exp).high.isFinite)
        #expect(DoubleDouble(-800).applying(.exp).high == 0)
    }

    @Test(
        "arithmetic binds as R's does",
        arguments: [
            ("-x^2", -9), ("2^2^x", 256), ("x - 1 - 1", 1), ("12 / x / 2", 2), ("2 * (x + 1)", 8), ("x^-1", 1 / 3.0),
            ("x**2", 9), ("-x + 1", -2), ("abs(-x)", 3), ("sqrt(x^2)", 3), ("log(x, 3)", 1), ("log2(2^x)", 3),
            ("log10(10^x)", 3), ("exp(log(x))", 3), ("log1p(x - 1)", 1.0986122886681098), ("x^0.5", 1.7320508075688772),
            ("(-x)^3", -27), ("I(x + I(x))", 6), ("x^0", 1),
        ] as [(String, Double)])
    func arithmetic(text: String, expected: Double) throws {
        let formula = try Formula("y ~ I(\(text))")
        guard case .number(let expression) = formula.atoms[0].kind else {
            Issue.record("\(text) is no expression")
            return
        }
        let value: Double = expression.value { _ in 3 }
        expectClose(value, expected, within: 1e-15, text)
        let exact: DoubleDouble = expression.value { _ in DoubleDouble(3) }
        expectClose(Double(exact), expected, within: 1e-15, text)
    }

    @Test(
        "a number is written as R's deparse writes it",
        arguments: [
            (1, "1"), (100, "100"), (1e5, "1e+05"), (123456, "123456"), (0.1, "0.1"), (1e-4, "1e-04"),
            (0.00012, "0.00012"),
            (1.5e10, "1.5e+10"), (1.0 / 3, "0.333333333333333"), (1e15, "1e+15"), (120_000, "120000"), (0, "0"),
            (-2.5, "-2.5"),
            (0.1 + 0.2, "0.3"),
        ] as [(Double, String)])
    func numbers(value: Double, text: String) { #expect(value.textOfR == text) }
}

struct PolynomialBasisTests {
    @Test(
        "the polynomials are orthogonal on the rows that they were made of, and of length 1", arguments: [1, 2, 5, 12])
    func orthogonal(degree: Int) throws {
        var random = SeededGenerator(seed: UInt64(degree))
        let numbers = (0..<40).map { _ in 2000 + 5 * random.roughlyNormal() }
        let basis = try #require(PolynomialBasis(of: numbers.map { DoubleDouble($0) }, degree: degree))
        var columns = Array(repeating: [Double](), count: degree)
        for number in numbers { basis.forEachValue(at: DoubleDouble(number)) { columns[$0].append(Double($1)) } }
        for (place, column) in columns.enumerated() {
            expectNear(column.reduce(0, +), 0, within: 1e-10, "sum of \(place)")
            for (other, against) in columns.enumerated() {
                let product = zip(column, against).map { $0 * $1 }.reduce(0, +)
                expectNear(product, place == other ? 1 : 0, within: 1e-10, "\(place) by \(other)")
            }
        }
    }

    @Test("there is no basis of as few different numbers as its degree")
    func tooFew() {
        #expect(PolynomialBasis(of: [1, 2, 1, 2].map { DoubleDouble($0) }, degree: 2) == nil)
        #expect(PolynomialBasis(of: [1, 2, 3, 2].map { DoubleDouble($0) }, degree: 2) != nil)
    }
}
