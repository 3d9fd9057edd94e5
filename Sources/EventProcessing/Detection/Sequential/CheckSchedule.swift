import Documents

/// The rows since a training was last asked for by the schedule, or one was judged. What no detector can find, a drift that
/// is slower than the reference grows or a shift that the fit's own error hides, is mended by asking.
struct CheckSchedule: Equatable {
    private(set) var stretch: Stretch?
    private(set) var lastIdentifier = ""
    /// Whether the last check was put off by the server.
    var isSkipped = false

    init(stretch: Stretch? = nil, lastIdentifier: String = "", isSkipped: Bool = false) {
        self.stretch = stretch
        self.lastIdentifier = lastIdentifier
        self.isSkipped = isSkipped
    }

    mutating func add(_ row: ObservedRow) {
        stretch.add(row)
        lastIdentifier = row.identifier
    }

    func isDue(every interval: Int?) -> Bool {
        guard let interval, let stretch else { return false }
        return stretch.count >= interval
    }

    /// What is asked; then it begins anew.
    mutating func tell(levels: [String?]) -> Drift? {
        defer { self = CheckSchedule() }
        return stretch?.drift(.schedule, levels: levels, lastIdentifier: lastIdentifier)
    }
}

/// When the server said that asking again may help: once all that it named has come, and rows enough that a server which
/// always says now is not asked with each of them.
struct RetryTime: Equatable {
    private static let doublingsMax = 6

    let time: Timestamp?
    let row: Int

    init(time: Timestamp?, row: Int) {
        self.time = time
        self.row = row
    }

    /// - Parameter retries: how often in a row such a time has come in vain.
    /// - Returns: nil where the server did not say.
    init?(_ reply: TrainingReply, at now: Timestamp, row: Int, retries: Int) {
        guard reply.retryAfterSeconds != nil || reply.retryAfterRows != nil else { return nil }
        // No wait is longer than a century, so that the sums fit their type.
        time = reply.retryAfterSeconds.map { now.advanced(byMilliseconds: Int64(min($0, 3e9) * 1000)) }
        self.row = row + max(1 << min(retries, Self.doublingsMax), min(reply.retryAfterRows ?? 0, 1_000_000_000))
    }

    func hasCome(at now: Timestamp, row: Int) -> Bool {
        row >= self.row && (time.map { now >= $0 } ?? true)
    }
}
