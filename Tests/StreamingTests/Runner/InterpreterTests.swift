import Documents
import EventTesting
import Specification
import Testing

@testable import EventProcessing
@testable import Streaming

@Suite("The interpreter of actions")
struct InterpreterTests {
    /// Notes what comes, with the input that it came of.
    private final class NotingSink: ResultSink {
        private(set) var notes: [String] = []

        func publish(_ publication: Publication, of origin: String) {
            switch publication {
            case .prediction(let predicted):
                notes.append("\(origin): \(predicted.measurement.identifier)\(predicted.isLevelSeen ? "" : " unseen")")
            default: notes.append("\(origin): other")
            }
        }

        func tell(trained answer: JSON, for drift: Drift) { notes.append("trained \(drift.period.start)") }

        func setAside(_ thing: SetAside, _ rejected: Rejected<String>) -> SetAside {
            switch rejected {
            case .input(let origin):
                notes.append("\(origin) set aside")
                return SetAside(place: origin, reason: thing.reason)
            case .event(let event, _):
                notes.append("\(event.kind) \(event.identifier) set aside")
                return thing
            case .row(let row):
                let name = (try? JSON(parsing: row))?["Fish_Id"]?.text
                notes.append("row \(name ?? "-") set aside")
                return thing
            }
        }

        func abandon(_ event: Event, from source: RecordPlace) { notes.append("\(source) abandoned") }
        func flush() { notes.append("flush") }
        func settle() { notes.append("settled") }
    }

    private let sink = NotingSink()
    private let client = MemoryModelClient()
    private let clock = FakeClock()
    private let notices = MemoryNotices()

    private func interpreter() -> Interpreter<NotingSink> {
        Interpreter(
            sink: sink, writer: RecordWriter(specification: .fish, preset: Preset(.blog, for: .fish)), client: client,
            notices: notices, clock: clock)
    }

    /// Of the first input these actions follow, of predictions that they are published, of all else nothing.
    private func pipeline(_ actions: [Action]) -> (Input) -> [Action] {
        { input in
            switch input {
            case .event: actions
            case .predicted(let predicted): [.publish(.prediction(predicted))]
            default: []
            }
        }
    }

    private let first = Input.event(.measurement(.sample("1", at: 0)))

    private static let drift = Drift(
        period: Drift.Period(start: 0, end: 60_000), time: 5, levels: ["salmon"], firstIdentifier: "1",
        lastIdentifier: "1", meanError: 0.5, count: 1)

    @Test("an answer goes into the pipeline before the actions that are left, under the same origin")
    func order() throws {
        client.unseenLevel = "trout"
        let actions: [Action] = [
            .predict(.sample("1", at: 0)), .predict(.sample("2", at: 0, level: "trout")),
            .publish(.withdrawal(Self.drift.period, time: 0)), .predict(.sample("3", at: 0)),
        ]
        try interpreter().handle(first, of: "here", by: pipeline(actions))
        #expect(sink.notes == ["here: 1", "here: 2 unseen", "here: other", "here: 3"])
    }

    @Test("before a training all rows are recorded and all lines shown; its answer is told and goes into the pipeline")
    func training() throws {
        let interpreter = interpreter()
        var told: [Input] = []
        try interpreter.handle(first, of: "here") { input in
            told.append(input)
            guard case .event = input else { return [] }
            return [.record(.sample("1", at: 0, error: 0.5)), .trigger(Self.drift)]
        }
        #expect(sink.notes == ["flush", "trained \(Self.drift.period.start)"])
        #expect(client.calls.map { if case .train = $0 { "train" } else { "record" } } == ["record", "train"])
        #expect(told == [first, .trained(TrainingReply(status: .retrained, modelTime: "2021-06-02 07:48:51"))])
        #expect(interpreter.summary.triggers == 1 && interpreter.summary.retrainings == 1)
    }

    @Test(
        "a model is asked what it says of itself, and what waited for the answer comes with it",
        arguments: [true, false])
    func statement(_ isAnswered: Bool) throws {
        if !isAnswered { client.failureOfStatement = .refused(status: 404, "there is no /model") }
        let waiting = Input.predicted(.sample("7", at: 0))
        var told: [Input] = []
        try interpreter().handle(first, of: "here") { input in
            told.append(input)
            guard case .event = input else { return [] }
            return [.ask(then: waiting)]
        }
        guard case .stated(let statement, waiting)? = told.last else {
            Issue.record("told \(told)")
            return
        }
        #expect(statement?.sigma == (isAnswered ? 0.1 : nil))
        #expect(notices.texts.count { $0.contains("not judged") } == (isAnswered ? 0 : 1))
    }

    @Test("what cannot be used is told of under the sink's name for it; a row that is refused goes as a row")
    func setAside() throws {
        client.refusesLevel = "trout"
        client.problemOfRow = { $0["Fish_Id"] == "bad" ? "no weight" : nil }
        let interpreter = interpreter()
        let actions: [Action] = [
            .predict(.sample("1", at: 0, level: "trout")), .setAside(SetAside(place: "2", reason: "no length")),
            .record(.sample("good", at: 0, error: 0)), .record(.sample("bad", at: 0, error: 0)),
            .abandon(.outcome(.sample("3", at: 0)), RecordPlace(topic: "t", partition: 0, offset: 5)),
        ]
        try interpreter.handle(first, of: "line 1", by: pipeline(actions))
        try interpreter.settle()
        #expect(
            sink.notes == ["line 1 set aside", "line 1 set aside", "t/0/5 abandoned", "row bad set aside", "settled"])
        #expect(
            notices.texts == [
                "set aside: line 1: refused with 422: trout is not known", "set aside: line 1: no length",
                "set aside: bad: refused with 422: no weight",
            ])
        #expect(interpreter.summary.recorded == 1 && interpreter.summary.unmatchedOutcomes == 1)
    }

    @Test("what the server answered before a stop is taken down, the rest is kept")
    func broken() throws {
        let interpreter = interpreter()
        client.problemOfRow = { [client] row in
            guard row["Fish_Id"] == "2" else { return nil }
            // The whole batch and its first half are answered, then the server goes away.
            if client.calls.count == 2 { client.failures = Array(repeating: .unavailable("away"), count: 10) }
            return "bad"
        }
        let rows = (1...4).map { Action.record(.sample("\($0)", at: 0, error: 0)) }
        try interpreter.handle(first, of: "here", by: pipeline(rows))
        clock.stopsAtWait = 1
        #expect(throws: RunInterruption.stopped) { try interpreter.settle() }
        #expect(interpreter.unrecordedCount + interpreter.summary.recorded + interpreter.summary.setAside == 4)
        #expect(!sink.notes.contains("settled"))
    }
}
