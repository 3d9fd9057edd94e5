import Documents
import Specification

/// The join, behind the guards of the two machines' times.
struct GuardedJoin: Sendable {
    /// What comes of one event, in this order.
    enum Step: Sendable {
        /// What came of the events so far was of a wrong time, and is to be forgotten.
        case rewound
        case remark(Remark)
        /// It was held, and nothing has confirmed its time.
        case rejected(Event, RecordPlace?, ahead: Int64)
        /// - Parameter modelGeneration: which of the models that this process has seen predicted it.
        case row(Evaluation, modelGeneration: Int)
        /// No partner will come for it any more.
        case abandoned(Event, RecordPlace?)
    }

    private let specification: ModelSpecification
    private let within: Int64
    private var join: StreamJoin<PredictedMeasurement, Outcome>
    /// Nil where every time is believed.
    private var measured: TimeGuard<PredictedMeasurement>?
    private var told: TimeGuard<Outcome>?
    private var clocks = ClockComparison()

    /// - Parameter specification: says what an error is.
    init(
        _ bounds: StreamJoin<PredictedMeasurement, Outcome>.Bounds, time rules: TimeRules?,
        specification: ModelSpecification
    ) {
        self.specification = specification
        within = bounds.within
        join = StreamJoin(bounds)
        measured = rules.map { TimeGuard($0) }
        told = rules.map { TimeGuard($0) }
    }

    mutating func add(_ predicted: consuming PredictedMeasurement) -> [Step] {
        guard
            let verdict = measured?.admit(
                copy predicted, of: predicted.measurement.identifier, at: predicted.measurement.time)
        else { return joined(consume predicted) }
        let measurement = predicted.measurement
        if verdict.isRewound { join.forgetLeft() }
        return remarks(verdict, of: .measurement(measurement))
            + verdict.rejected.map { Self.rejected($0.element, $0.ahead) }
            + verdict.passed.flatMap { joined($0) }
    }

    mutating func add(_ outcome: consuming Outcome) -> [Step] {
        guard let verdict = told?.admit(copy outcome, of: outcome.identifier, at: outcome.time) else {
            return joined(consume outcome)
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
        var rows: [Step] = []
        join.addLeft(consume predicted, key: key, size: size, at: time) { [specification] left, right, _ in
            rows.append(Self.row(left, right, specification))
        }
        return steps(rows)
    }

    private mutating func joined(_ outcome: consuming Outcome) -> [Step] {
        let (key, time, size) = (outcome.identifier, outcome.time, outcome.textBytes)
        var rows: [Step] = []
        join.addRight(consume outcome, key: key, size: size, at: time) { [specification] left, right, _ in
            rows.append(Self.row(left, right, specification))
        }
        return steps(rows)
    }

    private static func row(
        _ predicted: PredictedMeasurement, _ outcome: Outcome, _ specification: ModelSpecification
    ) -> Step {
        .row(Evaluation.of(predicted, outcome, by: specification), modelGeneration: predicted.modelGeneration)
    }

    /// - Parameter rows: what came of the event that was joined last.
    private mutating func steps(_ rows: consuming [Step]) -> [Step] {
        var steps = consume rows
        let hasMatched = !steps.isEmpty
        for predicted in join.abandoned.left {
            steps.append(.abandoned(.measurement(predicted.measurement), predicted.source))
        }
        for outcome in join.abandoned.right { steps.append(.abandoned(.outcome(outcome), outcome.source)) }
        if hasMatched {
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
