import Documents
import EventTesting
import Specification
import Testing

@testable import EventProcessing

@Suite("Records from topics")
struct RecordReaderTests {
    private static let prediction =
        #"{"Fish_Id" : "x", "Height" : 17.5, "Length" : 74.25, "Prediction" : {"ModelTime" : "m", "Weight" : 5.0}}"#

    private func input(
        _ topic: String, key: [UInt8]? = [0x31], _ value: String?, preset: PresetName = .blog, roles: Roles = .join
    ) throws -> Input? {
        try RecordReader(specification: .fish, preset: Preset(preset, for: .fish), roles: roles).input(
            Record(topic: topic, time: 5, key: key, value: value.map { Array($0.utf8) }))
    }

    @Test("the identifier is the record's key, never the value's field")
    func key() throws {
        guard case .predicted(let predicted)? = try input("weight-prediction", Self.prediction) else {
            throw TestFailure("no prediction")
        }
        #expect(predicted.measurement.identifier == "1")
        #expect(predicted.value == 5)
        #expect(predicted.modelTime == "m")
    }

    @Test("keys are bounded: as rows are where rows are recorded, else more widely, for ksqlDB has no bound")
    func bounded() throws {
        func read(_ count: Int, _ roles: Roles) throws {
            _ = try input(
                "machine-weight", key: Array(repeating: 0x31, count: count), #"{"Weight":4}"#, roles: roles)
        }
        try read(1024, [.join, .window])
        try read(256, [.join, .record])
        #expect(throws: RecordProblem("Fish_Id has 1025 characters; accepted are up to 1024")) {
            try read(1025, [.join, .window])
        }
        #expect(throws: RecordProblem("Fish_Id has 257 characters; accepted are up to 256")) {
            try read(257, [.join, .record])
        }
    }

    @Test(
        "a key is any text, the empty one too; bytes that are not UTF-8 become the replacement character",
        arguments: [([], ""), ([0xFF, 0xFE], "\u{FFFD}\u{FFFD}"), (Array("é🐟".utf8), "é🐟")] as [([UInt8], String)])
    func keys(_ key: [UInt8], _ expected: String) throws {
        guard case .event(.outcome(let outcome))? = try input("machine-weight", key: key, "{}") else {
            throw TestFailure("no outcome")
        }
        #expect(outcome.identifier == expected)
        #expect(outcome.value == nil)
    }

    @Test(
        "a record that cannot be used is refused with its reason",
        arguments: [
            ("machine-weight", nil, "{}", "no key"), ("machine-weight", [0x31], nil, "no value"),
            ("machine-weight", [0x31], "null", "no value"), ("machine-weight", [0x31], "", "not JSON"),
            ("machine-weight", [0x31], #"{"Weight":"#, "not JSON"), ("machine-weight", [0x31], "[]", "an array"),
            ("machine-weight", [0x31], #"{"Weight":true}"#, "Weight is a boolean"),
            ("weight-prediction", [0x31], #"{"Prediction":5.0}"#, "Prediction is a number; accepted is an object"),
            ("weight-prediction", [0x31], #"{"Prediction":{"Weight":"x"}}"#, "Weight is the text 'x'"),
        ] as [(String, [UInt8]?, String?, String)])
    func problems(_ topic: String, _ key: [UInt8]?, _ value: String?, _ words: String) {
        let problem = #expect(throws: RecordProblem.self) { try input(topic, key: key, value) }
        #expect(problem?.description.contains(words) == true, "\(problem?.description ?? "-")")
    }

    @Test("a prediction may be null or missing", arguments: ["{}", #"{"Prediction":null}"#, #"{"Prediction":{}}"#])
    func noPrediction(_ value: String) throws {
        guard case .predicted(let predicted)? = try input("weight-prediction", value) else {
            throw TestFailure("no prediction")
        }
        #expect(predicted.value == nil)
    }

    @Test(
        "a topic is read by the first role that needs it, and not where an active role makes its records itself",
        arguments: [
            ("machine-measurement", Roles.predict, true), ("machine-measurement", .join, false),
            ("weight-prediction", .join, true), ("weight-prediction", [.predict, .join], false),
            ("machine-weight", .join, true), ("machine-weight", .predict, false), ("weight-diff", .window, true),
            ("weight-diff", .record, true), ("weight-diff", [.join, .window], false), ("weight-diff", .trigger, false),
            ("weight-retrain", .trigger, true), ("weight-retrain", [.window, .trigger], false), ("other", .all, false),
            ("kt.mdb.machine-weight", .all, false),
        ] as [(String, Roles, Bool)])
    func stages(_ topic: String, _ roles: Roles, _ isRead: Bool) throws {
        let key = Array("Key".utf8) + [0, 0, 0, 0, 0, 0, 0, 1]
        #expect((try input(topic, key: key, #"{"ErrorAvg":0.2}"#, roles: roles) != nil) == isRead)
    }

    @Test("a trigger needs a window's key and a mean")
    func badTriggers() {
        #expect(throws: RecordProblem.self) {
            try input("weight-retrain", key: [1, 2, 3], #"{"ErrorAvg":1}"#, roles: .trigger)
        }
        #expect(throws: RecordProblem.self) {
            try input("weight-retrain", key: [0, 0, 0, 0, 0, 0, 0, 1], "{}", roles: .trigger)
        }
    }

    @Test("a window's key may be any eight bytes", arguments: [0x7F, 0x80] as [UInt8])
    func farWindow(_ first: UInt8) throws {
        let key = [first] + Array(repeating: 0xFF, count: 7)
        guard case .drifted(let drift)? = try input("weight-retrain", key: key, #"{"ErrorAvg":1}"#, roles: .trigger)
        else {
            throw TestFailure("no trigger")
        }
        #expect(drift.period.start <= drift.period.end)
    }

    @Test("the recipe's lower-case fields feed its upper-case columns, the quoted variant's do not")
    func recipe() throws {
        let value = #"{"fish_id":"101","species":"Salmon","height":17.33,"length":74.55,"prediction":3.78}"#
        guard case .predicted(let any)? = try input("kt.mdb.weight-prediction", value, preset: .recipe),
            case .predicted(let quoted)? = try input("kt.mdb.weight-prediction", value, preset: .recipeQuoted)
        else { throw TestFailure("no prediction") }
        #expect(any.value == 3.78)
        #expect(any.measurement.level == "Salmon")
        #expect(quoted.value == nil)
    }
}
