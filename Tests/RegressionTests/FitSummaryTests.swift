import SeededTesting
import Testing

@testable import Regression

struct FitSummaryTests {
    @Test("a summary reads like R's")
    func text() throws {
        let reference = try ReferenceCase("mtcars_aliased", in: TestFiles.fixtures)
        let model = try LinearModel.fit(reference.formula, to: reference.table)
        let summary = FitSummary(of: model, fittedTo: reference.table, rowsLeftOut: 3)
        #expect(
            summary.description == """
                mpg ~ wt + disp + both + hp   (32 rows used, 3 left out)

                Residuals:
                   Min      1Q   Median     3Q    Max
                -3.891  -1.640  -0.1720  1.061  5.861

                Coefficients: (1 coefficient aliased: a combination of those before)
                                Estimate  Std. Error   t value  Pr(>|t|)
                (Intercept)       37.106       2.111     17.58    <2e-16  ***
                wt               -3.8009       1.066    -3.565   0.00133  **
                disp         -0.00093701     0.01035  -0.09053     0.929
                both             aliased
                hp             -0.031157     0.01144    -2.724    0.0110  *
                ---
                Signif.: *** below 0.001, ** 0.01, * 0.05, . 0.1

                Residual standard error: 2.639 on 28 degrees of freedom
                Multiple R-squared: 0.8268, adjusted R-squared: 0.8083
                F-statistic: 44.57 on 3 and 28 degrees of freedom, p-value: 8.65e-11

                """)
    }

    @Test("a summary without degrees of freedom says so and shows the estimates")
    func noDegreesOfFreedom() throws {
        let table = Table(numbers: ["x": [1, 2], "y": [3, 5]])
        let model = try LinearModel.fit(Formula.of("y ~ x"), to: table)
        #expect(
            FitSummary(of: model, fittedTo: table, rowsLeftOut: 0).description == """
                y ~ x   (2 rows used, 0 left out)

                Residuals: all 0, for no degrees of freedom are left

                Coefficients:
                             Estimate  Std. Error  t value  Pr(>|t|)
                (Intercept)    1.0000           -        -         -
                x              2.0000           -        -         -

                Residual standard error: none, for no degrees of freedom are left

                """)
    }

    @Test(
        "a fit whose residuals are rounding is said to be essentially perfect, by R's rule, and no other",
        arguments: [([2.0, 4, 6, 8, 10], true), ([2.0, 4, 6, 8, 10.000001], false), ([2.0, 4, 7, 8, 10], false)])
    func perfect(_ responses: [Double], _ isPerfect: Bool) throws {
        let table = Table(numbers: ["x": [1, 2, 3, 4, 5], "y": responses])
        let model = try LinearModel.fit(try Formula("y ~ x", columns: ["x", "y"], factors: []), to: table)
        let text = FitSummary(of: model, fittedTo: table, rowsLeftOut: 0).description
        #expect(text.contains("The fit is essentially perfect") == isPerfect, "\(text)")
    }

    @Test(
        "a number is written to some significant digits",
        arguments: [
            (0, 4, "0"), (1, 4, "1.000"), (-12.5, 4, "-12.50"), (12345, 4, "1.235e+04"), (1234.5, 4, "1235"),
            (9999.5, 4, "1.000e+04"), (0.99996, 4, "1.000"), (0.0001, 3, "0.000100"), (0.00001234, 3, "1.23e-05"),
            (0.15, 1, "0.2"), (1e22, 3, "1.00e+22"), (.leastNonzeroMagnitude, 3, "5.00e-324"),
            (1.7976931348623157e308, 4, "1.798e+308"),
            (123456789, 12, "123456789.000"), (.infinity, 4, "Inf"), (-.infinity, 4, "-Inf"), (.nan, 4, "NaN"),
        ])
    func significantDigits(value: Double, count: Int, text: String) {
        #expect(value.text(significantDigits: count) == text)
    }

    @Test("quartiles lie between two numbers where R's do")
    func quartiles() {
        #expect(Quartiles([4, 1, 3, 2])?.values == [1, 1.75, 2.5, 3.25, 4])
        #expect(Quartiles([7])?.values == [7, 7, 7, 7, 7])
        #expect(Quartiles([])?.values == nil)
    }

    @Test("quartiles are those of the sorted numbers, however many are equal", arguments: 1...70)
    func sorted(count: Int) throws {
        var random = SeededGenerator(seed: UInt64(count))
        for kinds in [2, 5, 1000] {
            let numbers = (0..<count).map { _ in Double(Int.random(in: 0..<kinds, using: &random)) / 7 }
            let sorted = numbers.sorted()
            let expected = (0...4).map { quarter in
                let position = Double(quarter) / 4 * Double(count - 1)
                let below = Int(position)
                let above = min(below + 1, count - 1)
                return sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
            }
            #expect(Quartiles(numbers)?.values == expected)
        }
    }
}
