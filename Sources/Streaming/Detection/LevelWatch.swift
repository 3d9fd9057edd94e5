import Documents

/// What is known of one level: its errors, or the episode that it is in.
struct LevelWatch: Sendable {
    private struct Episode {
        var truths: WindowAggregate?
        var count: Int
        let lastCount: Int
        /// Whether it was told of; an unseen level is with its second truth.
        var isTold: Bool

        /// The counts at which a fit is worth its while: each doubles what is known.
        var isRefitDue: Bool { count >= 2 && count.nonzeroBitCount == 1 }
    }

    private let rules: SequentialRules
    private let threshold: Double
    private var sum = ErrorSum()
    private var episode: Episode?
    private var coolDown: CoolDown?
    /// How much larger than the model's the mean square of this level's errors is where no refit has mended it: such a
    /// model is of the wrong form for the level, and to say so again and again would help nobody.
    private var spread = 1.0

    init(_ rules: SequentialRules) {
        self.rules = rules
        threshold = rules.threshold
    }

    var isInEpisode: Bool { episode != nil }

    mutating func forgetErrors() { sum = ErrorSum() }

    /// - Parameters:
    ///   - square: of the error, standardised by what the model says of itself.
    ///   - rows: that the model was fitted on.
    mutating func judge(_ evaluation: Evaluation, square: Double, rows: Int) -> Drift? {
        if var coolDown {
            coolDown.add(square)
            spread = coolDown.spread
            self.coolDown = coolDown.count < rules.coolDown ? coolDown : nil
            return nil
        }
        let step = SequentialRules.evidence(square / spread) * Double(rules.minimumCount) / threshold
        sum.add(step, of: evaluation)
        guard sum.shares >= Double(rules.minimumCount), let evidence = sum.evidence else { return nil }
        let drift = evidence.drift
        let lastCount = SequentialRules.renewedCount(rows: rows)
        go(on: Episode(truths: evidence, count: drift.count ?? 0, lastCount: lastCount, isTold: true))
        return drift
    }

    /// The level is one that the model has not seen.
    mutating func begin(with evaluation: Evaluation) -> Drift? {
        go(on: Episode(truths: nil, count: 0, lastCount: rules.learnedCount, isTold: false))
        return learn(evaluation)
    }

    /// One more truth of the episode.
    mutating func learn(_ evaluation: Evaluation) -> Drift? {
        guard var episode else { return nil }
        episode.truths.gather(evaluation)
        episode.count += 1
        var drift: Drift?
        if episode.isRefitDue {
            drift = episode.truths?.drift
            drift?.cause = episode.isTold ? .followUp : .unseenLevel
            episode.isTold = true
        }
        go(on: episode)
        return drift
    }

    private mutating func go(on episode: Episode) {
        forgetErrors()
        spread = 1
        let isOver = episode.count >= episode.lastCount
        self.episode = isOver ? nil : episode
        coolDown = isOver && rules.coolDown > 0 ? CoolDown() : nil
    }
}

/// The errors of a level after its last refit.
private struct CoolDown {
    /// A fish that was weighed wrong must not pass for the level's way.
    private static let squareMax = 25.0

    private(set) var count = 0
    private var sum = 0.0

    mutating func add(_ square: Double) {
        count += 1
        sum += min(square, Self.squareMax)
    }

    var spread: Double {
        Caution.ofVariance(degreesOfFreedom: count).map { max(1, sum / Double(count) * $0) } ?? 1
    }
}
