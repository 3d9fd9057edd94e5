import Documents
import EventTesting
import Regression
import Specification
import Testing

@testable import EventProcessing

@Suite("Records of the presets")
struct RecordTests {
    private func values(_ preset: PresetName, _ specification: ModelSpecification = .fish) -> [String] {
        let writer = RecordWriter(
            specification: specification, preset: Preset(preset, for: specification))
        var evaluation = Evaluation.sample("f2", at: 1_623_246_065_000, error: nil, level: nil)
        evaluation.predictors = specification.predictors.map { _ in 1e7 }
        evaluation.predicted = 0.00012
        return [
            writer.record(.evaluation(evaluation)), writer.record(.drift(Drift.ofTwo)),
            writer.record(.prediction(.sample("f2", at: 5))),
        ].map { "\($0.topic) \(String(decoding: $0.value ?? [], as: UTF8.self))" }
    }

    @Test("the article's columns, in its order and with Java's numbers")
    func blog() {
        #expect(
            values(.blog) == [
                #"weight-diff {"Key":"Key","Species":null,"Length":1.0E7,"Height":1.0E7,"PredictedWeight":1.2E-4,"#
                    + #""ActualWeight":4.0,"Error":null,"ModelTime":"2021-05-18 09:00:00","#
                    + #""Timestamp":"2021-06-09T13:41:05.000Z"}"#,
                #"weight-retrain {"Species":[null,"salmon"],"Fish_Id_Start":"f2","Fish_Id_End":"f3","ErrorAvg":0.151}"#,
                #"weight-prediction {"Fish_Id":"f2","Height":17.5,"Length":74.25,"#
                    + #""Prediction":{"ModelTime":"2021-05-18 09:00:00","Weight":5.0},"Species":"salmon","#
                    + #""Timestamp":"1970-01-01T00:00:00.005Z"}"#,
            ])
    }

    @Test("the tutorial's columns, in upper case and without times")
    func recipe() {
        #expect(
            values(.recipe).prefix(2) == [
                #"diff_weight {"KEY":"key","SPECIES":null,"LENGTH":1.0E7,"HEIGHT":1.0E7,"PREDICTION":1.2E-4,"#
                    + #""ACTUAL":4.0,"ERROR":null}"#,
                #"retrain_weight {"SPECIES":[null,"salmon"],"FISH_ID_START":"f2","FISH_ID_END":"f3","ERRORAVG":0.151}"#,
            ])
    }

    @Test("the recipe repository's columns, in mixed case; a prediction is a number")
    func recipeQuoted() {
        #expect(
            values(.recipeQuoted) == [
                #"diff_weight {"Key":"Key","Species":null,"Length":1.0E7,"Height":1.0E7,"PredictedWeight":1.2E-4,"#
                    + #""ActualWeight":4.0,"Error":null}"#,
                #"retrain_weight {"Species":[null,"salmon"],"Fish_Id_Start":"f2","Fish_Id_End":"f3","ErrorAvg":0.151}"#,
                #"kt.mdb.weight-prediction {"Fish_Id":"f2","Height":17.5,"Length":74.25,"Prediction":5.0,"#
                    + #""Species":"salmon","Timestamp":"1970-01-01T00:00:00.005Z"}"#,
            ])
    }

    @Test("another subject gets its own topics and columns")
    func flats() {
        #expect(
            values(.recipe, .flats).prefix(2) == [
                #"diff_price {"KEY":"key","DISTRICT":null,"AREA":1.0E7,"ROOMS":1.0E7,"FLOOR":1.0E7,"#
                    + #""PREDICTION":1.2E-4,"ACTUAL":4.0,"MISS":null}"#,
                #"retrain_price {"DISTRICT":[null,"salmon"],"FLAT_START":"f2","FLAT_END":"f3","MISSAVG":0.151}"#,
            ])
        let topics = Preset(.blog, for: .flats).topics
        #expect(topics.outcome == "machine-price")
        #expect(topics.trigger == "price-retrain")
    }

    @Test("a window's key is the group key and eight bytes of its start, big-endian")
    func windowKey() {
        let writer = RecordWriter(specification: .fish, preset: Preset(.blog, for: .fish))
        let line = KcatLine.line(writer.record(.drift(Drift.ofTwo)))
        #expect(line["key_hex"] == "4b657900000179f10139e0")
        #expect(line["key"] == .null)
        #expect(WindowKey.start(of: writer.record(.drift(Drift.ofTwo)).key ?? []) == Drift.ofTwo.period.start)
        let negative = WindowKey.bytes(groupKey: "k", start: -60_000)
        #expect(WindowKey.start(of: negative) == -60_000)
    }

    @Test("a withdrawal is a tombstone with the window's key")
    func tombstone() {
        let writer = RecordWriter(specification: .fish, preset: Preset(.recipe, for: .fish))
        let line = KcatLine.line(writer.record(.withdrawal(Drift.ofTwo.period, time: 7)))
        #expect(
            line.compact
                == #"{"topic":"retrain_weight","ts":7,"key":null,"key_hex":"6b657900000179f10139e0","payload":null}"#)
    }

    @Test("the documents for programs carry the identifier and the window's bounds, under every preset")
    func documents() throws {
        for preset in PresetName.allCases {
            let writer = RecordWriter(specification: .fish, preset: Preset(preset, for: .fish))
            let document = try JSON(parsing: writer.text(Evaluation.sample("f2", at: 5, error: 0.25)))
            #expect(document.members?.first == JSON.Member("Fish_Id", "f2"))
            #expect(writer.document(Drift.ofTwo)["WindowStart"] == 1_623_246_060_000)
            #expect(writer.document(Drift.ofTwo)["WindowEnd"] == 1_623_246_120_000)
        }
    }

    @Test("what is written is read back by the next part", arguments: PresetName.allCases)
    func roundTrip(_ name: PresetName) throws {
        let preset = Preset(name, for: .fish)
        let writer = RecordWriter(specification: .fish, preset: preset)
        func read(_ publication: Publication, _ roles: Roles) throws -> Input? {
            try RecordReader(specification: .fish, preset: preset, roles: roles).input(
                writer.record(publication))
        }
        var predicted = PredictedMeasurement.sample("f2", at: 5)
        if preset.predictionForm == .number { predicted.modelTime = nil }
        #expect(try read(.prediction(predicted), .join) == .predicted(predicted))
        var evaluation = Evaluation.sample("f2", at: 5, error: 0.25)
        if name != .blog { (evaluation.modelTime, evaluation.timestampText) = (nil, nil) }
        #expect(try read(.evaluation(evaluation), .window) == .evaluated(evaluation))
        #expect(try read(.evaluation(evaluation), .record) == .evaluated(evaluation))
        var drift = Drift.ofTwo
        drift.count = nil
        #expect(try read(.drift(drift), .trigger) == .drifted(drift))
        #expect(try read(.withdrawal(drift.period, time: 7), .trigger) == nil)
        // One that no window found says what it is told for, and when it ends.
        drift.cause = .followUp
        drift.period.end = drift.period.start.advanced(byMilliseconds: 77)
        #expect(try read(.drift(drift), .trigger) == .drifted(drift))
    }
}
