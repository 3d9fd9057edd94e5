import Testing

@testable import Regression

struct FitTests {
    private static let x = (0...20).map(Double.init)

    @Test("a polynomial that the rows obey exactly is found exactly", arguments: [1, 2, 5, 8, 10])
    func exactPolynomial(degree: Int) throws {
        let y = Self.x.map { x in (1...degree).reduce(1) { $0 + x.raised(to: $1) } }
        let formula = Formula.of("y ~ \((1...degree).map { $0 == 1 ? "x" : "I(x^\($0))" }.joined(separator: " + "))")
        let model = try LinearModel.fit(formula, to: Table(numbers: ["x": Self.x, "y": y]), tolerance: 1e-12)
        #expect(model.coefficients.map(\.estimate) == Array(repeating: 1, count: degree + 1))
        #expect(model.sigma! < 1e-12)
        #expect(model.rSquared == 1)
    }

    @Test("a near-exact fit keeps the digits of its residual sum of squares")
    func nearExactFit() throws {
        // The line 7 + 3x, and two parts of 2^-46 that are orthogonal to 1 and x: 1 above and 2 below.
        let bump = 0x1p-46
        let x: [Double] = [0, 1, 2, 0, 1, 2]
        let y: [Double] = [7 + bump, 10 - 2 * bump, 13 + bump, 7 + bump, 10 - 2 * bump, 13 + bump]
        let model = try LinearModel.fit(
            Formula.of("y ~ x"), to: Table(numbers: ["x": x, "y": y]))
        #expect(model.coefficients.map(\.estimate) == [7, 3])
        expectClose(model.residualSumOfSquares, 12 * bump * bump, within: 1e-15, "residual sum of squares")
    }

    @Test("a response that does not vary is its own intercept, without error and without R squared", arguments: 1...20)
    func constantResponse(seed: UInt64) throws {
        let data = RandomData(seed: seed)
        let table = data.table.with("y", Array(repeating: 4.4399, count: data.table.rowCount))
        let model = try LinearModel.fit(data.formula, to: table)
        #expect(model.coefficients.map(\.estimate) == [4.4399] + Array(repeating: 0, count: model.rank - 1))
        #expect(model.sigma == 0)
        #expect(model.rSquared == nil && model.adjustedRSquared == nil && model.fStatistic == nil)
        #expect(model.tValue(of: model.coefficients[0]) == .infinity)
        #expect(model.pValue(of: model.coefficients[0]) == 0)
        #expect(model.tValue(of: model.coefficients[1]) == nil)
    }

    @Test("where nothing but the intercept is estimated, R squared is 0 as in R, and there is no F", arguments: 1...20)
    func interceptAlone(seed: UInt64) throws {
        let table = RandomData(seed: seed).table
        let model = try LinearModel.fit(Formula.of("y ~ 1"), to: table)
        let mean = table.numbers["y"]!.reduce(0, +) / Double(table.rowCount)
        expectNear(model.coefficients[0].estimate, mean, within: 1e-13, "mean")
        #expect(model.rSquared == 0 && model.adjustedRSquared == 0 && model.fStatistic == nil)
        #expect(model.explainedSumOfSquares == 0)
    }

    @Test("as many coefficients as rows keep their estimates and have no errors")
    func noDegreesOfFreedom() throws {
        let table = Table(numbers: ["x": [1, 2], "y": [3, 5]])
        let model = try LinearModel.fit(Formula.of("y ~ x"), to: table)
        #expect(model.coefficients.map(\.estimate) == [1, 2])
        #expect(model.coefficients.allSatisfy { $0.standardError == nil })
        #expect(model.degreesOfFreedom == 0 && model.sigma == nil && model.residualSumOfSquares == 0)
        #expect(model.rSquared == 1 && model.adjustedRSquared == nil && model.fStatistic == nil)
        #expect(model.pValue(of: model.coefficients[1]) == nil)
    }

    @Test("no more columns than rows are estimated, however nearly collinear", arguments: 1...20)
    func moreColumnsThanRows(seed: UInt64) throws {
        let table = RandomData(seed: seed).table.rows([0, 1, 2])
        let near = table.numbers["a"]!.enumerated().map { $0 == 1 ? $1 + 1e-7 : $1 }
        let formula = Formula.of("y ~ a + near + b + c")
        let model = try LinearModel.fit(formula, to: table.with("near", near), tolerance: LinearModel.toleranceMin)
        #expect(model.coefficients.map { $0.estimate == nil } == [false, false, false, true, true])
    }

    @Test("what is left of a column decides at the tolerance", arguments: [(1e-5, true), (3e-6, false)])
    func toleranceDecides(noise: Double, isKept: Bool) throws {
        // Of the column's norm, which is near √n, the noise leaves its own part: the tolerance lies in between.
        let column = Self.x.map { 1 + (Int($0) % 2 == 0 ? noise : -noise) }
        let table = Table(numbers: ["x": Self.x, "near": column, "y": Self.x.map { $0 * $0 }])
        let formula = Formula.of("y ~ x + near")
        let model = try LinearModel.fit(formula, to: table, tolerance: 5e-6)
        #expect((model.coefficients[2].estimate != nil) == isKept)
    }

    @Test("collinearity is told from noise down to the smallest tolerance")
    func smallestTolerance() throws {
        let sum = Self.x.map { 3 * $0 + 5 }
        let noisy = sum.enumerated().map { $1 + ($0 % 2 == 0 ? 0x1p-40 : -0x1p-40) }
        let table = Table(numbers: ["x": Self.x, "sum": sum, "noisy": noisy, "y": Self.x.map { $0 * $0 }])
        let formula = Formula.of("y ~ x + sum + noisy")
        let model = try LinearModel.fit(formula, to: table, tolerance: LinearModel.toleranceMin)
        #expect(model.coefficients.map { $0.estimate == nil } == [false, false, true, false])
    }

    @Test("units far from 1 are fitted as well as any", arguments: [0x1p-300, 0x1p300])
    func extremeUnits(unit: Double) throws {
        let table = Table(numbers: ["x": Self.x.map { $0 * unit }, "y": Self.x.map { 2 * $0 + 1 }])
        let model = try LinearModel.fit(Formula.of("y ~ x"), to: table)
        #expect(model.coefficients.map(\.estimate) == [1, 2 / unit])
        #expect(model.estimate(numbers: [3 * unit], levels: []) == 7)
    }

    @Test("the first level in byte order is the reference, and the others follow in that order")
    func levelsInByteOrder() throws {
        let table = Table(numbers: ["y": [1, 2, 3, 4, 5]], levels: ["f": ["é", "b", "a", "Z", "b"]])
        let model = try LinearModel.fit(Formula.of("y ~ f", factors: ["f"]), to: table)
        #expect(model.levels == ["f": ["Z", "a", "b", "é"]])
        #expect(model.coefficients.map(\.name) == ["(Intercept)", "fa", "fb", "fé"])
    }

    @Test("two spellings of one text are one level, named by the first in byte order")
    func equivalentSpellings() throws {
        let (composed, decomposed) = ("\u{E9}", "e\u{301}")
        for column in [["a", composed, decomposed], ["a", decomposed, composed]] {
            let table = Table(numbers: ["y": [1, 2, 4]], levels: ["f": column])
            let model = try LinearModel.fit(Formula.of("y ~ f", factors: ["f"]), to: table)
            #expect(model.levels["f"]!.map { Array($0.utf8) } == [Array("a".utf8), Array(decomposed.utf8)])
            #expect(model.estimate(numbers: [], levels: [composed]) == 3)
        }
    }
}
