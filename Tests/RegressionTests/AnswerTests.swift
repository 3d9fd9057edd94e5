import SeededTesting
import Testing

@testable import Regression

/// What an answer tells besides its estimate, on random tables; a failure names the seed of its table.
struct AnswerTests {
    static let seeds: [UInt64] = Array(1...60)

    @Test("contributions added from the first to the last are the estimate, to the last bit", arguments: seeds)
    func contributionsAddUp(seed: UInt64) throws {
        let data = RandomData(seed: seed)
        let model = try data.fit()
        for row in 0..<data.table.rowCount {
            let (numbers, levels) = data.predictors(row: row)
            let contributions = try #require(model.contributions(numbers: numbers, levels: levels))
            #expect(contributions.map(\.term) == ["(Intercept)", "a", "b", "I(b^2)", "f", "c"])
            let sum = contributions.dropFirst().reduce(contributions[0].value) { $0 + $1.value }
            #expect(sum == model.estimate(numbers: numbers, levels: levels), "seed \(seed), row \(row)")
        }
    }

    @Test("without an intercept the contributions are those of the terms")
    func withoutIntercept() throws {
        let model = try LinearModel.fit(
            Formula.of("y ~ x + f - 1", factors: ["f"]),
            to: Table(numbers: ["x": [1, 2, 3, 5], "y": [3, 4, 7, 8]], levels: ["f": ["u", "v", "u", "v"]]))
        let contributions = try #require(model.contributions(numbers: [4], levels: ["v"]))
        #expect(contributions.map(\.term) == ["x", "f"])
        #expect(contributions[0].value + contributions[1].value == model.estimate(numbers: [4], levels: ["v"]))
        #expect(model.contributions(numbers: [4], levels: ["w"]) == nil)
    }

    @Test("an aliased term adds nothing")
    func aliased() throws {
        let model = try LinearModel.fit(
            Formula.of("y ~ x + twice"),
            to: Table(numbers: ["x": [1, 2, 3, 5], "twice": [2, 4, 6, 10], "y": [3, 4, 7, 8]]))
        #expect(model.contributions(numbers: [4, 8], levels: [])?.last == Contribution(term: "twice", value: 0))
        // On these rows x carries what twice adds; where the two part, nobody knows.
        #expect(model.applicabilityDomain(levels: [])?.contains([3, 6]) == true)
        #expect(model.applicabilityDomain(levels: [])?.contains([3, 7]) == false)
        let constant = try LinearModel.fit(
            Formula.of("y ~ x + same + f", factors: ["f"]),
            to: Table(
                numbers: ["x": [1, 2, 3, 5, 6, 7], "same": Array(repeating: 18, count: 6), "y": [3, 4, 7, 8, 9, 11]],
                levels: ["f": ["u", "v", "u", "v", "u", "v"]]))
        let alias = try #require(constant.aliases.first)
        #expect(alias.column == 2 && abs(alias.factors[0] - 18) < 1e-12 && abs(alias.factors[1]) < 1e-12)
        #expect(constant.applicabilityDomain(levels: ["v"])?.contains([3, 18]) == true)
        #expect(constant.applicabilityDomain(levels: ["v"])?.contains([3, 18.1]) == false)
    }

    @Test("the leverages of the rows of a fit lie from 0 to 1 and add up to its rank", arguments: seeds)
    func leverages(seed: UInt64) throws {
        let data = RandomData(seed: seed)
        let model = try data.fit()
        let leverages = try (0..<data.table.rowCount).map { row in
            let (numbers, levels) = data.predictors(row: row)
            return try #require(model.leverage(numbers: numbers, levels: levels))
        }
        #expect(leverages.allSatisfy { $0 > 0 && $0 < 1 + 1e-9 }, "seed \(seed)")
        expectClose(leverages.reduce(0, +), Double(model.rank), within: 1e-9, "seed \(seed)")
    }

