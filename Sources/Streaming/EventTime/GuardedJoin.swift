import Documents

/// The join, behind the guards of the two machines' times.
struct GuardedJoin: Sendable {
    /// What comes of one event, in this order.
    enum Step: Sendable {
        /// What came of the events so far was of a wrong time, and is to be forgotten.
        case rewound
        case remark(Remark)
        /// It was held, and nothing has confirmed its time.
        case rejected(Event, RecordPlace?, ahead: Int64)
        case row(StreamJoin<PredictedMeasurement, Outcome>.Match)
        /// No partner will come for it any more.
        case abandoned(Event, RecordPlace?)
    }

    private let within: Int64
    private var join: StreamJoin<PredictedMeasurement, Outcome>
    /// Nil where every time is believed.
    private var measured: TimeGuard<PredictedMeasurement>?
    private var told: TimeGuard<Outcome>?
    private var clocks = ClockComparison()

    init(_ bounds: StreamJoin<PredictedMeasurement, Outcome>.Bounds, time rules: TimeRules?) {
        within = bounds.within
        join = StreamJoin(bounds)
        measured = rules.map { TimeGuard($0) }
        told = rules.map { TimeGuard($0) }
    }

    mutating func add(_ predicted: consuming PredictedMeasurement) -> [Step] {
        guard
            let verdict = measured?.admit(
                copy predicted, of: predicted.measurement.identifier, at: predicted.measurement.time)
        else { return joined(predicted) }
        let measurement = predicted.measurement
        if verdict.isRewound { join.forgetLeft() }
        return remarks(verdict, of: .measurement(measurement))
            + verdict.rejected.map { Self.rejected($0.element, $0.ahead) }
            + verdict.passed.flatMap { joined($0) }
    }

    mutating func add(_ outcome: consuming Outcome) -> [Step] {
        guard let verdict = told?.admit(copy outcome, of: outcome.identifier, at: outcome.time) else {
            return joined(outcome)
        }
        let outcome = outcome
        if verdict.isRewound { join.forgetRight() }
        return remarks(verdict, of: .outcome(outcome)) + verdict.rejected.map { Self.rejected($0.element, $0.ahead) }
            + verdict.passed.flatMap { joined($0) }
    }

    /// No more will come.
    mutating func finish() -> [Step] {
        var steps: [Step] = []
        if let verdict = measured?.finish() {
            steps +=
                verdict.rejected.map { Self.rejected($0.element, $0.ahead) } + verdict.passed.flatMap { joined($0) }
        }
        if let verdict = told?.finish() {
            steps +=
                verdict.rejected.map { Self.rejected($0.element, $0.ahead) } + verdict.passed.flatMap { joined($0) }
        }
        return steps
    }
}

// MARK: - What is known of it

extension GuardedJoin {
    var counts: JoinCounts { join.counts }
    var unmatched: (left: Int, right: Int) { join.unmatched }
    var oldestTime: Timestamp? { join.oldestTime }

    /// The largest time that is believed of either machine.
    var believedThrough: Timestamp? {
        [measured?.newest, told?.newest].compactMap(\.self).max().map(Timestamp.init(milliseconds:))
    }

    var isHolding: Bool { measured?.isHolding == true || told?.isHolding == true }
    /// Whether the first events may still turn out to be the ones that are wrong.
    var isBeginning: Bool { measured?.isBeginning == true || told?.isBeginning == true }
}

// MARK: - Steps

extension GuardedJoin {
    private mutating func joined(_ predicted: consuming PredictedMeasurement) -> [Step] {
        let (key, time, size) = (predicted.measurement.identifier, predicted.measurement.time, predicted.textBytes)
        return steps(join.addLeft(predicted, key: key, size: size, at: time))
    }

    private mutating func joined(_ outcome: consuming Outcome) -> [Step] {
        let (key, time, size) = (outcome.identifier, outcome.time, outcome.textBytes)
        return steps(join.addRight(outcome, key: key, size: size, at: time))
    }

    private mutating func steps(_ matches: [StreamJoin<PredictedMeasurement, Outcome>.Match]) -> [Step] {
        var steps = matches.map { Step.row($0) }
        for predicted in join.abandoned.left {
            steps.append(.abandoned(.measurement(predicted.measurement), predicted.source))
        }
        for outcome in join.abandoned.right { steps.append(.abandoned(.outcome(outcome), outcome.source)) }
        if !matches.isEmpty {
            clocks.noteMatch()
        } else if let offset = join.missedBy, let apart = clocks.noteMiss(offset) {
            steps.append(.remark(.clocksApart(apart, within: within)))
        }
        return steps
    }

    private func remarks<Element>(_ verdict: TimeGuard<Element>.Verdict, of event: Event) -> [Step] {
        var steps: [Step] = verdict.isRewound ? [.rewound] : []
        if let ahead = verdict.heldAhead { steps.append(.remark(.held(event, ahead: ahead))) }
        if verdict.confirmed > 0, let time = believedThrough {
            steps.append(.remark(.confirmed(count: verdict.confirmed, through: time)))
        }
        return steps
    }

    private static func rejected(_ predicted: PredictedMeasurement, _ ahead: Int64) -> Step {
        .rejected(.measurement(predicted.measurement), predicted.source, ahead: ahead)
    }

    private static func rejected(_ outcome: Outcome, _ ahead: Int64) -> Step {
        .rejected(.outcome(outcome), outcome.source, ahead: ahead)
    }
}
