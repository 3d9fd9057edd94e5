import Documents

/// What a stage needs of the process around it. Every stage has its own clock and client; the words go to one place.
package struct StageSurroundings {
    package var clock: any StreamClock
    /// Not needed where the role asks no model server.
    package var client: (any ModelClient)?
    package var say: Say
    /// Is told what happens, on the stage's own thread.
    package var observer: RunObserver?

    /// Takes a line, and the name of the request to the model server that it is about.
    package typealias Say = @Sendable (_ text: String, _ request: String?) -> Void

    package init(clock: any StreamClock, client: (any ModelClient)?, say: @escaping Say, observer: RunObserver? = nil) {
        self.clock = clock
        self.client = client
        self.say = say
        self.observer = observer
    }
}

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

/// A stage says what it has to say under its role's name, and shows no progress: its input has no end.
final class StageNotices: RunNotices {
    private let role: Roles
    private let write: StageSurroundings.Say

    init(_ role: Roles, _ write: @escaping StageSurroundings.Say) {
        self.role = role
        self.write = write
    }

    func say(_ text: String, about request: String?) { write("\(role): \(text)", request) }

    func show(_ progress: RunProgress) {}
}
