import EventProcessing

/// How many rows pass between two alarms while nothing changes.
struct AlarmStudy {
    /// A model serves so many times the stated number of rows, at most.
    private static let lifeFactor = 2.0

    let stream: StudyStream.Settings
    /// The stated number.
    let interval: Double

    struct Result {
        /// Of levels that the model knows: others have no errors to judge.
        var rows = 0
        var alarms = 0
    }

    /// After an alarm, and at the end of each life, another model is fitted and all begins anew.
    /// - Parameter rows: of all lives.
    /// - Returns: nil where no model can be fitted on so few rows.
    func run(rows: Int, seed: UInt64) throws -> Result? {
        var rules = SequentialRules()
        rules.falseAlarmInterval = interval
        rules.checkInterval = nil
        var result = Result()
        var (life, unfit): (UInt64, Int) = (0, 0)
        while result.rows < rows {
            life += 1
            guard var stream = try StudyStream(stream, seed: seed &* 1_000_003 &+ life) else {
                unfit += 1
                if unfit > 100 { return nil }
                continue
            }
            unfit = 0
            var detector = SequentialDetector(rules)
            detector.restart(for: stream.statement)
            let end = min(rows, result.rows + Int(Self.lifeFactor * interval))
            while result.rows < end {
                let evaluation = stream.next()
                if evaluation.isLevelSeen { result.rows += 1 }
                if detector.observe(evaluation).contains(where: \.isErrorAlarm) {
                    result.alarms += 1
                    break
                }
            }
        }
        return result
    }
}

/// How many rows after a change it is found.
struct DelayStudy {
    var stream = StudyStream.Settings()
    let change: ErrorChange
    /// Of the stream, before the change.
    let rowsBefore: Int
    /// Later it is missed.
    var horizon = 2000
    let interval: Double

    /// - Returns: one delay for each run without an alarm before the change; nil where it was missed.
    func run(_ runs: Int, seed: UInt64) throws -> [Int?] {
        try (0..<runs).compactMap { run in try delay(seed: seed &* 1_000_003 &+ UInt64(run)) }
    }

    private func delay(seed: UInt64) throws -> Int?? {
        guard var stream = try StudyStream(stream, seed: seed) else { return nil }
        var rules = SequentialRules()
        rules.falseAlarmInterval = interval
        rules.checkInterval = nil
        var detector = SequentialDetector(rules)
        detector.restart(for: stream.statement)
        for _ in 0..<rowsBefore where detector.observe(stream.next()).contains(where: \.isErrorAlarm) { return nil }
        for row in 0..<horizon where detector.observe(stream.next((change, row))).contains(where: \.isErrorAlarm) {
            return .some(row + 1)
        }
        return .some(nil)
    }
}

extension DriftChange {
    var isErrorAlarm: Bool {
        if case .found(let drift) = self { drift.cause == .errors } else { false }
    }
}
