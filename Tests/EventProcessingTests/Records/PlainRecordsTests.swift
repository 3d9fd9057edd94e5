import Documents
import EventTesting
import SeededTesting
import Specification
import Testing

@testable import EventProcessing

@Suite("Records that are read without a tree")
struct PlainRecordsTests {
    private static let roles: [Roles] = [.predict, .join, .window, .record, .trigger]
    private static let presets: [PresetName] = PresetName.allCases.filter {
        Preset($0, for: .fish).fieldNames == .exact
    }

    /// Of each stage, as programs write them.
    private static func records(_ preset: Preset, _ specification: ModelSpecification) -> [Record] {
        let time = Timestamp(milliseconds: 1_622_620_132_137)
        let measurement = Measurement(
            identifier: "3", level: "salmon", otherLevels: specification.otherFactors.map { _ in "b" },
            predictors: specification.predictors.map { _ in 17.25 }, timestampText: time.description, time: time)
        let outcome = Outcome(identifier: "3", level: "salmon", value: 4.7, timestampText: nil, time: time)
        var predicted = PredictedMeasurement(measurement: measurement, value: 2, modelTime: "2021-06-02 07:48:52")
        predicted.statement = specification.needsStatement ? PredictionStatement(median: 2.5, sigma: 0.125) : nil
        let unpredicted = PredictedMeasurement(measurement: measurement, value: nil, modelTime: nil)
        let writer = RecordWriter(specification: specification, preset: preset)
        let publications: [Publication] = [
            .prediction(predicted), .prediction(unpredicted),
            .evaluation(Evaluation.of(predicted, outcome, by: specification)),
        ]
        return [Event.measurement(measurement), .outcome(outcome)].map {
            Record($0, topics: preset.topics, specification: specification)
        } + publications.map { writer.record($0) }
    }

    @Test(
        "are read as the reader of all JSON reads them", arguments: presets, [ModelSpecification.fish, .flats, .shoe])
    func same(name: PresetName, specification: ModelSpecification) throws {
        let preset = Preset(name, for: specification)
        var count = 0
        for role in Self.roles {
            let reader = RecordReader(specification: specification, preset: preset, roles: role)
            let plain = PlainRecords(reader)
            for record in Self.records(preset, specification) {
                let expected = try reader.input(record)
                #expect(plain.input(record) == expected)
                count += expected == nil ? 0 : 1
            }
        }
        #expect(count == 6, "a measurement, two predictions, an outcome, and an evaluation of the window and of rows")
    }

    @Test("whatever is changed in them, they are read alike or left to that reader", arguments: presets)
    func changed(name: PresetName) throws {
        let preset = Preset(name, for: .fish)
        var random = SeededGenerator(seed: 3)
        let parts = [
            "null", "true", "-0", "1e400", "\"17\"", "\"a\\nb\"", "{}", "[1]", "{\"Weight\":1,\"Weight\":2}", ",", "}",
            " ",
            "\u{FEFF}", "\"Prediction\":", "\"Length\":1,", "7",
        ]
        var (readCount, plainCount) = (0, 0)
        for role in Self.roles {
            let reader = RecordReader(specification: .fish, preset: preset, roles: role)
            let plain = PlainRecords(reader)
            for record in Self.records(preset, .fish) {
                for _ in 0..<1000 {
                    var changed = record
                    var value = try #require(record.value)
                    let place = Int.random(in: 0...value.count, using: &random)
                    let end = min(value.count, place + Int.random(in: 0...6, using: &random))
                    value.replaceSubrange(place..<end, with: parts.randomElement(using: &random)!.utf8)
                    changed.value = value
                    let expected = try? reader.input(changed)
                    readCount += expected == nil ? 0 : 1
                    guard let input = plain.input(changed) else { continue }
                    plainCount += 1
                    try #require(input == expected, "\(String(decoding: value, as: UTF8.self))")
                }
            }
        }
        #expect(plainCount > 300 && plainCount < readCount, "\(plainCount) of \(readCount)")
    }

    @Test("names in any case are for the reader of all JSON")
    func anyCase() {
        let preset = Preset(.recipe, for: .fish)
        let plain = PlainRecords(RecordReader(specification: .fish, preset: preset, roles: .join))
        for record in Self.records(preset, .fish) { #expect(plain.input(record) == nil) }
    }
}
