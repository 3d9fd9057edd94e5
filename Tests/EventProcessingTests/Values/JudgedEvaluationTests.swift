import Documents
import Regression
import Specification
import Testing

@testable import EventProcessing

@Suite("What a detector judges of an evaluation")
struct JudgedEvaluationTests {
    private func specification(
        _ formula: String, _ measure: ModelSpecification.ErrorMeasure
    ) throws -> ModelSpecification {
        ModelSpecification(
            subject: "rows", response: .init(name: "y", field: "y", actualField: "y", predictedField: "Predicted"),
            predictors: [.init(name: "x", field: "x", maximum: 10)], factor: nil, formula: try Formula(formula),
            errorMeasure: measure,
            fields: .init(identifier: "id", timestamp: "Timestamp", error: "Error", modelTime: "ModelTime"))
    }

    private func evaluation(_ predicted: Double, _ actual: Double) -> Evaluation {
        Evaluation(
            identifier: "1", level: "", predictors: [1], predicted: predicted, actual: actual, error: nil,
            modelTime: nil, timestampText: nil, time: Timestamp(milliseconds: 0))
    }

    @Test("a truth that is not above 0 is no truth to relative errors, and is one to others", arguments: [0.0, -4])
    func notAboveZero(actual: Double) throws {
        let given = evaluation(5, actual)
        #expect(given.judged(by: try specification("y ~ x", .relative)).actual == nil)
        #expect(given.judged(by: try specification("y ~ x", .absolute)) == given)
    }

    @Test("of a transformed response both numbers are judged on the scale of the fit; the error stays as it is told")
    func transformed() throws {
        var given = evaluation(100, 1000)
        given.error = 0.9
        let judged = given.judged(by: try specification("log10(y) ~ x", .relative))
        #expect(judged.predicted == 2 && judged.actual == 3 && judged.error == 0.9)
    }

    @Test("of an estimate that is a mean the median beside it is judged")
    func median() throws {
        var given = evaluation(120, 1000)
        given.median = 100
        #expect(given.judged(by: try specification("log10(y) ~ x", .relative)).predicted == 2)
    }

    @Test("errors are told rounded where they are relative, as ksqlDB does, and as they are in the response's own unit")
    func told() throws {
        #expect(try specification("y ~ x", .relative).streamedError(predicted: 5, actual: 4.2) == 0.19)
        #expect(try specification("y ~ x", .absolute).streamedError(predicted: 0.5, actual: 0.25) == 0.25)
        #expect(try specification("y ~ x", .absolute).streamedError(predicted: -3, actual: -3.5) == 0.5)
        for measure in ModelSpecification.ErrorMeasure.allCases {
            let specification = try specification("y ~ x", measure)
            #expect(specification.streamedError(predicted: nil, actual: 4) == nil)
            #expect(specification.streamedError(predicted: .infinity, actual: 4) == nil)
        }
    }

    @Test("in sigmas they are those of the median on the scale of the fit, and none where the answer says no sigma")
    func sigmas() throws {
        let specification = try specification("log10(y) ~ x", .sigma)
        let statement = PredictionStatement(median: 100, sigma: 0.25)
        #expect(specification.streamedError(predicted: 130, statement: statement, actual: 1000) == 4)
        let withoutMedian = PredictionStatement(median: nil, sigma: 0.5)
        #expect(specification.streamedError(predicted: 100, statement: withoutMedian, actual: 1000) == 2)
        #expect(specification.streamedError(predicted: 100, actual: 1000) == nil)
    }
}
