import Documents
import EventTesting
import Testing

@testable import EventProcessing
@testable import Streaming

@Suite("What goes wrong in a run")
struct RunnerFailureTests {
    @Test("a server that is away is waited for with growing pauses, said once, and once when it is back")
    func awayAndBack() {
        let undisturbed = RunnerHarness()
        _ = undisturbed.run(RunnerHarness.factory(3))
        let harness = RunnerHarness()
        harness.client.failures = Array(repeating: .unavailable("no connection"), count: 12)
        let (end, summary) = harness.run(RunnerHarness.factory(3))
        #expect(end == .inputEnded)
        #expect(summary.recorded == 3)
        #expect(harness.output.lines == undisturbed.output.lines)
        #expect(
            harness.notices.texts == ["waiting for the model server: no connection", "the model server is back"])
        #expect(harness.output.flushes > undisturbed.output.flushes, "lines are not held back meanwhile")
        let waits = harness.clock.waits
        #expect(waits.count == 12)
        for (index, wait) in waits.enumerated() {
            let full = min(.milliseconds(100) * (1 << index), .seconds(10))
            #expect(wait >= full / 2 && wait <= full, "wait \(index) is \(wait)")
        }
    }

    @Test("a stop while the server is away ends the run, and says how many rows it has not got")
    func stopWhileAway() {
        let harness = RunnerHarness()
        let events = RunnerHarness.factory(6)
        // The sixth measurement and all that follows find no server.
        let source = AwaySource(deliveries: events.map { .input(.event($0), due: $0.time) }) { delivered in
            if delivered == 6 { harness.client.failures = Array(repeating: .unavailable("away"), count: 100) }
        }
        harness.clock.stopsAtWait = 4
        let (end, summary) = harness.run(source)
        #expect(end == .stopped)
        #expect(summary.unrecorded > 0)
        #expect(summary.recorded + summary.unrecorded == summary.evaluated)
        #expect(harness.notices.texts == ["waiting for the model server: away"])
        #expect(summary.events == 6, "the event at hand is not done")
        #expect(
            summary.lines(for: .all).contains { $0.hasPrefix("recorded") && $0.contains("the model server is away") })
    }

    @Test(
        "a bad row in a batch is set aside alone; the good ones are recorded", arguments: [1, 2, 50, 99, 100, 101, 250])
    func badRow(_ count: Int) {
        let harness = RunnerHarness()
        let bad = count / 2 + 1
        harness.client.problemOfRow = { $0["Fish_Id"]?.text == "\(bad)" ? "ActualWeight must be above 0" : nil }
        let (_, summary) = harness.run(RunnerHarness.factory(count) { _ in 5 })
        #expect(summary.recorded == count - 1)
        #expect(harness.client.recorded.count == count - 1)
        #expect(summary.setAside == 1)
        #expect(harness.notices.texts.first == "set aside: \(bad): refused with 422: ActualWeight must be above 0")
    }

    @Test("a batch of bad rows ends, each set aside once")
    func allBad() {
        let harness = RunnerHarness()
        harness.client.problemOfRow = { _ in "bad" }
        let (_, summary) = harness.run(RunnerHarness.factory(100) { _ in 5 })
        #expect(summary.recorded == 0)
        #expect(summary.setAside == 100)
        let requests = harness.client.calls.count { if case .record = $0 { true } else { false } }
        #expect(requests <= 2 * 100)
        #expect(harness.notices.texts.count == 6, "five of them, and that the rest is counted")
    }

    @Test("a prediction that is refused is set aside, and the run goes on")
    func refusedPrediction() {
        let harness = RunnerHarness()
        harness.client.refusesLevel = "trout"
        var events = RunnerHarness.factory(3)
        events.append(.measurement(.sample("t", at: events[5].time, level: "trout")))
        events.append(.outcome(.sample("t", at: events[5].time)))
        let (end, summary) = harness.run(events + RunnerHarness.factory(1))
        #expect(end == .inputEnded)
        #expect(harness.notices.texts == ["set aside: t: refused with 422: trout is not known"])
        #expect(summary.unmatchedOutcomes == 1)
        #expect(summary.setAside == 1)
    }

    @Test(
        "a measurement without a value to predict from is set aside and not asked about",
        arguments: [
            (
                Measurement(identifier: "m", level: "salmon", predictors: [1, nil], timestampText: nil, time: 0),
                "Height"
            ),
            (Measurement(identifier: "m", level: nil, predictors: [1, 2], timestampText: nil, time: 0), "Species"),
        ])
    func unpredictable(_ measurement: Measurement, _ field: String) {
        let harness = RunnerHarness()
        _ = harness.run([.measurement(measurement)])
        #expect(harness.client.calls.isEmpty)
        #expect(harness.notices.texts == ["set aside: m: cannot be predicted, \(field) is missing"])
    }

    @Test("a trigger that is refused is set aside, and the run goes on")
    func refusedTrigger() {
        let harness = RunnerHarness()
        let source = AwaySource(
            deliveries: RunnerHarness.factory(40).map { .input(.event($0), due: $0.time) }
        ) { _ in
            // Whatever call comes after the batch of the closing row.
            if harness.client.recorded.isEmpty { harness.client.failures = [] }
        }
        harness.client.problemOfRow = { row in
            if row["Fish_Id"] == "26" { harness.client.failures = [.refused(status: 413, "too large")] }
            return nil
        }
        let (end, summary) = harness.run(source)
        #expect(end == .inputEnded)
        #expect(summary.triggers == 1)
        #expect(summary.retrainings == 0)
        #expect(summary.evaluated == 40)
        #expect(
            harness.notices.texts == ["set aside: trigger of 2021-06-09T12:00:00.000Z: refused with 413: too large"])
    }

    @Test("when nobody reads the output, the run ends and the rows so far are recorded")
    func outputClosed() {
        let harness = RunnerHarness()
        harness.output.closesAfter = 3
        let (end, summary) = harness.run(RunnerHarness.factory(10))
        #expect(end == .outputClosed)
        #expect(summary.evaluated == 4)
        #expect(summary.recorded == 3)
    }

    @Test("what the source sets aside is shown up to the fifth, then counted")
    func setAside() {
        let harness = RunnerHarness()
        let bad = (1...9).map { Delivery.setAside(SetAside(place: "line \($0)", reason: "not JSON")) }
        let (end, summary) = harness.run(RunnerHarness.factory(2), then: bad)
        #expect(end == .inputEnded)
        #expect(summary.setAside == 9)
        #expect(
            harness.notices.texts
                == (1...5).map { "set aside: line \($0): not JSON" } + ["what else is set aside is only counted"])
        #expect(summary.evaluated == 2)
    }

    @Test("a source that fails ends the run with its reason, and the rows so far are recorded")
    func sourceFails() {
        let harness = RunnerHarness()
        let deliveries = RunnerHarness.factory(5).map { Delivery.input(.event($0), due: $0.time) }
        let (end, summary) = harness.run(ScriptedSource(deliveries: deliveries, failure: SourceError("disk gone")))
        #expect(end == .sourceFailed("disk gone"))
        #expect(summary.recorded == 5)
    }
}

/// Tells the test how many deliveries were asked for, before each.
private struct AwaySource: EventSource {
    var deliveries: [Delivery]
    var delivered = 0
    let before: (Int) -> Void

    init(deliveries: [Delivery], before: @escaping (Int) -> Void) {
        self.deliveries = deliveries
        self.before = before
    }

    mutating func next(waiting patience: Duration) -> Delivery? {
        before(delivered)
        delivered += 1
        return deliveries.isEmpty ? nil : deliveries.removeFirst()
    }

    var fraction: Double? { nil }
}
