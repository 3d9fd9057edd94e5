/// That the model be fitted anew because of a change: an episode. It is asked for at once, again as the rows since the
/// change double, and until it is answered for good.
///
///     open ── retrained ──> renewed ── its last rows have come ──> over
///      │ ^                     └── an alarm: another need takes its place
///      │ └── skipped: asked again when the server says, or as rows come
///      └──── refused with its last rows: no model does better ──> over, and these rows are what is normal
struct RefitNeed: Equatable {
    /// A level is known after so many rows.
    static let unseenRows = 32
    /// After a change of errors so many rows tell, or so many for each coefficient, or so many since the alarm.
    private static let changedRows = 64
    private static let rowsPerCoefficient = 2
    private static let rowsSinceAlarm = 32

    let cause: Drift.Cause
    /// The rows since the change.
    private(set) var stretch: Stretch
    private(set) var lastIdentifier: String
    /// With so many rows it is asked for the last time, if it is answered then; a power of two.
    let lastCount: Int
    var isTold = false
    /// Whether another model has come since.
    private(set) var isRenewed = false
    /// Of the last question.
    var lastAnswer: TrainingReply.Status?

    /// - Parameter stretch: the rows since the errors changed, which are known by this one.
    init(errorsOf stretch: Stretch, _ row: ObservedRow, coefficients: Int) {
        let rows = max(Self.changedRows, Self.rowsPerCoefficient * coefficients, stretch.count + Self.rowsSinceAlarm)
        self.init(
            cause: .errors, stretch: stretch, lastIdentifier: row.identifier,
            lastCount: 1 << (Int.bitWidth - (rows - 1).leadingZeroBitCount))
    }

    /// - Parameter row: the first of a level that the model has not seen.
    init(unseen row: ObservedRow) {
        self.init(
            cause: .unseenLevel, stretch: Stretch(row), lastIdentifier: row.identifier, lastCount: Self.unseenRows)
    }

    init(
        cause: Drift.Cause, stretch: Stretch, lastIdentifier: String, lastCount: Int, isTold: Bool = false,
        isRenewed: Bool = false, lastAnswer: TrainingReply.Status? = nil
    ) {
        self.cause = cause
        self.stretch = stretch
        self.lastIdentifier = lastIdentifier
        self.lastCount = lastCount
        self.isTold = isTold
        self.isRenewed = isRenewed
        self.lastAnswer = lastAnswer
    }

    /// Another model answers.
    mutating func renew() {
        isRenewed = true
        lastAnswer = .retrained
    }

    mutating func add(_ row: ObservedRow) {
        stretch.add(row)
        lastIdentifier = row.identifier
    }

    /// Whether this many rows are an occasion to ask: each doubles what is known of the change.
    var isDue: Bool {
        let count = stretch.count
        guard isTold else { return cause == .errors || count >= 2 }
        return count <= lastCount ? count.nonzeroBitCount == 1 && count >= 2 : count.isMultiple(of: lastCount)
    }

    /// Whether errors are held against nothing: what was normal is over, and what will be is not known yet.
    var isUnanswered: Bool { cause == .errors && !isRenewed }

    /// Whether it is answered for good. An answer that never came is taken for a refusal, as the next check is not far; a
    /// level that no model knows stays one.
    var isOver: Bool {
        isTold && stretch.count >= lastCount && lastAnswer != .skipped && (cause == .errors || isRenewed)
    }

    func drift(levels: [String?]) -> Drift {
        stretch.drift(isTold ? .followUp : cause, levels: levels, lastIdentifier: lastIdentifier)
    }
}
