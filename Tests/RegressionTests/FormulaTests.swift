import Testing

@testable import Regression

struct FormulaTests {
    @Test(
        "a formula is described as R writes it",
        arguments: [
            (
                Formula(response: "y", terms: [.variable("a"), .variable("a", power: 3), .factor("f")]),
                "y ~ a + I(a^3) + f"
            ),
            (Formula(response: "y", hasIntercept: false, terms: [.variable("a")]), "y ~ a - 1"),
            (Formula(response: "y", terms: []), "y ~ 1"),
            (Formula(response: "y", hasIntercept: false, terms: []), "y ~ 0"),
        ])
    func description(formula: Formula, text: String) { #expect(formula.description == text) }

    @Test("without an intercept the first factor has a column for every level, and the others lack their reference")
    func noIntercept() {
        let formula = Formula(response: "y", hasIntercept: false, terms: [.variable("x"), .factor("f"), .factor("g")])
        let layout = DesignLayout(formula, levels: [["a", "b"], ["u", "v"]])
        #expect(layout.names == ["x", "fa", "fb", "gv"])
    }

    @Test("a specification's formula has its factor last, or not at all")
    func specification() {
        let specification = ModelSpecification(
            subject: "test",
            response: .init(name: "y", field: "Y", actualField: "ActualY", predictedField: "PredictedY"),
            predictors: [.init(name: "a", field: "A", maximum: 10), .init(name: "b", field: "B", maximum: 10)],
            factor: .init(name: "f", field: "F", charactersMax: 10),
            fields: .init(identifier: "Id", timestamp: "Time", error: "Error", modelTime: "ModelTime"))
        #expect(specification.formula(withFactor: true).description == "y ~ a + b + f")
        #expect(specification.formula(withFactor: false).description == "y ~ a + b")
    }
}
