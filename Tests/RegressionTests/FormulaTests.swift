import Testing

@testable import Regression

struct FormulaTests {
    static let columns = ["y", "a", "b", "c", "f", "g"]
    static let factors: Set = ["f", "g"]

    @Test(
        "a formula stands for the terms that R's terms() finds, those of fewer atoms first",
        arguments: [
            ("y ~ 1", []), ("y ~ a + b", ["a", "b"]), ("y ~ a * b", ["a", "b", "a:b"]),
            ("y ~ a:b + b", ["b", "a:b"]), ("y ~ b:a", ["b:a"]), ("y ~ b + a:b", ["b", "b:a"]),
            ("y ~ (a + b + c)^2", ["a", "b", "c", "a:b", "a:c", "b:c"]),
            ("y ~ (a + b)**2 - a", ["b", "a:b"]), ("y ~ a / b", ["a", "a:b"]),
            ("y ~ (a + b) / c", ["a", "b", "a:b:c"]),
            ("y ~ a / (b + c)", ["a", "a:b", "a:c"]), ("y ~ a %in% b", ["a:b"]),
            ("y ~ (a + b) %in% c", ["a:c", "b:c"]), ("y ~ a + a + b - b", ["a"]), ("y ~ a * b - a:b", ["a", "b"]),
            ("y ~ . - c", ["a", "b", "f", "g"]),
            (
                "y ~ .^2 - .",
                [
                    "a:b", "a:c", "a:f", "a:g", "b:c", "b:f", "b:g", "c:f", "c:g", "f:g",
                ]
            ),
            ("log(y) ~ .", ["a", "b", "c", "f", "g"]), ("y ~ log(a) + I(a^2)", ["log(a)", "I(a^2)"]),
            ("y ~ a - (b - a)", ["a"]), ("y ~ a - (b + a)", []), ("y ~ f:a + f", ["f", "f:a"]),
        ] as [(String, [String])])
    func terms(text: String, terms: [String]) throws {
        let formula = try Formula(text, columns: Self.columns, factors: Self.factors)
        #expect(formula.terms.map(\.name) == terms)
        #expect(formula.hasIntercept)
    }

    @Test(
        "0, - 1 and + 1 take the intercept away and give it back, the last one last",
        arguments: [
            ("y ~ 0 + a", false), ("y ~ a - 1", false), ("y ~ -1 + a", false), ("y ~ a + 0 + 1", true),
            ("y ~ a - 0", true), ("y ~ a - 1 + 1", true), ("y ~ (a - 1)^2", false), ("y ~ a - -1", true),
        ])
    func intercept(text: String, hasIntercept: Bool) throws {
        #expect(try Formula(text).hasIntercept == hasIntercept)
    }

    @Test(
        "a formula is described as R writes it, and read back from that it is the same",
        arguments: [
            ("y~a+I( a ^3 )+f", "y ~ a + I(a^3) + f"), ("y ~ a-1", "y ~ a - 1"), ("log( y,10 )~1", "log(y, 10) ~ 1"),
            ("y ~ .", "y ~ a + b + c + f + g"), ("y ~ . - a", "y ~ (a + b + c + f + g) - a"),
            ("y ~ (.)^2", "y ~ (a + b + c + f + g)^2"),
            ("y ~ I(100000 * a) + exp(-a / 50)", "y ~ I(1e+05 * a) + exp(-a/50)"),
            ("y ~ poly(a,2,raw=TRUE)", "y ~ poly(a, 2, raw = TRUE)"), ("y ~ `a`:f %in% g", "y ~ a:f %in% g"),
            ("y ~ I(0.1 * a + 123456789 + 1e-7)", "y ~ I(0.1 * a + 123456789 + 1e-07)"),
            ("y ~ I(a^-1L)", "y ~ I(a^-1)"),
            ("y ~ I(0.30000000000000004 * a)", "y ~ I(0.30000000000000004 * a)"),
            ("y ~ I(a + 100000000000000000000.0 / 3)", "y ~ I(a + 1e+20/3)"),
        ])
    func description(text: String, described: String) throws {
        let formula = try Formula(text, columns: Self.columns, factors: Self.factors)
        #expect(formula.description == described)
        #expect(try Formula(formula.description, factors: Self.factors) == formula)
    }

    @Test("names that R would not read stand in backticks")
    func names() throws {
        let formula = try Formula("`Größe in m` ~ Petal.Length + `2nd` + größe + .x", factors: [])
        #expect(formula.description == "`Größe in m` ~ Petal.Length + `2nd` + größe + .x")
        #expect(formula.response.column == "Größe in m" && formula.numbers == ["Petal.Length", "2nd", "größe", ".x"])
    }

    typealias Wrong = (text: String, problem: String, carets: String)

