import Documents
import EventProcessing
import EventTesting
import Testing

@testable import Streaming

@Suite("Pacing and batching")
struct PacingTests {
    @Test("the first event is due at once, the others after their event time divided by the speed")
    func pauses() {
        var pacing = Pacing(factor: 60)
        #expect(pacing.pause(before: 600_000, now: .seconds(5)) == .zero)
        #expect(pacing.pause(before: 660_000, now: .seconds(5)) == .seconds(1))
        #expect(pacing.pause(before: 660_000, now: .milliseconds(5750)) == .milliseconds(250))
    }

    @Test("an event that is late, or older than the first, is due at once")
    func late() {
        var pacing = Pacing(factor: 1)
        #expect(pacing.pause(before: 10_000, now: .zero) == .zero)
        #expect(pacing.pause(before: 11_000, now: .seconds(2)) == .zero)
        #expect(pacing.pause(before: 0, now: .zero) == .zero)
    }

    @Test("an event dated far ahead is not waited for; where the next one is as well, the pace begins anew there")
    func leap() {
        var pacing = Pacing(factor: 1)
        _ = pacing.pause(before: 0, now: .zero)
        #expect(pacing.pause(before: 250_000_000_000_000, now: .zero) == .zero)
        #expect(pacing.pause(before: 2_000, now: .zero) == .seconds(2))
        #expect(pacing.pause(before: 36_000_000, now: .seconds(2)) == .zero)
        #expect(pacing.pause(before: 36_002_000, now: .seconds(2)) == .zero)
        #expect(pacing.pause(before: 36_004_000, now: .seconds(2)) == .seconds(2))
    }

    @Test("at full speed nothing waits")
    func max() {
        var pacing = Pacing(factor: nil)
        #expect(pacing.pause(before: 0, now: .zero) == .zero)
        #expect(pacing.pause(before: 1_000_000, now: .zero) == .zero)
    }

    @Test("a paced run waits for as long as its events last, divided by the speed")
    func pacedRun() {
        let harness = RunnerHarness(speed: 60)
        let (_, summary) = harness.run(RunnerHarness.factory(31))
        // 60 s for 31 measurements, and 10 s more for the last outcome.
        #expect(abs(summary.elapsed / .seconds(1) - 70.0 / 60) < 1e-9)
    }

    @Test("before every wait the rows so far are recorded and the lines so far written")
    func flushBeforeWait() {
        let harness = RunnerHarness(speed: 1)
        harness.clock.stopsAtWait = 8
        let (end, summary) = harness.run(RunnerHarness.factory(10))
        #expect(end == .stopped)
        #expect(summary.recorded == summary.evaluated)
        #expect(summary.evaluated > 0)
        #expect(harness.output.flushes >= 8)
    }

    @Test("a stop during a wait leaves the event that was waited for alone")
    func stopDuringWait() {
        let harness = RunnerHarness(speed: 1)
        harness.clock.stopsAtWait = 1
        let (end, summary) = harness.run(RunnerHarness.factory(3))
        #expect(end == .stopped)
        #expect(summary.events == 1)
        #expect(harness.client.calls.count == 1)
    }

    @Test("rows go together, at most 200 and at first 100, unless the input pauses")
    func batches() {
        func batchSizes(_ deliveries: [Delivery]) -> [Int] {
            let harness = RunnerHarness()
            harness.client.value = { _, _, _ in 4 }
            _ = harness.run(ScriptedSource(deliveries: deliveries))
            return harness.client.calls.compactMap { if case .record(let rows) = $0 { rows.count } else { nil } }
        }
        let events = RunnerHarness.factory(330).map { Delivery.input(.event($0), due: $0.time) }
        #expect(batchSizes(events) == [100, 200, 30])
        var paused = events
        paused.insert(.idle, at: 60)
        let sizes = batchSizes(paused)
        #expect(sizes.reduce(0, +) == 330)
        #expect(sizes.first.map { $0 < 100 } == true)
    }

    @Test("pauses double up to ten seconds, each from the upper half of its length")
    func backoff() {
        var backoff = Backoff()
        #expect(backoff.next(fraction: 0) == .milliseconds(50))
        #expect(backoff.next(fraction: 1) == .milliseconds(200))
        #expect(backoff.next(fraction: 0.5) == .milliseconds(300))
        for _ in 0..<20 { _ = backoff.next(fraction: 1) }
        #expect(backoff.next(fraction: 1) == .seconds(10))
    }
}
