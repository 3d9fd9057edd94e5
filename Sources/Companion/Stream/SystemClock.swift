import Documents
import Program
import Streaming

/// The machine's clock, whose waits a stop signal ends.
final class SystemClock: StreamClock {
    private let clock = ContinuousClock()
    private let begin = ContinuousClock().now

    var date: Timestamp { .now }

    var now: Duration { clock.now - begin }

    var isStopping: Bool { StopSignals.received != nil }

    func wait(_ duration: Duration) {
        let due = now + duration
        while !isStopping, case let left = due - now, left > .zero {
            _ = StopSignals.wait(milliseconds: left.millisecondsRoundedUp)
        }
    }
}

extension Duration {
    fileprivate var millisecondsRoundedUp: Int { Int((self / .milliseconds(1)).rounded(.up)) }
}
