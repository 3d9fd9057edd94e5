package import Documents

/// Judges each evaluation as it comes, each level by itself.
///
/// Errors are standardised by the model's own sigma, and the evidence that they have grown is summed up: a CUSUM
/// (`ErrorSum`). What the rows of its fit left uncertain of the model is allowed for.
///
/// A level that the model has not seen needs no test. Either way an episode begins: the model is to be fitted again when
/// 2, 4, 8, … truths of the level are known, whoever predicted them, and until it ends the level raises no alarm.
package struct SequentialDetector: DriftDetector {
    /// Levels beyond these are not watched, for each takes memory.
    static let levelsMax = WindowAggregate.levelsMax

    private let rules: SequentialRules
    private var model: ModelStatement?
    private var variance: Double?
    private var levels: [String?: LevelWatch] = [:]

    package init(_ rules: SequentialRules) { self.rules = rules }

    package var needsStatement: Bool { true }
    package var lateCount: Int { 0 }

    package mutating func restart(for model: ModelStatement?) {
        self.model = model
        variance = model?.cautiousVariance
        for level in levels.keys { levels[level]?.forgetErrors() }
    }

    package mutating func observe(_ evaluation: Evaluation) -> [DriftChange] {
        // The model may have been replaced between its answer and its statement.
        let isOfThisModel = model == nil || evaluation.modelTime == model?.modelTime
        return follow(evaluation, isOfThisModel: isOfThisModel)
    }

    package mutating func pass(_ evaluation: Evaluation) -> [DriftChange] {
        follow(evaluation, isOfThisModel: false)
    }

    /// What was found has been learnt from by now, and the evidence begins anew.
    package mutating func resume(at time: Timestamp) {}

    private mutating func follow(_ evaluation: Evaluation, isOfThisModel: Bool) -> [DriftChange] {
        guard let predicted = evaluation.predicted, let actual = evaluation.actual,
            case let error = actual - predicted, error.isFinite, actual > 0,
            var watch = levels[evaluation.level] ?? (levels.count < Self.levelsMax ? LevelWatch(rules) : nil)
        else { return [] }
        defer { levels[evaluation.level] = watch }
        if watch.isInEpisode { return found(watch.learn(evaluation)) }
        guard isOfThisModel else { return [] }
        if !evaluation.isLevelSeen { return found(watch.begin(with: evaluation)) }
        guard let model, let variance else { return [] }
        // Of a perfect fit the rounding of its predictions is left.
        let rounding = predicted * 1e-9
        let square = error * error / max(variance, rounding * rounding)
        return found(watch.judge(evaluation, square: square, rows: model.rows))
    }

    private func found(_ drift: Drift?) -> [DriftChange] { drift.map { [.found($0)] } ?? [] }
}
