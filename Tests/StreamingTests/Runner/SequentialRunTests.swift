import Documents
import Streaming
import Testing

@testable import EventProcessing

@Suite("A run with the sequential detector")
struct SequentialRunTests {
    private let harness: RunnerHarness = {
        var harness = RunnerHarness()
        harness.detector = .sequential(SequentialRules())
        return harness
    }()

    private var questions: Int { harness.client.calls.count { $0 == .model } }

    private var triggers: [JSON] {
        harness.client.calls.compactMap { call in if case .train(let trigger) = call { trigger } else { nil } }
    }

    @Test("a model is asked once what it says of itself, and each new one again, were it of the same second")
    func asked() {
        harness.client.value = { _, _, trainings in trainings > 0 ? 4 : 5 }
        let (_, summary) = harness.run(RunnerHarness.factory(40))
        // Ten sigmas off: the fourth weighing is the alarm, and it is told again at 8, 16 and 32.
        #expect(summary.drifts == 1)
        #expect(summary.triggers == 4)
        #expect(questions == 1 + summary.retrainings)
        #expect(
            harness.client.calls.first { if case .record = $0 { true } else { false } }
                == .record(["1", "2", "3", "4"]))
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

    @Test("a training that is put off is asked for again, whatever the server says next to it")
    func skipped() {
        harness.client.answerToTrain = ["status": "skipped", "reason": "not_enough_new_rows", "retryAfterRows": 6]
        harness.client.timeOfAnswer = { _ in "2021-06-02 07:48:52" }
        let (_, summary) = harness.run(RunnerHarness.factory(40))
        #expect(summary.drifts == 1 && summary.retrainings == 0)
        // As the fish double, and six fish after each of these; ever later where that was in vain.
        #expect(triggers.compactMap { $0["Fish_Id_End"]?.text } == ["4", "8", "14", "16", "22", "28", "32", "40"])
    }

    @Test("where nothing is found a check is asked for, and says so")
    func scheduled() throws {
        harness.client.answerToTrain = ["status": "refused"]
        let (_, summary) = harness.run(RunnerHarness.factory(420) { $0.isMultiple(of: 2) ? 5.05 : 4.95 })
        #expect(summary.drifts == 0 && summary.triggers == 2)
        #expect(triggers.map { $0["Cause"] } == ["schedule", "schedule"])
        #expect(triggers.map { $0["Fish_Id_Start"] } == ["1", "201"])
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
