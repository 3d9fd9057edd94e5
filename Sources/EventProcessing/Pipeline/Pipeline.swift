package import Documents
import Regression
package import Specification

/// The stream as a state machine: an input goes in, actions come out. No clock, no files, no network; the same inputs
/// give the same actions.
///
/// Every publication comes before what follows from it, and the evaluation that closes a window is recorded before the
/// trigger for that window.
///
/// A new model is judged by its own predictions: what was predicted before a training and whose truth is told after it is
/// recorded, but counts in no window. The original query counts it, and so retrains the new model for the old one's errors.
package struct Pipeline: Sendable {
    private let specification: ModelSpecification
    private let roles: Roles
    private var join: GuardedJoin
    private var detector: any DriftDetector
    /// As it was before the first event, for a beginning that proves wrong.
    private var detectorAtStart: any DriftDetector
    private var evaluatedAtStart: Timestamp?
    /// How often another model was seen to answer.
    private var modelGeneration = 0
    /// Of the model that was last asked about; nil where the next one is to be asked about, whatever its name.
    private var asked: ModelName?
    /// The largest time of an evaluation.
    private var evaluatedThrough: Timestamp?
    /// Rows up to this time are known to the detector from another run.
    private var judgedThrough: Timestamp?

    /// - Parameter time: nil believes every time, as ksqlDB does.
    package init(
        specification: ModelSpecification, roles: Roles,
        join: StreamJoin<PredictedMeasurement, Outcome>.Bounds, time: TimeRules? = TimeRules(),
        detector: any DriftDetector
    ) {
        self.specification = specification
        self.roles = roles
        self.join = GuardedJoin(join, time: time, specification: specification)
        self.detector = detector
        detectorAtStart = detector
    }

    package mutating func handle(_ input: consuming Input) -> [Action] {
        if isToBeAsked(about: input) { return [.ask(then: input)] }
        return switch consume input {
        case .event(.measurement(let measurement)): roles.contains(.predict) ? [predict(measurement)] : []
        case .event(.outcome(let outcome)): roles.contains(.join) ? actions(join.add(outcome)) : []
        case .predicted(let predicted): after(predicted)
        case .evaluated(let evaluation): after(evaluation)
        case .drifted(let drift): roles.contains(.trigger) ? [.trigger(drift)] : []
        case .trained(let reply): trained(reply)
        case .stated(let model, let input): stated(model, then: input)
        case .ended: actions(join.finish())
        }
    }

    /// Rebuilds the state from an input that has had its effects in an earlier life: nothing is to be done, and no model
    /// is asked.
    package mutating func restore(_ input: Input) {
        if case .ask(let waiting)? = handle(input).first { _ = handle(.stated(detector.model, then: waiting)) }
    }

    /// Begins where another run ended: windows that had closed by this time do not open again.
    /// - Parameter document: what its detector knew; rows up to that time come again, and are not shown to it again.
    package mutating func resume(at time: Timestamp, detector document: JSON? = nil) throws(DetectorStateError) {
        evaluatedThrough = time
        detector.resume(at: time)
        (detectorAtStart, evaluatedAtStart) = (detector, time)
        if let document, detectorDocument != nil {
            try restoreDetector(from: document)
            judgedThrough = time
        }
    }

    /// The first events were dated wrongly: what they taught is forgotten, but for the model, which answers still.
    private mutating func rewind() {
        let model = detector.model
        (detector, evaluatedThrough) = (detectorAtStart, evaluatedAtStart)
        if model != detector.model { detector.restart(for: model) }
    }

    /// What the detector knows, to be kept from one process to the next; nil where reading the newest events again is
    /// enough.
    package var detectorDocument: JSON? { detector.document }

    package mutating func restoreDetector(from document: JSON) throws(DetectorStateError) {
        try detector.restore(from: document)
        detectorAtStart = detector
    }

    package var memory: PipelineMemory {
        var memory = PipelineMemory(joinsFrom: join.oldestTime, evaluatedThrough: evaluatedThrough)
        memory.believedThrough = join.believedThrough
        memory.isHolding = join.isHolding
        memory.isBeginning = join.isBeginning
        return memory
    }

    package var joinCounts: JoinCounts { join.counts }
    /// Measurements that no outcome came for, and the other way round, were the input to end here.
    package var unmatched: (measurements: Int, outcomes: Int) { (join.unmatched.left, join.unmatched.right) }
    package var lateCount: Int { detector.lateCount }
    package var levelStandings: [LevelStanding] { roles.contains(.window) ? detector.levelStandings : [] }

    private func predict(_ measurement: Measurement) -> Action {
        if let name = specification.missing(in: measurement) {
            return .setAside(SetAside(place: measurement.identifier, reason: "cannot be predicted, \(name) is missing"))
        }
        return .predict(measurement)
    }

    private mutating func after(_ predicted: consuming PredictedMeasurement) -> [Action] {
        var actions: [Action] = []
        if roles.contains(.predict) { actions.append(.publish(.prediction(copy predicted))) }
        guard roles.contains(.join) else { return actions }
        predicted.modelGeneration = modelGeneration
        add(join.add(predicted), to: &actions)
        return actions
    }

    private mutating func actions(_ steps: consuming [GuardedJoin.Step]) -> [Action] {
        var actions: [Action] = []
        add(steps, to: &actions)
        return actions
    }

    private mutating func add(_ steps: consuming [GuardedJoin.Step], to actions: inout [Action]) {
        guard !steps.isEmpty else { return }
        // A row is published and recorded.
        actions.reserveCapacity(actions.count + 2 * steps.count)
        var steps = consume steps
        steps.reverseByMoving()
        while let step = steps.popLast() { add(consume step, to: &actions) }
    }

    private mutating func add(_ step: consuming GuardedJoin.Step, to actions: inout [Action]) {
        switch consume step {
        case .rewound: rewind()
        case .remark(let remark): actions.append(.tell(remark))
        case .rejected(let event, let source, let ahead):
            let reason = "dated \(event.time), \(Span.words(ahead)) ahead of all others, and none confirmed that time"
            actions.append(.reject(event, source, reason: reason))
        case .row(let evaluation, let generation):
            actions.append(.publish(.evaluation(evaluation)))
            add(evaluation, isOfThisModel: generation == modelGeneration, to: &actions)
        case .abandoned(let event, let source):
            if let source { actions.append(.abandon(event, source)) }
        }
    }

    private mutating func after(_ evaluation: Evaluation) -> [Action] {
        var actions: [Action] = []
        add(evaluation, isOfThisModel: true, to: &actions)
        return actions
    }

    private mutating func add(_ evaluation: Evaluation, isOfThisModel: Bool, to actions: inout [Action]) {
        if roles.contains(.record) { actions.append(.record(evaluation)) }
        guard roles.contains(.window), judgedThrough.map({ evaluation.time > $0 }) ?? true else { return }
        evaluatedThrough = max(evaluatedThrough ?? evaluation.time, evaluation.time)
        let judged = evaluation.judged(by: specification)
        let changes = isOfThisModel ? detector.observe(judged) : detector.pass(judged)
        for change in changes {
            switch change {
            case .found(let drift):
                actions.append(.publish(.drift(drift)))
                if roles.contains(.trigger) { actions.append(.trigger(drift)) }
            case .withdrawn(let period, let time):
                actions.append(.publish(.withdrawal(period, time: time)))
            }
        }
    }
}

