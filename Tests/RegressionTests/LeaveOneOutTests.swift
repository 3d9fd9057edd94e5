import Testing

@testable import Regression

/// Leave-one-out estimates against the fits that they stand for, on random tables.
struct LeaveOneOutTests {
    @Test(
        "the leave-one-out estimate is that of the model fitted without the row",
        arguments: 1...40 as ClosedRange<UInt64>)
    func refits(seed: UInt64) throws {
        let data = RandomData(seed: seed)
        let model = try data.fit()
        let response = try #require(data.table.numbers["y"])
        let size = response.reduce(0) { max($0, abs($1)) }
        var compared = 0
        for row in 0..<data.table.rowCount {
            let others = Array(0..<row) + Array(row + 1..<data.table.rowCount)
            let (numbers, levels) = data.predictors(row: row)
            let estimate = model.leaveOneOutEstimate(numbers: numbers, levels: levels, response: response[row])
            let refit = try LinearModel.fit(data.formula, to: data.table.rows(others))
            guard let expected = refit.estimate(numbers: numbers, levels: levels) else {
                // The only row of its level.
                #expect(estimate == nil, "seed \(seed), row \(row)")
                continue
            }
            expectNear(estimate, expected, within: 1e-8 * size, "seed \(seed), row \(row)")
            compared += 1
        }
        #expect(compared > 5, "seed \(seed)")
    }

    @Test("an unknown level has no estimate, and neither has a row that alone determines a coefficient")
    func none() throws {
        let model = try LinearModel.fit(
            Formula.of("y ~ x + f", factors: ["f"]),
            to: Table(numbers: ["x": [1, 2, 3, 5], "y": [3, 4, 7, 8]], levels: ["f": ["u", "u", "u", "v"]]))
        #expect(model.leaveOneOutEstimate(numbers: [5], levels: ["v"], response: 8) == nil)
        #expect(model.leaveOneOutEstimate(numbers: [5], levels: ["w"], response: 8) == nil)
        #expect(model.leaveOneOutEstimate(numbers: [1], levels: ["u"], response: 3) != nil)
    }
}

extension LinearModel {
    func leaveOneOutEstimate(numbers: [Double], levels: [String], response: Double) -> Double? {
        var scratch = LeverageScratch()
        return leaveOneOutEstimate(numbers: numbers, levels: levels, response: response, scratch: &scratch)
    }
}
