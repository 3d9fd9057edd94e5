import Documents
import EventTesting
import Testing

@testable import EventProcessing
@testable import Streaming

@Suite("The pipeline asks what a model says of itself")
struct UnknownModelTests {
    private func pipeline(_ roles: Roles, _ detector: DetectorRules? = .sequential(SequentialRules())) -> Pipeline {
        Pipeline(Preset(.blog, for: .fish), for: .fish, roles: roles, detector: detector)
    }

    private static func row(_ modelTime: String?, at time: Timestamp = 0) -> Input {
        .evaluated(.off(0, at: time, modelTime: modelTime))
    }

    private static func prediction(_ modelTime: String?) -> Input {
        var predicted = PredictedMeasurement.sample("1", at: 0)
        predicted.modelTime = modelTime
        return .predicted(predicted)
    }

    private func statement(_ modelTime: String) -> ModelStatement {
        var statement = ModelStatement.ofFifty
        statement.modelTime = modelTime
        return statement
    }

    @Test(
        "once for each model, whether predictions or rows show it, and the input waits for the answer",
        arguments: [true, false])
    func once(_ showsPredictions: Bool) {
        let input = showsPredictions ? Self.prediction : { Self.row($0) }
        var pipeline = pipeline(showsPredictions ? .all : [.window, .trigger])
        #expect(pipeline.handle(input("A")) == [.ask(then: input("A"))])
        let actions = pipeline.handle(.stated(statement("A"), then: input("A")))
        #expect(actions.isEmpty != showsPredictions)
        #expect(pipeline.handle(input("A")) != [.ask(then: input("A"))])
        #expect(pipeline.handle(input("B")) == [.ask(then: input("B"))])
    }

    @Test(
        "a model that cannot be asked is asked about once, and a model without a name as well", arguments: ["A", nil])
    func silent(_ name: String?) {
        var pipeline = pipeline([.window, .trigger])
        #expect(pipeline.handle(Self.row(name)) == [.ask(then: Self.row(name))])
        #expect(pipeline.handle(.stated(nil, then: Self.row(name))).isEmpty)
        #expect(pipeline.handle(Self.row(name)).isEmpty)
    }

    @Test("after a training the next model is asked about, were it of the same second")
    func retrained() {
        var pipeline = pipeline(.all)
        _ = pipeline.handle(Self.prediction("A"))
        _ = pipeline.handle(.stated(statement("A"), then: Self.prediction("A")))
        _ = pipeline.handle(.trained(TrainingReply(status: .retrained)))
        #expect(pipeline.handle(Self.prediction("A")) == [.ask(then: Self.prediction("A"))])
    }

    @Test("rows of the model before, among those of the new one, do not make it forget what it has gathered")
    func late() throws {
        var pipeline = pipeline([.window, .trigger])
        let name = ModelStatement.ofFifty.modelTime
        func take(_ input: Input) -> [Action] {
            let actions = pipeline.handle(input)
            guard case .ask(let input)? = actions.first else { return actions }
            return pipeline.handle(.stated(.ofFifty, then: input))
        }
        var triggers = 0
        for number in 0..<6 where triggers == 0 {
            #expect(take(Self.row("older", at: Timestamp(milliseconds: Int64(number)))).isEmpty)
            let wrong = Input.evaluated(.off(20, at: Timestamp(milliseconds: Int64(number)), modelTime: name))
            triggers += take(wrong).count { if case .trigger = $0 { true } else { false } }
        }
        #expect(triggers == 1)
    }

    @Test("not where nothing judges by it: another detector, or the window played elsewhere")
    func unneeded() {
        var windowed = pipeline(.all, nil)
        #expect(windowed.handle(Self.prediction("A")) != [.ask(then: Self.prediction("A"))])
        var joining = pipeline([.join])
        #expect(joining.handle(Self.prediction("A")).isEmpty)
    }

    @Test("what is restored asks nobody, and counts as if it had been answered")
    func restored() {
        var calm = pipeline([.join, .window])
        var restored = calm
        for number in 0..<5 {
            var predicted = PredictedMeasurement.sample("\(number)", at: 0)
            predicted.modelTime = "A"
            for case .ask(let input) in calm.handle(.predicted(predicted)) {
                _ = calm.handle(.stated(nil, then: input))
            }
            restored.restore(.predicted(predicted))
        }
        #expect(restored.joinCounts == calm.joinCounts && restored.joinCounts.left.pending == 5)
    }
}
