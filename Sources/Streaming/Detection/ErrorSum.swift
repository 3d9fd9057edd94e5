import Documents

/// The cumulative sum of the evidence that errors have grown, which begins anew wherever it falls to zero: E. S. Page,
/// "Continuous Inspection Schemes", Biometrika 41, 1954.
///
/// It is counted in shares, of which `minimumCount` make the threshold; one evaluation adds one share at most, so that a
/// single fish that was weighed wrong is no alarm.
struct ErrorSum: Sendable {
    private(set) var shares = 0.0
    /// The evaluations since the sum was last zero, which is also the estimate of when the change came.
    private(set) var evidence: WindowAggregate?

    mutating func add(_ step: Double, of evaluation: Evaluation) {
        shares = max(0, shares + min(step, 1))
        if shares > 0 {
            evidence.gather(evaluation)
        } else {
            evidence = nil
        }
    }
}

extension WindowAggregate? {
    /// The period begins with the first evaluation and reaches to the latest.
    mutating func gather(_ evaluation: Evaluation) {
        let end = evaluation.time.advanced(byMilliseconds: 1)
        var gathered = self ?? WindowAggregate(period: Drift.Period(start: evaluation.time, end: end))
        gathered.period.start = min(gathered.period.start, evaluation.time)
        gathered.period.end = max(gathered.period.end, end)
        gathered.add(evaluation)
        self = gathered
    }
}
