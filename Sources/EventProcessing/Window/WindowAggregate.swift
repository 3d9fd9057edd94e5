import Documents

/// What one window, or one alarm, gathers, by ksqlDB's rules, in the order of processing.
struct WindowAggregate {
    /// Distinct levels that are kept, as in Confluent Cloud; later ones are left out. A self-run ksqlDB has no bound.
    static let levelsMax = 1000

    var period: Drift.Period
    private var time: Timestamp
    /// `COLLECT_SET`: null is an element.
    private var levels: [String?] = []
    private var levelsSeen: Set<String?> = []
    /// `EARLIEST_BY_OFFSET` and `LATEST_BY_OFFSET`.
    private var firstIdentifier: String?
    private var lastIdentifier: String?
    /// `AVG`: a plain sum from left to right.
    private var sum = 0.0
    private var errorCount = 0
    private var count = 0
    /// Whether the last state that was told of passed the threshold; for `TumblingWindow`.
    var isFound = false

    init(period: Drift.Period) {
        self.period = period
        time = period.start
    }

    mutating func add(_ evaluation: Evaluation) {
        time = max(time, evaluation.time)
        if levels.count < Self.levelsMax, levelsSeen.insert(evaluation.level).inserted {
            levels.append(evaluation.level)
        }
        firstIdentifier = firstIdentifier ?? evaluation.identifier
        lastIdentifier = evaluation.identifier
        if let error = evaluation.error {
            sum += error
            errorCount += 1
        }
        count += 1
    }

    var drift: Drift {
        Drift(
            period: period, time: time, levels: levels, firstIdentifier: firstIdentifier,
            lastIdentifier: lastIdentifier, meanError: errorCount > 0 ? sum / Double(errorCount) : 0, count: count)
    }
}
