package import Documents

/// The mean error over windows of event time that follow each other without a gap.
///
/// Time is the largest seen so far; it moves only with evaluations, so the last window stays open until another one
/// comes. A window closes when that time reaches its end plus the grace. Windows without evaluations do not exist.
///
/// The model of `EMIT FINAL` is the one that ksqlDB documents: every closed window once, in the order of their starts,
/// then `HAVING`. The engine itself loses or holds back some of them, which is a fault and not a rule.
package struct TumblingWindow: DriftDetector {
    private let rules: WindowRules
    /// In the order of their starts. Grace bounds how many there are.
    private var open: [WindowAggregate] = []
    private var latest: Int64?

    package private(set) var lateCount = 0

    package init(_ rules: WindowRules) { self.rules = rules }

    package mutating func observe(_ evaluation: Evaluation) -> [DriftChange] {
        let time = evaluation.time.milliseconds
        let now = advance(to: time)
        var changes: [DriftChange] = []
        let start = time - (time % rules.size + rules.size) % rules.size
        if isOpen(start, at: now) {
            let index = index(startingAt: start)
            open[index].add(evaluation)
            if rules.emission == .changes, let change = changed(&open[index]) { changes.append(change) }
        } else {
            lateCount += 1
        }
        return changes + close(at: now)
    }

    /// It moves the time and counts in no window.
    package mutating func pass(_ evaluation: Evaluation) -> [DriftChange] {
        close(at: advance(to: evaluation.time.milliseconds))
    }

    package mutating func resume(at time: Timestamp) {
        _ = close(at: advance(to: time.milliseconds))
    }

    package mutating func restart(for model: ModelStatement?) {
        open = []
    }

    package mutating func take(_ reply: TrainingReply) {}

    /// All levels together: the mean error of the newest window, held against the threshold.
    package var levelStandings: [LevelStanding] {
        guard let mean = open.last?.drift.meanError, rules.threshold.value > 0 else { return [] }
        return [
            LevelStanding(
                level: nil, state: rules.threshold.isExceeded(by: mean) ? .asking : .watching,
                evidence: mean / rules.threshold.value)
        ]
    }

    package var model: ModelStatement? { nil }
    package var needsStatement: Bool { false }
    package var document: JSON? { nil }

    package mutating func restore(from document: JSON) throws(DetectorStateError) {
        throw DetectorStateError(reason: "a window keeps none; it reads the newest events again")
    }

    private mutating func advance(to time: Int64) -> Int64 {
        let now = max(latest ?? time, time)
        latest = now
        return now
    }

    private mutating func close(at now: Int64) -> [DriftChange] {
        let closed = open.prefix { !isOpen($0.period.start.milliseconds, at: now) }
        open.removeFirst(closed.count)
        return rules.emission == .final ? closed.map(\.drift).filter(isExceeded).map(DriftChange.found) : []
    }

    private func isOpen(_ start: Int64, at now: Int64) -> Bool { start + rules.size > now - rules.grace }

    private func isExceeded(by drift: Drift) -> Bool { rules.threshold.isExceeded(by: drift.meanError) }

    /// A row while the window passes, a withdrawal where it passed before and no longer does, else nothing.
    private func changed(_ window: inout WindowAggregate) -> DriftChange? {
        let drift = window.drift
        let wasFound = window.isFound
        window.isFound = isExceeded(by: drift)
        if window.isFound { return .found(drift) }
        return wasFound ? .withdrawn(drift.period, time: drift.time) : nil
    }

    /// Where the window with this start stands, opened where it was not.
    private mutating func index(startingAt start: Int64) -> Int {
        let after = open.lastIndex { $0.period.start.milliseconds <= start }
        if let after, open[after].period.start.milliseconds == start { return after }
        let place = after.map { $0 + 1 } ?? 0
        let period = Drift.Period(
            start: Timestamp(milliseconds: start), end: Timestamp(milliseconds: start + rules.size))
        open.insert(WindowAggregate(period: period), at: place)
        return place
    }
}
