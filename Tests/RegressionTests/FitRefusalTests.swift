import Testing

@testable import Regression

struct FitRefusalTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let refusal: FitRefusal
        var formula = Formula.of("y ~ x + f", factors: ["f"])
        var table = FitRefusalTests.table
        var tolerance = 1e-7
        let sentence: String
    }

    static let table = Table(
        numbers: ["x": [1, 2, 4], "y": [3, 5, 6]], levels: ["f": ["a", "b", "a"]])

    static let cases = [
        Case(
            testDescription: "no rows", refusal: .noRows, table: Table(numbers: ["x": [], "y": []], levels: ["f": []]),
            sentence: "there are no rows to fit"),
        Case(
            testDescription: "a name of two columns", refusal: .repeatedColumn("fb"),
            formula: Formula.of("y ~ fb + f", factors: ["f"]),
            table: table.with("fb", [1, 2, 3]),
            sentence: "the formula gives two columns of the name 'fb'; rename a column or a level"),
        Case(
            testDescription: "a tolerance below the smallest", refusal: .tolerance(1e-15), tolerance: 1e-15,
            sentence: "the tolerance 1e-15 is not accepted; it must be at least 1e-14 and below 1"),
        Case(
            testDescription: "an unknown variable",
            refusal: .unknownNumbers(column: "z", known: ["x", "y"]),
            formula: Formula.of("y ~ z"),
            sentence: "there is no column of numbers 'z'; there are: 'x', 'y'"),
        Case(
            testDescription: "an unknown factor", refusal: .unknownLevels(column: "g", known: ["f"]),
            formula: Formula.of("y ~ g", factors: ["g"]),
            sentence: "there is no column of levels 'g'; there are: 'f'"),
        Case(
            testDescription: "an infinite value", refusal: .notFinite(column: "x", row: 3, value: .infinity),
            table: table.with("x", [1, 2, .infinity]),
            sentence: "'x' is inf in row 3; every value must be a finite number"),
        Case(
            testDescription: "an infinite response", refusal: .notFinite(column: "y", row: 1, value: -.infinity),
            table: table.with("y", [-.infinity, 2, 3]),
            sentence: "'y' is -inf in row 1; every value must be a finite number"),
        Case(
            testDescription: "a logarithm of 0", refusal: .notFinite(column: "x", row: 2, value: -.infinity),
            formula: .of("y ~ log(x)"), table: table.with("x", [1, 0, 2]),
            sentence: "'x' is -inf in row 2; every value must be a finite number"),
        Case(
            testDescription: "a degree above the different numbers", refusal: .tooFewValues("poly(x, 3)", degree: 3),
            formula: .of("y ~ poly(x, 3)"),
            sentence: "'poly(x, 3)' needs more than 3 different numbers, and the rows have fewer, or such as lie too"
                + " close together"),
        Case(
            testDescription: "one level", refusal: .singleLevel(factor: "f", level: "a"),
            table: Table(numbers: table.numbers, levels: ["f": ["a", "a", "a"]]),
            sentence: "the factor 'f' has the one level 'a' in all rows; it needs two or more levels to be estimated"),
        Case(
            testDescription: "more columns than are accepted", refusal: .tooManyColumns(1001),
            formula: Formula.of("y ~ f", factors: ["f"]),
            table: Table(numbers: ["y": Array(repeating: 1, count: 1001)], levels: ["f": (0...1000).map(String.init)]),
            sentence: "the formula and the levels give 1001 columns; at most 1000 are accepted"),
        Case(
            testDescription: "nothing but zeros", refusal: .nothingToFit,
            formula: Formula.of("y ~ x - 1"),
            table: table.with("x", [0, 0, 0]),
            sentence: "every column of the design is zero in all rows, so there is nothing to estimate"),
        Case(
            testDescription: "a coefficient that no double can hold", refusal: .outOfRange("the coefficient of 'x'"),
            formula: Formula.of("y ~ x"),
            table: table.with("x", [1, 2, 4].map { $0 * 0x1p-1040 }),
            sentence: "the coefficient of 'x' is outside the range of a double in the units of the data;"
                + " choose other units"),
        Case(
            testDescription: "a sum of squares that no double can hold",
            refusal: .outOfRange("the residual sum of squares"),
            formula: Formula.of("y ~ x"), table: table.with("y", [1e200, 2e200, 7e200]),
            sentence: "the residual sum of squares is outside the range of a double in the units of the data;"
                + " choose other units"),
    ]

    @Test("what cannot be fitted is refused with a sentence that says why", arguments: cases)
    func refuses(refused: Case) {
        let error = #expect(throws: FitRefusal.self) {
            try LinearModel.fit(refused.formula, to: refused.table, tolerance: refused.tolerance)
        }
        #expect(error == refused.refusal)
        #expect(error?.description == refused.sentence)
    }

    @Test("a value that is not a number is refused too")
    func refusesNaN() {
        let error = #expect(throws: FitRefusal.self) {
            try LinearModel.fit(
                Formula.of("y ~ x"), to: Self.table.with("x", [1, .nan, 3]))
        }
        #expect(error?.description == "'x' is nan in row 2; every value must be a finite number")
    }
}
