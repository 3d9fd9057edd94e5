import Documents
import EventTesting
import Testing

@testable import EventProcessing
@testable import Streaming

@Suite("Predictions that are asked for ahead")
struct ForesightTests {
    /// A drift after some fish, so that there are trainings between predictions that were asked for together.
    private static func run(foresees: Bool, refusing level: String? = nil) -> (RunnerHarness, RunSummary) {
        let harness = RunnerHarness()
        harness.client.foresees = foresees
        harness.client.refusesLevel = level
        harness.client.value = { _, _, trainings in 5 - Double(trainings) / 10 }
        return (harness, harness.run(RunnerHarness.factory(450)).summary)
    }

    @Test("the output is what asking one by one gives, with trainings between")
    func same() {
        let (one, oneSummary) = Self.run(foresees: false)
        let (other, summary) = Self.run(foresees: true)
        #expect(other.client.foreseen >= 450 && summary.retrainings > 2)
        #expect(other.output.lines == one.output.lines)
        #expect(summary.retrainings == oneSummary.retrainings && summary.predicted == oneSummary.predicted)
        #expect(other.client.recorded == one.client.recorded)
    }

    @Test("what a training has overtaken is asked for again, and nothing twice without one")
    func forgotten() {
        let harness = RunnerHarness()
        harness.client.foresees = true
        harness.client.value = { _, _, _ in 4 }
        let summary = harness.run(RunnerHarness.factory(450)).summary
        #expect(summary.triggers == 0 && harness.client.foreseen == 450)
    }

    @Test("where one of many is refused, all are asked for one by one and it is set aside")
    func refused() {
        let (one, _) = Self.run(foresees: false, refusing: "salmon")
        let (other, summary) = Self.run(foresees: true, refusing: "salmon")
        #expect(other.output.lines == one.output.lines)
        #expect(summary.predicted == 0 && other.client.foreseen <= 450 + Foresight.questionsMax)
    }

    @Test("at a pace each is asked for in its time")
    func paced() {
        var harness = RunnerHarness()
        harness.speed = 100
        harness.client.foresees = true
        _ = harness.run(RunnerHarness.factory(30))
        #expect(harness.client.foreseen == 0)
    }

    @Test("answers to other questions than the next one are not given")
    func order() {
        var foresight = Foresight()
        let questions = [1.0, 2].map {
            Measurement(identifier: "7", level: "x", predictors: [$0], timestampText: nil, time: 0)
        }
        let answers = [10.0, 20].map { Prediction(value: $0, modelTime: "now") }
        foresight.set(answers, to: questions)
        #expect(foresight.answer(to: questions[0]) == answers[0])
        #expect(foresight.answer(to: questions[0]) == nil && foresight.isWanted)
        foresight.set([answers[0]], to: questions)
        #expect(foresight.answer(to: questions[0]) == nil)
        foresight.pause(for: 2)
        #expect(!foresight.isWanted)
        _ = foresight.answer(to: questions[0])
        #expect(!foresight.isWanted)
        _ = foresight.answer(to: questions[1])
        #expect(foresight.isWanted)
        foresight.refuse()
        #expect(!foresight.isWanted)
    }
    /// A model that proves worse than the one before on its first rows is taken back, which the next request shows.
    @Test("of a new model fewer are asked for at first, and fewer rows are sent")
    func newModel() {
        var foresight = Foresight()
        let questions = [Measurement(identifier: "7", level: "x", predictors: [1], timestampText: nil, time: 0)]
        let answers = [Prediction(value: 10, modelTime: "now")]
        #expect(foresight.questionsMax == Foresight.firstQuestionsMax)
        foresight.set(answers, to: questions)
        #expect(foresight.questionsMax == Foresight.questionsMax)
        foresight.forget()
        #expect(foresight.questionsMax == Foresight.questionsMax)
        foresight.noteNewModel()
        #expect(foresight.questionsMax == Foresight.firstQuestionsMax)
        var batch = ObservationBatch()
        for number in 1...ObservationBatch.firstCountMax {
            #expect(!batch.isFull)
            batch.append(ObservationBatch.Row(name: "\(number)", text: []))
        }
        #expect(batch.isFull)
    }
}
