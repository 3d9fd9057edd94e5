import Documents

/// Judges each evaluation as it comes, each level by itself.
///
/// Errors are standardised by the model's own sigma and summed up, to either side, as far as they exceed an allowance:
/// two one-sided CUSUMs (`ErrorSum`). A model that was fitted on few rows is itself off, by the same error for each
/// subject; so much is allowed for, with two standard errors, and sigma is taken that much larger.
///
/// A level that the model has not seen needs no test. Either way an episode begins: the model is to be fitted again when
/// 2, 4, 8, … truths of the level are known, whoever predicted them, and until it ends the level raises no alarm.
package struct SequentialDetector: DriftDetector {
    /// Levels beyond these are not watched, for each takes memory.
    static let levelsMax = WindowAggregate.levelsMax

    private let rules: SequentialRules
    private let threshold: Double
    private var model: ModelStatement?
    private var sigma: Double?
    private var levels: [String?: LevelWatch] = [:]

    package init(_ rules: SequentialRules) {
        self.rules = rules
        threshold = rules.threshold
    }

    package var needsStatement: Bool { true }
    package var lateCount: Int { 0 }

    package mutating func restart(for model: ModelStatement?) {
        self.model = model
        sigma = model?.cautiousSigma(SequentialRules.certainty)
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

    private mutating func follow(_ evaluation: Evaluation, isOfThisModel: Bool) -> [DriftChange] {
        guard let predicted = evaluation.predicted, let actual = evaluation.actual,
            case let error = actual - predicted, error.isFinite, actual > 0,
            var watch = levels[evaluation.level] ?? (levels.count < Self.levelsMax ? LevelWatch(rules) : nil)
        else { return [] }
        defer { levels[evaluation.level] = watch }
        if watch.isInEpisode { return found(watch.learn(evaluation)) }
        guard isOfThisModel else { return [] }
        if !evaluation.isLevelSeen { return found(watch.begin(with: evaluation)) }
        return found(excess(of: error, at: predicted).flatMap { watch.judge(evaluation, excess: $0) })
    }

    private func found(_ drift: Drift?) -> [DriftChange] { drift.map { [.found($0)] } ?? [] }

    /// What the error adds to either sum, in shares of the threshold; nil where the model cannot be judged.
    private func excess(of error: Double, at predicted: Double) -> LevelWatch.Excess? {
        guard let model, let sigma else { return nil }
        // Of a perfect fit the rounding of its predictions is left.
        let standardised = error / max(sigma, abs(predicted) * 1e-9)
        let allowance = rules.allowance + SequentialRules.certainty * model.meanLeverage.squareRoot()
        let scale = Double(rules.minimumCount) / threshold
        return LevelWatch.Excess(above: (standardised - allowance) * scale, below: (-standardised - allowance) * scale)
    }
}
