/// When the group is told how far a role has come. One commit is on its way at a time, and what a refused one would have
/// said, the next one says.
struct CommitSchedule: Sendable {
    /// Commits are made after so many records, or so long. Each waits some milliseconds for what was published to arrive, in
    /// which nothing is handled.
    static let countMax = 20_000
    static let interval: Duration = .seconds(1)
    static let idleInterval: Duration = .milliseconds(20)
    static let retryInterval: Duration = .milliseconds(200)
    /// An answer that takes longer than this means that the cluster is away.
    static let patience: Duration = .seconds(5)

    private struct Sent {
        var count: Int
        let time: Duration
        /// False where it told of partitions that have gone since.
        var isOfThisAssignment = true
    }

    /// Whether the group has an offset of every partition, so that the roles behind this one know that it is played. Until
    /// then nothing may be handled.
    private(set) var isAnnounced = true
    /// Records that were handled and are in no commit yet.
    private(set) var count = 0
    private var sent: Sent?
    private var next: Duration = .zero

    var isOnItsWay: Bool { sent != nil }

    /// Other partitions are this role's from now on.
    mutating func begin() {
        sent?.isOfThisAssignment = false
        (isAnnounced, count, next) = (false, 0, .zero)
    }

    mutating func noteHandled() { count += 1 }

    /// - Parameter isIdle: whether there is nothing to handle.
    func isDue(isIdle: Bool, at now: Duration) -> Bool {
        guard sent == nil, now >= next else { return false }
        guard isAnnounced else { return true }
        let interval = isIdle ? Self.idleInterval : Self.interval
        return count >= Self.countMax || count > 0 && now >= next + interval
    }

    func isOverdue(at now: Duration) -> Bool { sent.map { now - $0.time > Self.patience } ?? false }

    mutating func send(at now: Duration) {
        sent = Sent(count: count, time: now)
        (count, next) = (0, now)
    }

    mutating func answer(isAccepted: Bool, at now: Duration) {
        guard let sent else { return }
        self.sent = nil
        guard sent.isOfThisAssignment else { return }
        if isAccepted {
            isAnnounced = true
        } else {
            count += sent.count
            next = now + Self.retryInterval
        }
    }
}
