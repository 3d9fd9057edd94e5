import Documents

/// What is known of one level: its errors, or the episode that it is in.
struct LevelWatch: Sendable {
    struct Excess {
        let above: Double
        let below: Double
    }

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
    private var above = ErrorSum()
    private var below = ErrorSum()
    private var episode: Episode?
    private var coolDownLeft = 0

    init(_ rules: SequentialRules) { self.rules = rules }

    var isInEpisode: Bool { episode != nil }

    mutating func forgetErrors() {
        above = ErrorSum()
        below = ErrorSum()
    }

    mutating func judge(_ evaluation: Evaluation, excess: Excess) -> Drift? {
        guard coolDownLeft == 0 else {
            coolDownLeft -= 1
            return nil
        }
        above.add(excess.above, of: evaluation)
        below.add(excess.below, of: evaluation)
        for sum in [above, below] where sum.shares >= Double(rules.minimumCount) {
            guard let evidence = sum.evidence else { continue }
            let drift = evidence.drift
            begin(Episode(truths: evidence, count: drift.count ?? 0, lastCount: rules.renewedCount, isTold: true))
            return drift
        }
        return nil
    }

    /// The level is one that the model has not seen.
    mutating func begin(with evaluation: Evaluation) -> Drift? {
        begin(Episode(truths: nil, count: 0, lastCount: rules.learnedCount, isTold: false))
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
        begin(episode)
        return drift
    }

    private mutating func begin(_ episode: Episode) {
        forgetErrors()
        let isOver = episode.count >= episode.lastCount
        self.episode = isOver ? nil : episode
        coolDownLeft = isOver ? rules.coolDown : 0
    }
}
