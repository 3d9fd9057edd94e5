import Glibc
import Threading

/// How long a call may wait for locks that other processes hold.
///
/// SQLite's own timeout counts anew for every caller in the queue of writers: the tenth would wait ten times as long.
/// Here the time counts from when the caller came.
final class LockWait: Sendable {
    private let deadline = Lock(ContinuousClock.now)

    /// To be called by the one thread that uses the connection, before it asks for a lock.
    func end(at instant: ContinuousClock.Instant) {
        deadline.withLock { $0 = instant }
    }

    /// SQLite's busy handler: sleeps a moment, and says whether to try again.
    func goesOn(attempt: Int) -> Bool {
        guard ContinuousClock.now < deadline.withLock({ $0 }) else { return false }
        usleep(UInt32(min(1 + attempt, 20)) * 1000)
        return true
    }
}