    @Test(
        "a formula that is wrong is refused with what is accepted and a caret under the place",
        arguments: [
            ("weight", "a formula is a response, ~, and terms", "      ^"),
            ("y ~", "a name, a number or a parenthesis should stand here", "   ^"),
            ("y ~ a +", "a name, a number or a parenthesis should stand here", "       ^"),
            ("y ~ (a + b", "a parenthesis that was opened is not closed", "          ^"),
            ("y ~ a b", "the formula should end here", "      ^"),
            ("y ~ a ~ b", "the formula should end here", "      ^"),
            ("y ~ a + sin(b)", "the function 'sin' is not known", "        ^^^^^^"),
            ("y ~ a + 2", "of numbers, only 0 and 1", "        ^"),
            ("y ~ a^b", "among terms ^ joins them so many times", "      ^"),
            ("y ~ (a + b)^0", "among terms ^ joins them so many times", "            ^"),
            ("y ~ log(f)", "'f' holds levels and no numbers", "    ^^^^^^"),
            ("y ~ poly(a, 0)", "the degree of 'poly' is a whole number from 1 to 32", "            ^"),
            ("y ~ poly(a, b, 2)", "'poly' takes a column, a degree", "               ^"),
            ("y ~ poly(a, 2, raw = 3)", "'raw' is TRUE or FALSE", "                     ^"),
            ("y ~ offset(a)", "an offset is not accepted", "    ^^^^^^^^^"),
            ("y ~ I(3)", "'I(3)' names no column", "    ^^^^"),
            ("y ~ I(a:b)", "':' joins terms and is no arithmetic", "      ^^^"),
            ("y ~ a + y", "the response 'y' stands among the terms as well", "    ^^^^^"),
            ("y + a ~ b", "the response is one column", "^^^^^"),
            ("1 ~ b", "the response is one column", "^"),
            ("f ~ b", "the response 'f' holds levels", "^"),
            ("abs(y) ~ b", "cannot be turned back into the response's own scale", "^^^^^^"),
            ("y + y ~ b", "cannot be turned back into the response's own scale", "^^^^^"),
            ("y ~ a & b", "'&' has no meaning here", "      ^"),
            ("y ~ 3a", "'3a' is no number", "    ^^"),
            ("y ~ `a", "a name in backticks must have a character and an end", "    ^^"),
            ("y ~ .", "there are no other columns that the point could stand for", "    ^"),
            ("y ~ 0", "the formula has neither terms nor an intercept", "    ^"),
            ("y ~ factor(a, b)", "'factor' takes the name of one column", "    ^^^^^^^^^^^^"),
            ("y ~ log(a, b, c)", "'log' takes a number and perhaps a base", "    ^^^^^^^^^^^^"),
        ] as [Wrong])
    func wrong(text: String, problem: String, carets: String) {
        let error = #expect(throws: FormulaError.self) { try Formula(text, factors: Self.factors) }
        let lines = error?.description.split(separator: "\n", omittingEmptySubsequences: false) ?? []
        #expect(lines.first?.contains(problem) == true, "\(lines)")
        #expect(lines.last.map(String.init) == "  \(carets)", "\(lines)")
    }

    @Test("what would take too long to lay out is refused at once")
    func tooLarge() {
        let deep = "y ~ " + String(repeating: "(", count: 500) + "a" + String(repeating: ")", count: 500)
        let signs = "y ~ I(" + String(repeating: "-", count: 500) + "a)"
        let wide = "y ~ (" + (0..<40).map { "x\($0)" }.joined(separator: " + ") + ")^20"
        let long = "y ~ " + String(repeating: "a + ", count: 5_000) + "b"
        let stacked = "y ~ I(" + String(repeating: "a + (", count: 30) + "a" + String(repeating: ")", count: 31)
        for text in [deep, signs, wide, long, stacked] {
            #expect(throws: FormulaError.self) { try Formula(text) }
        }
    }

    @Test(
        "without a factor a formula keeps the terms that do not hold it, and an intercept where the factor stood in for one",
        arguments: [
            ("y ~ a + f", ["f"], "y ~ a"), ("y ~ a * f * g", ["g"], "y ~ a + f + a:f"),
            ("y ~ a * f * g", ["f", "g"], "y ~ a"), ("y ~ 0 + f", ["f"], "y ~ 1"), ("y ~ 0 + f + a", ["f"], "y ~ a"),
            ("y ~ 0 + f + g", ["g"], "y ~ f - 1"), ("y ~ a:f", ["f"], "y ~ 1"), ("y ~ a - 1", ["f"], "y ~ a - 1"),
            ("y ~ a + factor(b)", ["b"], "y ~ a"),
        ] as [(String, Set<String>, String)])
    func without(text: String, columns: Set<String>, expected: String) throws {
        let formula = try Formula(text, factors: Self.factors)
        #expect(formula.without(factors: columns).description == expected)
    }

    @Test(
        "a transformed response is turned back into its own scale",
        arguments: [
            "y", "log(y)", "log2(y)", "log10(y)", "log1p(y)", "exp(y)", "sqrt(y)", "-y", "y - 3", "3 - y", "2 * y",
            "y / 4",
            "4 / y", "I(y^3)", "1 / sqrt(y)", "log(y / 1000)", "log(y + 1, base = 3)", "I((2 * y + 1)^2)",
            "-log(1 / y)",
        ])
    func back(text: String) throws {
        let response = try Formula("\(text) ~ a").response
        for value in [0.25, 1, 2.5, 80] {
            let transformed: Double = response.transformed(value)
            expectClose(response.original(transformed), value, within: 1e-12, text)
            let exact: DoubleDouble = response.transformed(value)
            expectClose(Double(exact), transformed, within: 1e-14, text)
        }
        let lower: Double = response.transformed(2), upper: Double = response.transformed(3)
        let ends = response.original(lower: min(lower, upper), upper: max(lower, upper))
        expectClose(ends.lower, 2, within: 1e-12, text)
        expectClose(ends.upper, 3, within: 1e-12, text)
        #expect(response.isPlain == (text == "y"))
    }

    @Test("beyond the range of a transformation stands the end of that range")
    func range() throws {
        #expect(try Formula("sqrt(y) ~ a").response.original(-2) == 0)
        #expect(try Formula("exp(y) ~ a").response.original(-2) == -.infinity)
    }
}
