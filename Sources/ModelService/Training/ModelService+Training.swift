import Dispatch
import Documents
import Glibc
import Threading

extension ModelService {
    /// Fits the newest rows and serves the result. Returns at once; a call while a training runs joins it, and a trigger
    /// that was handled before gets the same answer again.
    /// - Parameter completion: is called once, from a thread of the service or from this one.
    package func train(_ request: TrainingRequest, completion: @escaping @Sendable (TrainingOutcome) -> Void) {
        if let answer = state.memory.answer(to: request.identities, at: clock(), end: nil) {
            return completion(.repeated(answer: answer))
        }
        let caller = TrainingDesk<Completion>.Caller(request: request, waiter: completion)
        switch desk.withLock({ $0.enter(caller, callersMax: settings.waitersMax) }) {
        case .join: break
        case .refuse: completion(.inProgress)
        case .start:
            trainer.async(
                execute: RequestContext.carrying { [self] in
                    ThreadPriority.behind.take()
                    runRound()
                })
        }
    }

    private func runRound() {
        var round = TrainingRound(service: self)
        for (completion, outcome) in round.run() { completion(outcome) }
    }
}

/// One training, from the first that asked for it to all that are told. At most one runs at a time, here and in all the
/// servers over the same models.
private struct TrainingRound {
    typealias Caller = TrainingDesk<ModelService.Completion>.Caller
    typealias Answer = (ModelService.Completion, TrainingOutcome)

    let service: ModelService
    /// Nil while others may still join.
    private var closed: [Caller]?
    private let began = ContinuousClock.now

    init(service: ModelService) {
        self.service = service
    }

    mutating func run() -> [Answer] {
        do throws(StoreError) {
            let seconds = service.settings.turnSecondsMax
            guard try awaitTurn() else {
                return failed(
                    .storeFailed(StoreError(.unavailable, "another server trains, for \(seconds) s already")))
            }
            defer { service.models.endTraining() }
            // Other servers may go back to former models while this one trains.
            let start = ContinuousClock.now
            repeat {
                if let answers = try service.changing({ () throws(StoreError) in try attempt() }) { return answers }
            } while ContinuousClock.now - start < .seconds(seconds)
            return failed(
                .storeFailed(StoreError(.unavailable, "other servers change the model again and again")))
        } catch {
            return failed(error.kind == .unavailable ? .storeFailed(error) : .notSaved(error.description))
        }
    }

    private func awaitTurn() throws(StoreError) -> Bool {
        let start = ContinuousClock.now
        while try !service.models.beginTraining() {
            guard ContinuousClock.now - start < .seconds(service.settings.turnSecondsMax) else { return false }
            usleep(20_000)
        }
        return true
    }

    /// - Returns: nil where another server changed the state meanwhile, so that what was found no longer holds.
    private mutating func attempt() throws(StoreError) -> [Answer]? {
        try service.refresh()
        let (state, now) = (service.state, service.clock())
        // Before any row is read, so that none that comes meanwhile is passed over.
        let end = service.endOfRows
        func isNew(_ caller: Caller) -> Bool {
            state.memory.answer(to: caller.request.identities, at: now, end: end) == nil
        }
        // The first new caller's request becomes the model's cause. More callers may join until the round is closed.
        var waiting = (closed ?? service.desk.withLock(\.callers)).filter(isNew)
        if waiting.isEmpty { waiting = close().filter(isNew) }
        let training = waiting.first.map { CandidateTraining(service: service, state: state).run($0.request) }
        ThreadPriority.giveWay()
        let callers = close()
        if let training {
            let moment = Moment(time: now, end: end)
            guard try commit(training, from: state, callers: callers.filter(isNew), at: moment) else { return nil }
            tell(training.outcome)
        }
        return callers.map { caller in
            let known = state.memory.answer(to: caller.request.identities, at: now, end: end)
            return (caller.waiter, known.map { .repeated(answer: $0) } ?? training?.outcome ?? .inProgress)
        }
    }

    /// When a training began: by the clock, and in the store of rows, where that could be asked.
    private struct Moment {
        let time: Timestamp
        let end: StorePlace?
    }

    /// Everybody is told that the trigger is handled only once that is durable, in the same step as the new model's
    /// going into service. Where no model came of it there is nothing to keep: the same trigger may be asked again.
    private func commit(
        _ training: CandidateTraining.Result, from state: ServingState, callers: [Caller], at begin: Moment
    ) throws(StoreError) -> Bool {
        guard let answer = training.outcome.answer, let model = training.outcome.model else { return true }
        var next = state.successor
        let isServed = training.outcome.serving != nil
        if let validity = isServed ? .always : begin.end.map(TriggerMemory.Validity.untilRows) {
            next.remember(
                callers.flatMap(\.request.identities), answer: answer, holding: validity, at: begin.time)
        }
        next.noteTraining(of: model, newestRow: training.newestRow)
        var successor: Successor?
        if let serving = training.outcome.serving {
            // What served before needs no probation: the one that it displaces goes on competing.
            let parent = service.settings.isGated && serving.version == model.version ? service.current : nil
            next.activate(serving.version, since: begin.end, isOnProbation: parent != nil)
            successor = Successor(model: ServedModel(serving), parent: parent)
        }
        guard try service.agree(on: next, keeping: model, serving: successor) else { return false }
        service.removeOldModels()
        return true
    }

    private mutating func close() -> [Caller] {
        let callers = closed ?? service.desk.withLock { $0.close() }
        closed = callers
        return callers
    }

    private mutating func failed(_ outcome: TrainingOutcome) -> [Answer] {
        tell(outcome)
        return close().map { ($0.waiter, outcome) }
    }

    private func tell(_ outcome: TrainingOutcome) {
        service.tell(.trained(outcome, seconds: (ContinuousClock.now - began) / .seconds(1)))
    }
}
