import SeededTesting
import Testing

@testable import Regression

/// What holds of every fit, on random tables; a failure names the seed of its table.
struct FitPropertyTests {
    static let seeds: [UInt64] = Array(1...40)

    @Test("a column times a power of two has its coefficient divided by that, to the last bit", arguments: seeds)
    func scalingIsExact(seed: UInt64) throws {
        let data = RandomData(seed: seed)
        let model = try data.fit()
        let scaled = try LinearModel.fit(
            data.formula, to: data.table.with("c", data.table.numbers["c"]!.map { $0 * 0x1p70 }))
        for (coefficient, other) in zip(model.coefficients, scaled.coefficients) {
            let factor = coefficient.name == "c" ? 0x1p-70 : 1
            #expect(other.estimate == coefficient.estimate.map { $0 * factor }, "\(coefficient.name), seed \(seed)")
            #expect(other.standardError == coefficient.standardError.map { $0 * factor })
        }
        #expect(scaled.sigma == model.sigma)
        #expect(scaled.rSquared == model.rSquared)
    }

    @Test("a response times a power of two has all coefficients times that, to the last bit", arguments: seeds)
    func scalingTheResponseIsExact(seed: UInt64) throws {
        let data = RandomData(seed: seed)
        let model = try data.fit()
        let scaled = try LinearModel.fit(
            data.formula, to: data.table.with("y", data.table.numbers["y"]!.map { $0 * 0x1p-33 }))
        #expect(scaled.coefficients.map(\.estimate) == model.coefficients.map { $0.estimate.map { $0 * 0x1p-33 } })
        #expect(scaled.sigma == model.sigma.map { $0 * 0x1p-33 })
        #expect(scaled.rSquared == model.rSquared)
    }

    @Test("the order of the rows makes no difference above 1e-12", arguments: seeds)
    func rowOrderIsIrrelevant(seed: UInt64) throws {
        let data = RandomData(seed: seed)
        var random = SeededGenerator(seed: seed)
        let model = try data.fit()
        let order = (0..<data.table.rowCount).shuffled(using: &random)
        let shuffled = try LinearModel.fit(data.formula, to: data.table.rows(order))
        for (coefficient, other) in zip(model.coefficients, shuffled.coefficients) {
            expectClose(other.estimate, coefficient.estimate, within: 1e-12, "\(coefficient.name), seed \(seed)")
            expectClose(other.standardError, coefficient.standardError, within: 1e-12, "error, seed \(seed)")
        }
    }

    @Test("the residuals are orthogonal to every column", arguments: seeds)
    func residualsAreOrthogonal(seed: UInt64) throws {
        let data = RandomData(seed: seed)
        let model = try data.fit()
        let residuals = model.residuals(of: data.table)
        let rounding = 100 * .ulpOfOne * data.table.numbers["y"]!.reduce(0) { $0 + abs($1) }
        var columns = Array(data.table.numbers.filter { $0.key != "y" }.values)
        columns.append(Array(repeating: 1, count: data.table.rowCount))
        let levels = data.table.levels["f"]!
        columns += levels.names.indices.map { place in levels.codes.map { $0 == place ? 1 : 0 } }
        for column in columns {
            let product = zip(residuals, column).reduce(0) { $0 + $1.0 * $1.1 }
            expectNear(product, 0, within: rounding * column.map(abs).max()!, "product, seed \(seed)")
        }
    }

    @Test("a column that stands twice is aliased and changes nothing else", arguments: seeds)
    func duplicateIsAliased(seed: UInt64) throws {
        let data = RandomData(seed: seed)
        let model = try data.fit()
        let formula = data.formula(also: "again")
        let doubled = try LinearModel.fit(formula, to: data.table.with("again", data.table.numbers["a"]!))
        #expect(doubled.coefficients.last == LinearModel.Coefficient(name: "again", estimate: nil, standardError: nil))
        #expect(Array(doubled.coefficients.dropLast()) == model.coefficients, "seed \(seed)")
        #expect(doubled.sigma == model.sigma)
        #expect(doubled.triangularFactor == model.triangularFactor)
    }

    @Test("a combination of columns and intercept is aliased where it stands last", arguments: seeds)
    func combinationIsAliased(seed: UInt64) throws {
        let data = RandomData(seed: seed)
        let (a, b) = (data.table.numbers["a"]!, data.table.numbers["b"]!)
        let formula = data.formula(also: "mix")
        let mixed = try LinearModel.fit(formula, to: data.table.with("mix", zip(a, b).map { 3 - $0 / 7 + 1e3 * $1 }))
        #expect(mixed.coefficients.filter { $0.estimate == nil }.map(\.name) == ["mix"], "seed \(seed)")
    }

    @Test(
        "an interval contains the fit, grows with the confidence, and one for a new response is the wider",
        arguments: seeds)
    func intervalsAreNested(seed: UInt64) throws {
        let data = RandomData(seed: seed)
        let model = try data.fit()
        for row in 0..<data.table.rowCount {
            let (numbers, levels) = data.predictors(row: row)
            func interval(_ confidence: Double, _ kind: Interval.Kind) throws -> Interval {
                try model.interval(numbers: numbers, levels: levels, confidence: confidence, kind: kind)
            }
            let (narrow, wide) = (try interval(0.5, .confidence), try interval(0.99, .confidence))
            let prediction = try interval(0.99, .prediction)
            let bounds = [
                prediction.lower, wide.lower, narrow.lower, narrow.fit, narrow.upper, wide.upper, prediction.upper,
            ]
            #expect(bounds == bounds.sorted() && Set(bounds).count == bounds.count, "row \(row), seed \(seed)")
        }
    }

    @Test("a fit is least squares: no coefficient can move without a larger sum", arguments: seeds)
    func sumIsLeast(seed: UInt64) throws {
        let data = RandomData(seed: seed)
        let model = try data.fit()
        let squares = { (residuals: [Double]) in residuals.reduce(0) { $0 + $1 * $1 } }
        let residuals = model.residuals(of: data.table)
        expectClose(squares(residuals), model.residualSumOfSquares, within: 1e-4, "sum, seed \(seed)")
        for (name, coefficient) in [("a", 1), ("b", 2), ("c", model.coefficients.count - 1)] {
            for sign in [-1.0, 1] {
                let step = sign * model.coefficients[coefficient].standardError!
                let moved = zip(residuals, data.table.numbers[name]!).map { $0 - step * $1 }
                #expect(squares(moved) > model.residualSumOfSquares, "\(name), seed \(seed)")
            }
        }
    }

    @Test("a model made of the parts of a fit is that fit", arguments: seeds)
    func partsMakeTheModel(seed: UInt64) throws {
        let model = try RandomData(seed: seed).fit()
        let copy = try LinearModel(
            formula: model.formula, levels: model.levels, coefficients: model.coefficients, rowCount: model.rowCount,
            tolerance: model.tolerance, residualSumOfSquares: model.residualSumOfSquares,
            explainedSumOfSquares: model.explainedSumOfSquares, triangularFactor: model.triangularFactor)
        #expect(copy == model)
    }
}
