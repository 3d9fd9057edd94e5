import Regression
import Specification
import Testing

@testable import EventProcessing

@Suite struct TopicNameTests {
    @Test(
        "topics are named after the response, in characters that Kafka takes", arguments: PresetName.allCases,
        [("weight", "weight"), ("stack.loss", "stack.loss"), ("Größe/Stück", "Gr__e_St_ck"), ("a b", "a_b")])
    func topics(_ preset: PresetName, _ names: (response: String, topic: String)) throws {
        let response = names.response
        let specification = ModelSpecification(
            subject: "rows",
            response: .init(name: response, field: response, actualField: response, predictedField: "Predicted"),
            predictors: [.init(name: "x", field: "x", maximum: 10)], factor: nil,
            formula: try Formula("\(response.quotedForR) ~ x"), errorMeasure: .relative,
            fields: .init(identifier: "id", timestamp: "time", error: "Error", modelTime: "ModelTime"))
        let topics = Preset(preset, for: specification).topics
        for topic in [topics.prediction, topics.outcome, topics.evaluation, topics.trigger] {
            #expect(topic.contains(names.topic))
            #expect(
                topic.unicodeScalars.allSatisfy {
                    $0.isASCII && ($0.properties.isAlphabetic || "0123456789._-".unicodeScalars.contains($0))
                })
        }
    }
}
