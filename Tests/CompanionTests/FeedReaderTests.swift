import Documents
import Regression
import Specification
import Testing

@testable import Companion
@testable import EventProcessing
@testable import Program
@testable import Storage
@testable import Streaming

@Suite("tare stream: the recipe's documents")
struct FeedReaderTests {
    private static let identifier = #""_id":{"$oid":"60c0c953393060b34685b74a"}"#
    private static let made = "2021-06-09T13:59:47.000Z"

    private func reader(_ preset: PresetName = .recipe) -> FeedReader {
        FeedReader(
            specification: .builtIn, preset: Preset(preset, for: .builtIn), roles: [.join, .window, .record, .trigger])
    }

    private func document(_ fields: String, of collection: String, _ identifier: String) throws -> FeedDocument {
        FeedDocument(try JSON(parsing: "{\(identifier)\(fields.isEmpty ? "" : ",")\(fields)}"), of: collection)
    }

    private func delivery(
        _ fields: String, of collection: String, _ preset: PresetName = .recipe, identifier: String = identifier
    ) throws -> Delivery {
        reader(preset).delivery(try document(fields, of: collection, identifier))
    }

    @Test("the collections are those of the topics, without prefixes", arguments: PresetName.allCases)
    func collections(_ preset: PresetName) {
        #expect(reader(preset).collections == ["machine-weight", "weight-prediction"])
    }

    @Test(
        "a weight is an outcome, whatever the case of its fields and the form of its values",
        arguments: [
            (#""Fish_Id":"7","Species":"Bass","Weight":{"$numberDouble":"4.5"}"#, made),
            (#""FISH_ID":"7","species":"Bass","weight":"4.5""#, made),
            (
                #""fish_id":{"$numberInt":"7"},"Species":"Bass","Weight":4.5,"Timestamp":"2022-03-03T17:17:00Z""#,
                "2022-03-03T17:17:00.000Z"
            ),
            (
                #""Fish_Id":"7","Species":"Bass","Weight":4.5,"Timestamp":{"$date":{"$numberLong":"1646327820000"}}"#,
                "2022-03-03T17:17:00.000Z"
            ),
            (#""Fish_Id":"7","Species":"Bass","Weight":4.5,"Timestamp":null"#, made),
        ])
    func outcome(_ fields: String, _ time: String) throws {
        guard case .input(.event(.outcome(let outcome)), let due) = try delivery(fields, of: "machine-weight") else {
            Issue.record("\(try delivery(fields, of: "machine-weight"))")
            return
        }
        #expect(outcome.identifier == "7" && outcome.level == "Bass" && outcome.value == 4.5)
        #expect(outcome.time.description == time && due == outcome.time)
    }

    @Test("a prediction is a number in the recipe, an object in the article")
    func prediction() throws {
        let number = try delivery(#""Fish_Id":"7","Length":90,"Height":18,"Prediction":4.2"#, of: "weight-prediction")
        let object = try delivery(
            #""Fish_Id":"7","Length":90,"Height":18,"Prediction":{"Weight":4.2,"ModelTime":"2021-06-02 07:48:52"}"#,
            of: "weight-prediction", .blog)
        for delivery in [number, object] {
            guard case .input(.predicted(let predicted), _) = delivery else {
                Issue.record("\(delivery)")
                return
            }
            #expect(predicted.value == 4.2 && predicted.measurement.predictors == [90, 18])
        }
    }

    @Test(
        "what cannot be used is set aside with its _id and the reason",
        arguments: [
            (#""Weight":4.5"#, identifier, "Fish_Id is missing"),
            (#""Fish_Id":["7"],"Weight":4.5"#, identifier, "Fish_Id is ["),
            (#""Fish_Id":"7","Weight":{"a":1}"#, identifier, "Weight is an object"),
            (#""Fish_Id":"7","Weight":{"$numberDouble":"NaN"}"#, identifier, "Weight is the text 'NaN'"),
            (#""Fish_Id":"7","Weight":4,"Timestamp":"noon""#, identifier, "Timestamp is \"noon\"; accepted is a date"),
            (#""Fish_Id":"7","Weight":4,"Timestamp":5"#, identifier, "Timestamp is 5; accepted is a date"),
            (#""Fish_Id":"7","Weight":4"#, #""_id":{"$numberInt":"5"}"#, "neither Timestamp nor an object id"),
        ])
    func setAside(_ fields: String, _ identifier: String, _ reason: String) throws {
        let delivery = try delivery(fields, of: "machine-weight", identifier: identifier)
        guard case .setAside(let thing) = delivery else {
            Issue.record("\(delivery)")
            return
        }
        #expect(thing.place == "machine-weight \(identifier.dropFirst(6))")
        #expect(thing.reason.contains(reason), "\(thing.reason)")
    }

    @Test("the state of a run comes back from its document as it went in")
    func state() {
        var position = FeedPosition()
        var state = FeedState(position: position, evaluatedThrough: nil)
        #expect(FeedState(state.document) == state)
        position.token = #"{"_data":"82"}"#
        position.isReading = false
        position.identifiers = ["machine-weight": #"{"$oid":"60"}"#]
        state = FeedState(
            position: position, evaluatedThrough: Timestamp(milliseconds: 5), detector: ["rows": 7, "sum": 2.0])
        #expect(FeedState(state.document) == state)
        #expect(FeedState(["_id": "x", "something": "else"]) == nil)
    }
}
