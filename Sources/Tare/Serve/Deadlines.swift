import Dispatch
import Documents
import HTTPServer
import Program
import Threading

/// Answers requests whose work hangs, on a disk or a database that does not come back, so that no caller waits for good.
/// The work itself cannot be ended, and may still be done.
final class Deadlines: Sendable {
    private struct State {
        var waiting: [UInt64: (end: ContinuousClock.Instant, seconds: Int, responder: any HTTPResponder)] = [:]
        var nextTicket: UInt64 = 0
        var isLooking = false
    }

    /// How often it is looked whose time is over.
    private static let pause = DispatchTimeInterval.milliseconds(100)

    /// How long a request may take, in seconds, and one more for so many bytes of its body.
    private static let secondsMax = 3
    private static let bytesPerSecond = 100_000

    private let state = Lock(State())
    /// Of its own, as those that do the work may all hang.
    private let queue = DispatchQueue(label: "tare.deadlines")

    /// What answers through `responder`, once: with what it is given, or with 503 once the time is over.
    func responder(_ responder: any HTTPResponder, within seconds: Int) -> any HTTPResponder {
        let end = ContinuousClock.now + .seconds(seconds)
        let (ticket, isFirst) = state.withLock { state in
            let ticket = state.nextTicket
            state.nextTicket += 1
            state.waiting[ticket] = (end, seconds, responder)
            defer { state.isLooking = true }
            return (ticket, !state.isLooking)
        }
        if isFirst { look() }
        return TimelyResponder(ticket: ticket, deadlines: self)
    }

    /// - Parameter bytes: of the request's body, which lengthen the time.
    func responder(_ responder: any HTTPResponder, toBytes bytes: Int) -> any HTTPResponder {
        self.responder(responder, within: Self.secondsMax + bytes / Self.bytesPerSecond)
    }

    fileprivate func answer(_ ticket: UInt64, _ response: HTTPResponse) {
        state.withLock { $0.waiting.removeValue(forKey: ticket) }?.responder.respond(response)
    }

    private func look() {
        queue.asyncAfter(deadline: .now() + Self.pause) { [self] in
            let now = ContinuousClock.now
            let (late, goesOn) = state.withLock { state in
                let late = state.waiting.filter { $0.value.end <= now }
                for ticket in late.keys { state.waiting[ticket] = nil }
                state.isLooking = !state.waiting.isEmpty
                return (late.values, state.isLooking)
            }
            if goesOn { look() }
            for entry in late {
                entry.responder.respond(
                    Problem(
                        503, "not done within \(entry.seconds) s, and not waited for any longer; it may still be done",
                        members: [.init("reason", "late")], headers: [HTTPField("Retry-After", "3")]
                    ).response)
            }
        }
    }
}

/// Answers a request unless its time was over.
private final class TimelyResponder: HTTPResponder {
    private let ticket: UInt64
    private let deadlines: Deadlines

    init(ticket: UInt64, deadlines: Deadlines) {
        self.ticket = ticket
        self.deadlines = deadlines
    }

    func respond(_ response: HTTPResponse) { deadlines.answer(ticket, response) }
}
