package import Documents
package import Regression

/// What goes into the pipeline. Each input enters at its own stage, so that any part can be played by another program.
package enum Input: Sendable, Equatable {
    case event(Event)
    /// The answer to `Action.predict`, or a record of the prediction topic.
    case predicted(PredictedMeasurement)
    /// A record of the evaluation topic.
    case evaluated(Evaluation)
    /// A record of the trigger topic.
    case drifted(Drift)
    /// Another model answers from now on: after a training, or as a prediction shows. With what it says of itself, where
    /// the detector needs that.
    case serving(ModelStatement?)
}

/// What is to be done, in this order. The pipeline itself does nothing.
package enum Action: Sendable, Equatable {
    /// Ask the model, and hand the answer back as `Input.predicted`.
    case predict(Measurement)
    case publish(Publication)
    /// Store the row for training.
    case record(Evaluation)
    /// Have the model trained, once every row recorded before is stored.
    case trigger(Drift)
    /// No model can be asked about it.
    case setAside(SetAside)
    /// No partner will come for it any more. Told of what came from a topic.
    case abandon(Event, RecordSource)
}

/// What stands on a topic, before it is written for one.
package enum Publication: Sendable, Equatable {
    case prediction(PredictedMeasurement)
    case evaluation(Evaluation)
    case drift(Drift)
    /// A drift that was published no longer holds; becomes a tombstone.
    case withdrawal(Drift.Period, time: Timestamp)
}

/// The stream as a state machine: an input goes in, actions come out. No clock, no files, no network; the same inputs
/// give the same actions.
///
/// Every publication comes before what follows from it, and the evaluation that closes a window is recorded before the
/// trigger for that window.
///
/// A new model is judged by its own predictions: what was predicted before a training and is weighed after it is
/// recorded, but counts in no window. The original query counts it, and so retrains the new model for the old one's errors.
package struct Pipeline: Sendable {
    private let specification: ModelSpecification
    private let roles: Roles
    private var join: StreamJoin<PredictedMeasurement, Outcome>
    private var detector: any DriftDetector
    /// How often another model was seen to answer.
    private var modelGeneration = 0
    /// The largest time of an evaluation.
    private var evaluatedThrough: Timestamp?

    package init(
        specification: ModelSpecification, roles: Roles,
        join: StreamJoin<PredictedMeasurement, Outcome>.Bounds, detector: any DriftDetector
    ) {
        self.specification = specification
        self.roles = roles
        self.join = StreamJoin(join)
        self.detector = detector
    }

    package mutating func handle(_ input: Input) -> [Action] {
        switch input {
        case .event(.measurement(let measurement)): roles.contains(.predict) ? [predict(measurement)] : []
        case .event(.outcome(let outcome)): roles.contains(.join) ? joined(outcome) : []
        case .predicted(let predicted): after(predicted)
        case .evaluated(let evaluation): after(evaluation, isOfThisModel: true)
        case .drifted(let drift): roles.contains(.trigger) ? [.trigger(drift)] : []
        case .serving(let model): serving(model)
        }
    }

    /// Begins where another run ended: windows that had closed by this time do not open again.
    package mutating func resume(at time: Timestamp) {
        evaluatedThrough = time
        detector.resume(at: time)
    }

    package var memory: PipelineMemory {
        PipelineMemory(joinsFrom: join.oldestTime, evaluatedThrough: evaluatedThrough)
    }

    package var joinCounts: JoinCounts { join.counts }
    /// Measurements that no outcome came for, and the other way round, were the input to end here.
    package var unmatched: (measurements: Int, outcomes: Int) { (join.unmatched.left, join.unmatched.right) }
    package var lateCount: Int { detector.lateCount }
    /// Whether `Input.serving` is to tell what the model says of itself.
    package var needsStatement: Bool { detector.needsStatement }

    private func predict(_ measurement: Measurement) -> Action {
        let missing = zip(specification.predictors, measurement.predictors).first { $0.1 == nil }?.0.field
        if let name = missing ?? (measurement.level == nil ? specification.factor.field : nil) {
            return .setAside(SetAside(place: measurement.identifier, reason: "cannot be predicted, \(name) is missing"))
        }
        return .predict(measurement)
    }

    private mutating func after(_ predicted: PredictedMeasurement) -> [Action] {
        var actions: [Action] = []
        if roles.contains(.predict) { actions.append(.publish(.prediction(predicted))) }
        guard roles.contains(.join) else { return actions }
        let measurement = predicted.measurement
        var kept = predicted
        kept.modelGeneration = modelGeneration
        for match in join.addLeft(kept, key: measurement.identifier, at: measurement.time) {
            actions += evaluated(match.left, match.right)
        }
        return actions + abandoned
    }

    private var abandoned: [Action] {
        join.abandoned.left.compactMap { predicted in
            predicted.source.map { .abandon(.measurement(predicted.measurement), $0) }
        }
            + join.abandoned.right.compactMap { outcome in outcome.source.map { .abandon(.outcome(outcome), $0) } }
    }

    private mutating func joined(_ outcome: Outcome) -> [Action] {
        var actions: [Action] = []
        for match in join.addRight(outcome, key: outcome.identifier, at: outcome.time) {
            actions += evaluated(match.left, match.right)
        }
        return actions + abandoned
    }

    private mutating func evaluated(_ predicted: PredictedMeasurement, _ outcome: Outcome) -> [Action] {
        let evaluation = Evaluation(predicted, outcome)
        let isOfThisModel = predicted.modelGeneration == modelGeneration
        return [.publish(.evaluation(evaluation))] + after(evaluation, isOfThisModel: isOfThisModel)
    }

    private mutating func serving(_ model: ModelStatement?) -> [Action] {
        modelGeneration += 1
        detector.restart(for: model)
        return []
    }

    private mutating func after(_ evaluation: Evaluation, isOfThisModel: Bool) -> [Action] {
        var actions: [Action] = []
        if roles.contains(.record) { actions.append(.record(evaluation)) }
        guard roles.contains(.window) else { return actions }
        evaluatedThrough = max(evaluatedThrough ?? evaluation.time, evaluation.time)
        let changes = isOfThisModel ? detector.observe(evaluation) : detector.pass(evaluation)
        for change in changes {
            switch change {
            case .found(let drift):
                actions.append(.publish(.drift(drift)))
                if roles.contains(.trigger) { actions.append(.trigger(drift)) }
            case .withdrawn(let period, let time):
                actions.append(.publish(.withdrawal(period, time: time)))
            }
        }
        return actions
    }
}
