import Documents
import Testing

@testable import Streaming

@Suite("A run with the sequential detector")
struct SequentialRunTests {
    private let harness: RunnerHarness = {
        var harness = RunnerHarness()
        harness.detector = .sequential(SequentialRules())
        return harness
    }()

    private var questions: Int { harness.client.calls.count { $0 == .model } }

    @Test("a model is asked once what it says of itself, and each new one again, were it of the same second")
    func asked() {
        harness.client.value = { _, _, trainings in trainings > 0 ? 4 : 5 }
        let (_, summary) = harness.run(RunnerHarness.factory(40))
        // Ten sigmas off: the third weighing is the alarm; the fourth is at hand, and so on.
        #expect(summary.drifts == 1)
        #expect(summary.triggers == 5)
        #expect(questions == 1 + summary.retrainings)
        #expect(
            harness.client.calls.first { if case .record = $0 { true } else { false } } == .record(["1", "2", "3"]))
    }

    @Test("where another model answers without a training here, the errors of the one before count no more")
    func swappedByOthers() {
        harness.client.timeOfAnswer = { "2021-06-02 07:49:0\(($0 - 1) / 12)" }
        harness.client.value = { _, _, _ in 4 }
        // Of each twelve, those from 8 on are weighed after the next model has begun to answer. Of the others two are
        // wrong in a row, which is one too few.
        let (_, summary) = harness.run(RunnerHarness.factory(32) { (0...5).contains($0 % 12) ? 4 : 9 })
        #expect(questions == 3)
        #expect(summary.drifts == 0)
    }

    @Test("an unseen species is told of with its second weighing")
    func unseen() {
        harness.client.unseenLevel = "salmon"
        let (_, summary) = harness.run(RunnerHarness.factory(6) { _ in 5 })
        #expect(summary.drifts == 1)
        #expect(summary.triggers == 2)
    }

    @Test("a server that cannot say it, or not so, is told of and the run goes on", arguments: [true, false])
    func silent(_ isRefused: Bool) {
        if isRefused {
            harness.client.failureOfStatement = .refused(status: 404, "there is no /model")
        } else {
            harness.client.statement = []
        }
        let (end, summary) = harness.run(RunnerHarness.factory(20))
        #expect(end == .inputEnded)
        #expect(summary.evaluated == 20 && summary.triggers == 0)
        #expect(harness.notices.texts.count { $0.contains("not judged") } == 1)
    }

    @Test("with the window detector no model is asked")
    func window() {
        let harness = RunnerHarness()
        _ = harness.run(RunnerHarness.factory(100))
        #expect(!harness.client.calls.contains(.model))
    }
}
