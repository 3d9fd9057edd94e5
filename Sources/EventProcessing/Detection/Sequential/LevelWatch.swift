/// What is known of one level: its normal errors, the evidence that they have changed, and the need that came of it.
struct LevelWatch: Equatable {
    let level: String?
    var reference: RankReference
    var scores = LastScores()
    var sums = EvidenceSums()
    var need: RefitNeed?
    /// The number of its latest row.
    var latestRow = 0

    init(_ level: String?, promiseWeight: Double) {
        self.level = level
        reference = RankReference(promiseWeight: promiseWeight)
    }

    /// Another model answers, with another promise.
    mutating func restart(promiseWeight: Double) {
        reference = RankReference(promiseWeight: promiseWeight)
        forgetEvidence()
        need?.renew()
    }

    /// What was normal is over: the rows from here on become the reference, unless another model comes.
    mutating func forgetReference() {
        reference = RankReference(promiseWeight: ModelPromise.weightMin)
        forgetEvidence()
    }

    mutating func forgetEvidence() {
        sums = EvidenceSums()
        scores = LastScores()
    }
}

/// What is known of all levels together: a change of all at once shows here first.
struct StreamWatch: Equatable {
    var autocorrelation = Autocorrelation()
    var scores = LastScores()
    var sums = EvidenceSums()
    var need: RefitNeed?

    mutating func restart() {
        forgetEvidence()
        need?.renew()
    }

    mutating func forgetEvidence() {
        sums = EvidenceSums()
        scores = LastScores()
    }
}