// MARK: - The model that answers

extension Pipeline {
    /// By its time, which is all that predictions tell of it; nil where they do not.
    private struct ModelName: Equatable {
        let time: String?
    }

    /// A training is not the only way to another model: others train too, and go back. Its predictions show it.
    private mutating func isToBeAsked(about input: Input) -> Bool {
        guard roles.contains(.window), detector.needsStatement, let name = Self.model(of: input), name != asked else {
            return false
        }
        asked = name
        return true
    }

    private static func model(of input: Input) -> ModelName? {
        switch input {
        case .predicted(let predicted): ModelName(time: predicted.modelTime)
        case .evaluated(let evaluation): ModelName(time: evaluation.modelTime)
        default: nil
        }
    }

    /// Two models of one second bear the same time, so the next is asked about even where the time has not changed.
    private mutating func trained(_ reply: TrainingReply) -> [Action] {
        detector.take(reply)
        if reply.status == .retrained {
            asked = nil
            replaceModel(by: nil)
        }
        return []
    }

    /// Where the model is the one that was known, a row of another came between: what was learnt about this one holds.
    private mutating func stated(_ model: ModelStatement?, then input: Input) -> [Action] {
        if model == nil || model != detector.model { replaceModel(by: model) }
        return handle(input)
    }

    private mutating func replaceModel(by model: ModelStatement?) {
        modelGeneration += 1
        detector.restart(for: model)
    }
}
