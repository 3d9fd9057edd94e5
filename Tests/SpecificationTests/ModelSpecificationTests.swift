import Regression
import Specification
import Testing

@Suite("A specification")
struct ModelSpecificationTests {
    @Test("a specification that says no formula has its factor last, after the numbers")
    func specification() {
        let specification = ModelSpecification(
            subject: "test",
            response: .init(name: "y", field: "Y", actualField: "ActualY", predictedField: "PredictedY"),
            predictors: [.init(name: "a", field: "A", maximum: 10), .init(name: "b", field: "B", maximum: 10)],
            factor: .init(name: "f", field: "F", charactersMax: 10),
            fields: .init(identifier: "Id", timestamp: "Time", error: "Error", modelTime: "ModelTime"))
        #expect(specification.formula.description == "y ~ a + b + f")
        #expect(specification.formula.without(factors: ["f"]).description == "y ~ a + b")
    }
}
