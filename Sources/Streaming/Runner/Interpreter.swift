import Documents
import EventProcessing
import Regression
import Specification

/// Carries out what a pipeline says, wherever its inputs come from and its results go.
///
/// Every request is answered before the next action is looked at, and the answer goes into the pipeline before the
/// actions that are left, so that the same inputs give the same results. What is asked for ahead (`foresee`) changes no
/// result.
final class Interpreter<Sink: ResultSink> {
    let sink: Sink
    private let writer: RecordWriter
    private let server: PatientServer?
    private let notices: any RunNotices
    private let observer: RunObserver?
    private var batch = ObservationBatch()
    private var foresight = Foresight()
    var summary = RunSummary()

    /// - Parameters:
    ///   - client: not needed where no action asks the model server.
    ///   - random: for the length of pauses alone; nothing that is output depends on it.
    ///   - observer: is told what happens.
    init(
        sink: Sink, writer: RecordWriter, client: (any ModelClient)?, notices: any RunNotices, clock: any StreamClock,
        random: any RandomNumberGenerator = SystemRandomNumberGenerator(), observer: RunObserver? = nil
    ) {
        self.sink = sink
        self.writer = writer
        self.notices = notices
        self.observer = observer
        server = client.map { client in
            PatientServer(client: client, clock: clock, notices: notices, random: random, observer: observer) {
                () throws(RunInterruption) in try sink.flush()
            }
        }
    }

    /// Rows that no server has confirmed so far.
    var unrecordedCount: Int { batch.count }

    /// - Parameter pipeline: takes an input and gives the actions that follow from it.
    func handle(
        _ input: consuming Input, of origin: Sink.Origin, by pipeline: (consuming Input) -> [Action]
    ) throws {
        var actions = pipeline(input)
        // Taken from the end, where they are moved out; a loop over them copies each. Nearly always there is one.
        actions.reverseByMoving()
        while let action = actions.popLast() {
            if let answer = try perform(consume action, of: origin) { try handle(answer, of: origin, by: pipeline) }
        }
    }

    func setAside(_ thing: SetAside, _ rejected: Rejected<Sink.Origin>) throws {
        observer?(.setAside)
        let named = try sink.setAside(thing, rejected)
        for line in summary.note(named) { notices.say(line, about: thing.request) }
    }

    private func note(_ publication: Publication) {
        switch publication {
        case .evaluation(let evaluation): observer?(.evaluated(evaluation))
        case .drift(let drift): observer?(.drift(drift))
        case .prediction, .withdrawal: break
        }
    }

    /// Sends all that waits: before a wait, before a training, at the end.
    func flush() throws {
        try record()
        try sink.flush()
    }

    /// Returns when everything so far is recorded and durable.
    func settle() throws {
        try record()
        try sink.settle()
    }

    /// - Returns: what the pipeline is to be told next.
    private func perform(_ action: consuming Action, of origin: Sink.Origin) throws -> Input? {
        switch consume action {
        case .predict(let measurement): return try predict(measurement, of: origin)
        case .ask(let input): return .stated(try statement(), then: input)
        case .trigger(let drift): return try train(drift, of: origin)
        case .publish(let publication):
            summary.note(publication)
            note(publication)
            try sink.publish(publication, of: origin)
        case .record(let evaluation):
            batch.append(
                ObservationBatch.Row(name: evaluation.identifier, text: writer.observation(evaluation)))
            if batch.isFull { try record() }
        case .setAside(let thing): try setAside(thing, .input(origin))
        case .reject(let event, let source, let reason):
            try setAside(SetAside(place: event.identifier, reason: reason), .event(event, source))
        case .tell(let remark):
            if case .held = remark { observer?(.held) }
            for line in summary.note(remark) { notices.say(line) }
        case .abandon(let event, let source):
            summary.noteAbandoned(event)
            try sink.abandon(event, from: source)
        }
        return nil
    }
}

// MARK: - The model server

extension Interpreter {
    private func predict(_ measurement: Measurement, of origin: Sink.Origin) throws -> Input? {
        guard let server else { return nil }
        let foreseen = foresight.answer(to: measurement).map { Result<_, PatientServer.Refusal>.success($0) }
        switch try foreseen ?? server.predict(PredictionQuestion(measurement, by: writer.specification)) {
        case .success(let prediction):
            summary.predicted += 1
            observer?(.predicted)
            var predicted = PredictedMeasurement(
                measurement: measurement, value: prediction.value, modelTime: prediction.modelTime)
            predicted.isLevelSeen = prediction.isLevelSeen
            predicted.statement = prediction.statement
            return .predicted(predicted)
        case .failure(let refusal):
            let thing = SetAside(place: measurement.identifier, reason: refusal.reason, request: refusal.request)
            try setAside(thing, .input(origin))
            return nil
        }
    }

    /// How many of the next measurements it would be of use to know; 0 for none.
    var foreseenNext: Int { server != nil && foresight.isWanted ? foresight.questionsMax : 0 }

    /// Asks for the predictions of measurements that will come, in their order; those that cannot be predicted are passed
    /// over, as they will be in their turn.
    func foresee(_ measurements: [Measurement]) {
        let asked = measurements.filter { writer.specification.missing(in: $0) == nil }
        guard let server, asked.count > 1 else { return }
        switch server.foresee(asked) {
        case .answered(let answers): foresight.set(answers, to: asked)
        case .notAnswered: foresight.pause(for: asked.count)
        case .unknown: foresight.refuse()
        }
    }

    private func statement() throws -> ModelStatement? {
        guard let server else { return nil }
        switch try server.model() {
        case .success(let document):
            let statement = ModelStatement(document)
            if statement?.sigma == nil {
                notices.say("the model that answers does not say how far its errors go; they are not judged")
            }
            return statement
        case .failure(let refusal):
            notices.say(
                "the model that answers cannot be asked, its errors are not judged: \(refusal.reason)",
                about: refusal.request)
            return nil
        }
    }

    private func train(_ drift: Drift, of origin: Sink.Origin) throws -> Input? {
        try flush()
        guard let server else { return nil }
        foresight.forget()
        summary.triggers += 1
        switch try server.train(writer.document(drift)) {
        case .success(let answer):
            try sink.tell(trained: answer, for: drift)
            observer?(.trained(answer))
            let reply = writer.reply(answer)
            if let reply, reply.status == .retrained {
                summary.retrain(modelTime: reply.modelTime)
                foresight.noteNewModel()
                batch.noteNewModel()
            }
            return reply.map { .trained($0) }
        case .failure(let refusal):
            let place = "trigger of \(drift.period.start)"
            try setAside(
                SetAside(place: place, reason: refusal.reason, request: refusal.request), .input(origin))
            return nil
        }
    }

    /// What was answered before a break is taken down as well.
    private func record() throws {
        guard let server, !batch.isEmpty else { return }
        var deliveries: [ObservationBatch.Delivery] = []
        var interruption: RunInterruption?
        do throws(RunInterruption) {
            try batch.send(to: server) { deliveries.append($0) }
        } catch {
            interruption = error
        }
        for delivery in deliveries {
            switch delivery {
            case .recorded(let count):
                summary.recorded += count
                observer?(.recorded(count))
            case .refused(let thing, let row): try setAside(thing, .row(row))
            }
        }
        if let interruption { throw interruption }
    }
}
