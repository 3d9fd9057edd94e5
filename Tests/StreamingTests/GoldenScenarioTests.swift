import Documents
import EventTesting
import Foundation
import Regression
import Specification
import Testing

@testable import EventProcessing
@testable import Streaming

@Suite(
    "What real engines answered, byte for byte",
    .enabled(if: SharedData.isThere, "../shared/data/kafka is not there"))
struct GoldenScenarioTests {
    private func replay(_ lines: [String], preset: Preset, roles: Roles) -> [ComparedRecord] {
        let reader = RecordReader(specification: .fish, preset: preset, roles: roles)
        let report = RecordReport(RecordWriter(specification: .fish, preset: preset))
        var pipeline = Pipeline(preset, for: .fish, roles: roles)
        var records: [ComparedRecord] = []
        for line in lines {
            guard let input = try? LineFormat.kcat(reader).input(Array(line.utf8))?.input else { continue }
            for case .publish(let publication) in pipeline.handle(input) {
                records += report.lines(publication).compactMap { try? ComparedRecord(line: $0) }
            }
        }
        return records
    }

    @Test(
        "a scenario of hard input gives the engine's records, in their order",
        arguments: [
            "blog-join", "blog-random", "blog-steady", "blog-window", "recipe-join", "recipe-manual", "recipe-random",
            "recipe-window",
        ])
    func scenario(_ name: String) throws {
        let preset = Preset(name.hasPrefix("blog") ? .blog : .recipe, for: .fish)
        let input = try #require(try SharedData.lines("hard/\(name)/input.jsonl"))
        let records = replay(input, preset: preset, roles: [.join, .window])
        let evaluations = try #require(try SharedData.lines("hard/\(name)/diff.jsonl"))
        let triggers = try #require(
            try SharedData.lines("hard/\(name)/retrain-every-window.jsonl")
                ?? SharedData.lines("hard/\(name)/retrain.jsonl"))
        #expect(records.filter { $0.topic == preset.topics.evaluation } == (try evaluations.map(ComparedRecord.init)))
        #expect(records.filter { $0.topic == preset.topics.trigger } == (try triggers.map(ComparedRecord.init)))
    }

    @Test("the live run gives the captured evaluations and triggers")
    func liveRun() throws {
        let preset = Preset(.blog, for: .fish)
        var input: [(Int64, String)] = []
        for topic in ["weight-prediction", "machine-weight"] {
            for line in try #require(try SharedData.lines("run/\(topic).jsonl")) {
                input.append((try #require(try ComparedRecord(line: line).time), line))
            }
        }
        let ordered = input.sorted { $0.0 < $1.0 }.map(\.1)
        let records = replay(ordered, preset: preset, roles: [.join, .window])
        let evaluations = try #require(try SharedData.lines("run/weight-diff.jsonl"))
        let triggers = try #require(try SharedData.lines("run/weight-retrain.jsonl"))
        #expect(records.filter { $0.topic == "weight-diff" } == (try evaluations.map(ComparedRecord.init)))
        #expect(records.filter { $0.topic == "weight-retrain" } == (try triggers.map(ComparedRecord.init)))
    }

    @Test("the window alone, fed with the engine's own evaluations, gives the same triggers")
    func windowAlone() throws {
        let preset = Preset(.blog, for: .fish)
        let input = try #require(try SharedData.lines("hard/blog-random/diff.jsonl"))
        let triggers = try #require(try SharedData.lines("hard/blog-random/retrain-every-window.jsonl"))
        #expect(replay(input, preset: preset, roles: .window) == (try triggers.map(ComparedRecord.init)))
    }
}
