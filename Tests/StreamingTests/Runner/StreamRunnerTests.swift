import Documents
import EventTesting
import Regression
import Specification
import Testing

@testable import EventProcessing
@testable import Streaming

@Suite("The run")
struct StreamRunnerTests {
    @Test("every measurement is predicted, every joined row recorded, and the last ones at the end")
    func wholeRun() {
        let harness = RunnerHarness()
        let (end, summary) = harness.run(RunnerHarness.factory(30) { _ in 5 })
        #expect(end == .inputEnded)
        #expect(summary.predicted == 30)
        #expect(summary.evaluated == 30)
        #expect(summary.recorded == 30)
        #expect(harness.client.recorded.count == 30)
        #expect(harness.output.lines.count == 30)
        #expect(summary.triggers == 0)
    }

    @Test("an observation holds the row as the server reads it, whatever the preset", arguments: PresetName.allCases)
    func observation(_ preset: PresetName) throws {
        let harness = RunnerHarness(preset: preset)
        _ = harness.run([.measurement(.sample("7", at: 1000)), .outcome(.sample("7", at: 11_000))])
        let row = try #require(harness.client.recorded.first)
        let expected =
            #"{"Fish_Id":"7","Species":"salmon","Length":74.25,"Height":17.5,"PredictedWeight":5.0,"ActualWeight":4.0,"#
            + #""Error":0.25,"ModelTime":"2021-06-02 07:48:50","Timestamp":"1970-01-01T00:00:11.000Z"}"#
        #expect(row.compact == expected)
    }

    @Test("the row that closes a window is recorded before the trigger is sent, and nothing comes between")
    func recordedBeforeTrigger() throws {
        let harness = RunnerHarness()
        _ = harness.run(RunnerHarness.factory(40))
        let calls = harness.client.calls
        let training = try #require(calls.firstIndex { if case .train = $0 { true } else { false } })
        guard case .record(let rows) = calls[training - 1] else {
            throw TestFailure("the call before the training is \(calls[training - 1])")
        }
        // 12:01:00 is the first outcome of the second minute: the 26th, measured at 12:00:50.
        #expect(rows.last == "26")
        #expect(
            calls[training]
                == .train([
                    "Species": ["salmon"], "Fish_Id_Start": "1", "Fish_Id_End": "25", "ErrorAvg": 0.25,
                    "WindowStart": 1_623_240_000_000, "WindowEnd": 1_623_240_060_000,
                ]))
        #expect(harness.output.lines.firstIndex { $0.contains("ErrorAvg") } == 26)
    }

    @Test("the same input gives the same output", arguments: PresetName.allCases)
    func determinism(_ preset: PresetName) {
        func lines() -> [String] {
            let harness = RunnerHarness(preset: preset)
            harness.client.value = { predictors, level, trainings in predictors[0] / 20 + Double(trainings) }
            var random = Xoshiro256(seed: 3)
            let events = RunnerHarness.factory(200) { _ in Double.random(in: 2...6, using: &random) }
            _ = harness.run(events)
            return harness.output.lines
        }
        let first = lines()
        #expect(first.count > 200)
        #expect(first == lines())
    }

    @Test("the mean error is told before the first retraining, and of what the last model predicted")
    func means() {
        let harness = RunnerHarness()
        harness.client.value = { _, _, trainings in trainings > 0 ? 4 : 5 }
        let (_, summary) = harness.run(RunnerHarness.factory(100))
        #expect(summary.retrainings == 1)
        #expect(summary.before.value == 0.25)
        #expect(summary.before.count == 26)
        #expect(summary.after.value == 0)
        #expect(summary.after.count == 70, "four rows of the old model come after the retraining")
        let harmless = RunnerHarness()
        harmless.client.answerToTrain = ["status": "skipped", "reason": "not_enough_rows"]
        let (_, second) = harmless.run(RunnerHarness.factory(40))
        #expect(second.triggers == 1)
        #expect(second.retrainings == 0)
    }

    @Test("another subject runs without a change")
    func flats() throws {
        let harness = RunnerHarness(specification: .flats)
        harness.client.value = { predictors, _, _ in predictors.reduce(0, +) }
        let time: Timestamp = 1000
        let events: [Event] = [
            .measurement(
                Measurement(
                    identifier: "A1", level: "north", predictors: [80, 3, 2], timestampText: nil, time: time)),
            .outcome(Outcome(identifier: "A1", level: "north", value: 100, timestampText: nil, time: time)),
        ]
        _ = harness.run(events)
        let expected =
            #"{"Flat":"A1","Key":"Key","District":"north","Area":80.0,"Rooms":3.0,"Floor":2.0,"AskedPrice":85.0,"#
            + #""PaidPrice":100.0,"Miss":0.15,"FittedAt":"2021-06-02 07:48:50","SoldAt":null}"#
        #expect(harness.output.lines == [expected])
        #expect(harness.client.recorded.first?["SoldAt"] == "1970-01-01T00:00:01.000Z")
    }

    @Test("a run with join and window alone asks no server")
    func noServer() {
        let harness = RunnerHarness(roles: [.join, .window])
        let predictions = RunnerHarness.factory(40).map { event -> Delivery in
            switch event {
            case .measurement(let measurement):
                let predicted = PredictedMeasurement(measurement: measurement, value: 5, modelTime: nil)
                return .input(.predicted(predicted), due: event.time)
            case .outcome: return .input(.event(event), due: event.time)
            }
        }
        let (_, summary) = harness.run(ScriptedSource(deliveries: predictions))
        #expect(harness.client.calls.isEmpty)
        #expect(summary.evaluated == 40)
        #expect(harness.output.lines.count == 41)
    }
}