    @Test("the applicability domain holds what has a leverage up to 6 p/n, and nothing else", arguments: seeds)
    func domain(seed: UInt64) throws {
        let data = RandomData(seed: seed)
        let model = try data.fit()
        var random = SeededGenerator(seed: seed)
        var inside = 0
        for _ in 0..<200 {
            let row = Int.random(in: 0..<data.table.rowCount, using: &random)
            let (numbers, levels) = data.predictors(row: row)
            let far = numbers.map { $0 * Double.random(in: 0.2...3, using: &random) }
            let leverage = try #require(model.leverage(numbers: far, levels: levels))
            // Rounding decides at the limit itself.
            guard abs(leverage / model.leverageMax - 1) > 1e-6 else { continue }
            let domain = try #require(model.applicabilityDomain(levels: levels))
            #expect(domain.contains(far) == (leverage < model.leverageMax), "seed \(seed), leverage \(leverage)")
            inside += domain.contains(far) ? 1 : 0
        }
        #expect(inside > 0 && inside < 200, "seed \(seed)")
        #expect(model.applicabilityDomain(levels: ["unknown"]) == nil)
    }

    @Test(
        "of any formula contributions add up, leverages add up to the rank, and the domain is where they are small",
        arguments: [
            "y ~ a * f", "y ~ poly(b, 3) * f - 1", "y ~ log(a) + I(b^2):f + c", "y ~ f:b + a:c",
            "y ~ poly(a, 2):f + poly(b, 2)",
            "y ~ factor(k) * b", "log(a) ~ b / f", "y ~ a + I(2 * a) + f",
        ])
    func anyFormula(text: String) throws {
        let data = RandomData(seed: 7)
        let table = Table(
            numbers: data.table.numbers.merging(["k": (0..<data.table.rowCount).map { Double($0 % 3) }]) { $1 },
            factors: data.table.levels)
        let formula = Formula.of(text, factors: ["f"])
        let model = try LinearModel.fit(formula, to: table)
        var (total, basis): (Double, [Double]) = (0, [])
        for row in 0..<table.rowCount {
            let numbers = formula.numbers.map { table.numbers[$0]![row] }
            let levels = formula.factors.map { table.levels[$0]![row] }
            let contributions = try #require(model.contributions(numbers: numbers, levels: levels))
            #expect(
                contributions.dropFirst().reduce(contributions[0].value) { $0 + $1.value }
                    == model.estimate(numbers: numbers, levels: levels))
            #expect(contributions.dropFirst(formula.hasIntercept ? 1 : 0).map(\.term) == formula.terms.map(\.name))
            let leverage = try #require(model.leverage(numbers: numbers, levels: levels))
            total += leverage
            // The domain is that of the row's levels, whatever numbers it is then asked of.
            let domain = try #require(model.applicabilityDomain(numbers: numbers, levels: levels))
            #expect(domain.contains(numbers, basis: &basis) == (leverage <= model.leverageMax))
            let codes = try #require(model.plan.codes(numbers: numbers, levels: levels))
            #expect(
                model.plan.estimate(numbers: numbers, codes: codes, basis: &basis)
                    == model.estimate(numbers: numbers, levels: levels))
            let far = formula.numbers.enumerated().map { $1 == "k" ? numbers[$0] : numbers[$0] * 40 }
            let leverageOfFar = try #require(model.leverage(numbers: far, levels: levels))
            #expect(domain.contains(far, basis: &basis) == (leverageOfFar <= model.leverageMax))
        }
        expectClose(total, Double(model.rank), within: 1e-8, text)
    }

    @Test("of rows that are drawn as those of the fit were, fewer than one in a thousand lies outside of the domain")
    func ordinaryRows() throws {
        var random = SeededGenerator(seed: 20)
        var outside = 0
        let formula = Formula.of("y ~ a + b")
        for _ in 0..<200 {
            let a = (0..<50).map { _ in 88 + 5 * random.roughlyNormal() }
            let b = (0..<50).map { _ in 19 + random.roughlyNormal() }
            let y = zip(a, b).map { 0.05 * $0 + 0.01 * $1 + 0.1 * random.roughlyNormal() }
            let model = try LinearModel.fit(formula, to: Table(numbers: ["a": a, "b": b, "y": y]))
            let domain = try #require(model.applicabilityDomain(levels: []))
            for _ in 0..<500 where !domain.contains([88 + 5 * random.roughlyNormal(), 19 + random.roughlyNormal()]) {
                outside += 1
            }
        }
        #expect(outside > 0 && outside < 100, "\(outside) of 100,000, seed 20")
    }
}
