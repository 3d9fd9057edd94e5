import Testing

@testable import Regression

struct PredictionTests {
    private static let model = Result {
        try LinearModel.fit(
            Formula.of("y ~ f + I(x^2) + g + z + x", factors: ["f", "g"]),
            to: Table(
                numbers: [
                    "x": [1, 2, 3, 4, 5, 6, 7, 8, 9], "z": [2, 7, 1, 8, 2, 8, 1, 8, 2],
                    "y": [3, 1, 4, 1, 5, 9, 2, 6, 5],
                ],
                levels: ["f": Array("aabbccabc").map(String.init), "g": Array("uvuvuvvvu").map(String.init)]))
    }

    @Test("numbers and levels are taken in the order in which the formula first names them")
    func order() throws {
        let model = try Self.model.get()
        #expect(model.formula.numbers == ["x", "z"])
        #expect(model.formula.factors == ["f", "g"])
        let value = Dictionary(uniqueKeysWithValues: model.coefficients.map { ($0.name, $0.estimate!) })
        let expected = value["(Intercept)"]! + value["fc"]! + value["I(x^2)"]! * 9 + value["gv"]! + value["z"]! * 5
        #expect(model.estimate(numbers: [3, 5], levels: ["c", "v"]) == expected + value["x"]! * 3)
    }

    @Test("the reference levels add nothing")
    func referenceLevels() throws {
        let model = try Self.model.get()
        let estimate = model.estimate(numbers: [0, 0], levels: ["a", "u"])
        #expect(estimate == model.coefficients[0].estimate)
    }

    @Test("a level that the model has not seen has no estimate and no interval")
    func unseenLevel() throws {
        let model = try Self.model.get()
        #expect(model.estimate(numbers: [1, 1], levels: ["a", "w"]) == nil)
        let error = #expect(throws: IntervalRefusal.self) {
            try model.interval(numbers: [1, 1], levels: ["a", "w"], confidence: 0.9, kind: .confidence)
        }
        #expect(error?.description == "the model has not seen 'w' of 'g'; it was fitted on: 'u', 'v'")
    }

    @Test("a confidence outside 0 to 1 is refused", arguments: [0, 1, -0.5, 1.5, .nan])
    func confidence(value: Double) throws {
        let model = try Self.model.get()
        let error = #expect(throws: IntervalRefusal.self) {
            try model.interval(numbers: [1, 1], levels: ["a", "u"], confidence: value, kind: .prediction)
        }
        #expect(error?.description == "the confidence \(value) is not accepted; it must lie between 0 and 1")
    }

    @Test("without degrees of freedom there is an estimate and no interval")
    func noDegreesOfFreedom() throws {
        let model = try LinearModel.fit(
            Formula.of("y ~ x"), to: Table(numbers: ["x": [1, 2], "y": [3, 5]]))
        #expect(model.estimate(numbers: [4], levels: []) == 9)
        let error = #expect(throws: IntervalRefusal.self) {
            try model.interval(numbers: [4], levels: [], confidence: 0.95, kind: .prediction)
        }
        let sentence = "an interval needs more rows than coefficients; the model has 2 coefficients from 2 rows"
        #expect(error?.description == sentence)
    }

    @Test("an interval of the mean of equal weights is the textbook's")
    func meanInterval() throws {
        // Mean 4, deviation 2, 5 rows: 4 ± 2.776… · 2/√5, and · 2 √(1 + 1/5) for one more row.
        let model = try LinearModel.fit(Formula.of("y ~ 1"), to: Table(numbers: ["y": [2, 2, 4, 6, 6]]))
        let confidence = try model.interval(numbers: [], levels: [], confidence: 0.95, kind: .confidence)
        let prediction = try model.interval(numbers: [], levels: [], confidence: 0.95, kind: .prediction)
        let quantile = 2.7764451051977987
        expectClose(confidence.upper, 4 + quantile * 2 / 5.0.squareRoot(), within: 1e-15, "confidence")
        expectClose(prediction.lower, 4 - quantile * 2 * 1.2.squareRoot(), within: 1e-14, "prediction")
        #expect(confidence.standardError == prediction.standardError)
    }
}
