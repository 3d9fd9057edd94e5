import Documents

/// The stage's clock, whose waits look after the group: while the model server is away, the other members must not wait
/// for this one as well.
final class GroupClock: StreamClock {
    private let clock: any StreamClock
    var lookAfterGroup: () -> Void = {}
    /// The partitions were taken away during a wait: what is at hand is another's now.
    var isInterrupted = false

    init(_ clock: any StreamClock) { self.clock = clock }

    var date: Timestamp { clock.date }

    var now: Duration { clock.now }

    var isStopping: Bool { isInterrupted || clock.isStopping }

    func wait(_ duration: Duration) {
        let due = now + duration
        while !isStopping, case let left = due - now, left > .zero {
            lookAfterGroup()
            clock.wait(min(left, .milliseconds(100)))
        }
    }
}
