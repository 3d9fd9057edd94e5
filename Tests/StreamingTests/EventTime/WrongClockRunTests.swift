import Documents
import EventTesting
import Testing

@testable import EventProcessing
@testable import Streaming

@Suite("A run whose machines have wrong clocks")
struct WrongClockRunTests {
    private static let begin: Int64 = 1_623_240_000_000
    private static let hour: Int64 = 3_600_000

    /// The factory's events with some moved, in the order in which they came.
    private func events(
        _ count: Int, measured: (Int) -> Int64 = { _ in 0 }, told: (Int) -> Int64 = { _ in 0 }
    ) -> [Event] {
        RunnerHarness.factory(count).map { event in
            switch event {
            case .measurement(var measurement):
                let shift = measured(Int(measurement.identifier) ?? 0)
                measurement.time = Timestamp(milliseconds: measurement.time.milliseconds + shift)
                return .measurement(measurement)
            case .outcome(var outcome):
                let shift = told(Int(outcome.identifier) ?? 0)
                outcome.time = Timestamp(milliseconds: outcome.time.milliseconds + shift)
                return .outcome(outcome)
            }
        }
    }

    @Test(
        "one date far ahead costs one row: what follows is joined and judged, and the held event is told of at once",
        arguments: [hour, 250_000_000_000_000], [1, 2, 150, 299])
    func oneDate(_ ahead: Int64, _ wrong: Int) {
        let calm = RunnerHarness()
        let (_, undisturbed) = calm.run(RunnerHarness.factory(300))
        let harness = RunnerHarness()
        let (end, summary) = harness.run(events(300, measured: { $0 == wrong ? ahead : 0 }))
        #expect(end == .inputEnded)
        #expect(summary.evaluated == 299 && summary.recorded == 299)
        #expect(summary.triggers == undisturbed.triggers && summary.late == 0)
        #expect(summary.unmatchedMeasurements + summary.setAside == 1 && summary.unmatchedOutcomes == 1)
        if wrong > 1 {
            #expect(summary.held == 1 && summary.confirmed == 0)
            let text = harness.notices.texts.first { $0.hasPrefix("held: measurement \(wrong) is dated") }
            #expect(text?.contains("ahead of all others") == true, "\(harness.notices.texts)")
            #expect(summary.lines(for: .all).contains { $0.hasPrefix("held        1 dated far ahead") })
        }
    }

    @Test(
        "a fish that both machines date an hour ahead does not make the rows after it too late", arguments: [1, 2, 100])
    func oneFish(_ wrong: Int) {
        let harness = RunnerHarness()
        let shift: (Int) -> Int64 = { $0 == wrong ? Self.hour : 0 }
        let (_, summary) = harness.run(events(300, measured: shift, told: shift))
        #expect(summary.recorded >= 299 && summary.late == 0 && summary.triggers > 5)
    }

    @Test("after a night time moves on, and no row is lost")
    func night() {
        let harness = RunnerHarness()
        let shift: (Int) -> Int64 = { $0 > 100 ? 10 * Self.hour : 0 }
        let (_, summary) = harness.run(events(200, measured: shift, told: shift))
        #expect(summary.evaluated == 200 && summary.recorded == 200 && summary.late == 0)
        #expect(summary.held == 4 && summary.confirmed >= 4)
        #expect(harness.notices.texts.contains { $0.hasPrefix("time has come to ") })
    }

    @Test("predictions are asked for at once, also for what is held")
    func predicted() {
        let harness = RunnerHarness()
        _ = harness.run(events(20, measured: { $0 == 15 ? Self.hour : 0 }))
        #expect(harness.client.calls.count { if case .predict = $0 { true } else { false } } == 20)
    }

    @Test(
        "clocks that are an hour apart are told of, with the offset, while nothing is joined", arguments: [hour, -hour])
    func clocksApart(_ offset: Int64) {
        let harness = RunnerHarness()
        let (_, summary) = harness.run(events(60, told: { _ in offset }))
        #expect(summary.evaluated == 0)
        let told = harness.notices.texts.filter { $0.hasPrefix("nothing is joined") }
        #expect(told.count == 1)
        let words = offset > 0 ? "1 h 0 min after the measurements" : "59 min 50 s before the measurements"
        #expect(told.first?.contains(words) == true, "\(harness.notices.texts)")
    }

    @Test("a lost weighing, and a machine that repeats its identifiers, are no sign of clocks apart")
    func noSign() {
        let harness = RunnerHarness()
        var again = RunnerHarness.factory(60).filter { $0.identifier != "7" || $0.kind == "measurement" }
        let shift = 180_000
        again += again.map { event in
            switch event {
            case .measurement(var measurement):
                measurement.time = measurement.time.advanced(byMilliseconds: Int64(shift))
                return .measurement(measurement)
            case .outcome(var outcome):
                outcome.time = outcome.time.advanced(byMilliseconds: Int64(shift))
                return .outcome(outcome)
            }
        }
        let (_, summary) = harness.run(again)
        #expect(summary.evaluated == 118 && harness.notices.texts.isEmpty)
    }

    @Test("on topics every time is believed, as by ksqlDB")
    func topics() {
        var pipeline = Pipeline(Preset(.blog, for: .fish), for: .fish, roles: [.join, .window], time: nil)
        _ = pipeline.handle(.predicted(.sample("1", at: 0)))
        let far = Timestamp(milliseconds: 90_000_000)
        #expect(pipeline.handle(.predicted(.sample("2", at: far))).isEmpty)
        #expect(!pipeline.memory.isHolding && pipeline.joinCounts.left.pending == 1)
    }

    @Test("a run none of whose events could be used is of no use", arguments: [0, 1])
    func useless(_ good: Int) {
        let harness = RunnerHarness()
        let bad = (1...3).map { Delivery.setAside(SetAside(place: "line \($0)", reason: "not JSON")) }
        let (_, summary) = harness.run(RunnerHarness.factory(good), then: bad)
        #expect(summary.isUseless == (good == 0))
    }
}
