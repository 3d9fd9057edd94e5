import Dispatch
import Documents
import HTTPServer
import ModelService
import Program
import Specification
import Threading

/// What happens in the service, for all who listen. Whoever tells of something never waits: events are sent a few times a
/// second, together, from a thread of the feed.
final class EventFeed: Sendable {
    private struct Listener {
        let stream: HTTPStream
        let form: EventForm
    }

    private struct State {
        var ring = EventRing()
        /// Up to which event those who listen were sent all.
        var sent = 0
        var isFlushDue = false
        var listeners: [Listener] = []
    }

    private static let pause = DispatchTimeInterval.milliseconds(50)
    static let heartbeatSeconds = 15

    private let specification: ModelSpecification
    private let clock: @Sendable () -> Timestamp
    /// Tells the runs of the server apart.
    private let run: String
    private let state = Lock(State())
    private let queue = DispatchQueue(label: "tare.events")

    init(_ specification: ModelSpecification, clock: @escaping @Sendable () -> Timestamp = { Timestamp.now }) {
        self.specification = specification
        self.clock = clock
        run = String(clock().milliseconds, radix: 36)
        beatLater()
    }

    /// To be called from any thread.
    func note(_ event: ServiceEvent) {
        let time = clock()
        let document = event.document(at: time)
        let isFirst = state.withLock { state in
            if case .observed(let rows) = event { state.ring.append(rows, at: time) }
            if let document { state.ring.append(document.type, .document(document.document.bytes)) }
            defer { state.isFlushDue = true }
            return !state.isFlushDue
        }
        if isFirst { queue.asyncAfter(deadline: .now() + Self.pause) { [weak self] in self?.flush() } }
    }

    /// Sends a stream what happens from now on, or behind an event that its client has seen.
    func open(_ stream: HTTPStream, as form: EventForm, after seen: EventID?) {
        state.withLock { state in
            let hello = EventDocument("open", at: clock(), [.init("tare", .string(Release.version))])
            let isOfThisRun = seen?.run == run && (seen?.number ?? 0) <= state.sent
            // The number is the one from which the client is to go on.
            let start = isOfThisRun ? seen?.number ?? 0 : seen == nil ? state.sent : 0
            let first = form.bytes(EventID(run: run, number: start), hello.type, hello.document.bytes)
            let rest = bytes(form, after: start, upTo: state.sent, in: state.ring, isGap: seen != nil && !isOfThisRun)
            stream.send(form.opening + first + rest)
            state.listeners.append(Listener(stream: stream, form: form))
        }
    }

    private func flush() {
        let (ring, sent, forms) = state.withLock { state in
            state.isFlushDue = false
            state.listeners.removeAll { $0.stream.hasEnded }
            return (state.ring, state.sent, Set(state.listeners.map(\.form)))
        }
        // Outside of the lock: what takes time is to make the documents. One array for all who listen: they share it.
        var bytes: [EventForm: [UInt8]] = [:]
        for form in forms { bytes[form] = self.bytes(form, after: sent, upTo: ring.last, in: ring, isGap: false) }
        state.withLock { state in
            for listener in state.listeners {
                // Whoever came meanwhile was sent what was before.
                let due =
                    bytes[listener.form]
                    ?? self.bytes(listener.form, after: sent, upTo: ring.last, in: ring, isGap: false)
                bytes[listener.form] = due
                listener.stream.send(due)
            }
            state.sent = ring.last
        }
    }

    /// - Parameter isGap: whether events are missing of which nobody knows how many.
    private func bytes(
        _ form: EventForm, after start: Int, upTo end: Int, in ring: EventRing, isGap: Bool
    ) -> [UInt8] {
        let (events, missed) = ring.events(after: start)
        var bytes: [UInt8] = []
        if isGap || missed > 0 {
            let gap = EventDocument("gap", at: clock(), [.init("missed", isGap ? .null : JSON(missed))])
            bytes += form.bytes(EventID(run: run, number: start + missed), gap.type, gap.document.bytes)
        }
        for event in events.prefix(while: { $0.number <= end }) {
            bytes += form.bytes(EventID(run: run, number: event.number), event.type, event.bytes(specification))
        }
        return bytes
    }

    private func beatLater() {
        queue.asyncAfter(deadline: .now() + .seconds(Self.heartbeatSeconds)) { [weak self] in
            self?.beat()
            self?.beatLater()
        }
    }

    private func beat() {
        state.withLock { state in
            state.listeners.removeAll { $0.stream.hasEnded }
            for listener in state.listeners { listener.stream.send(listener.form.heartbeat) }
        }
    }
}
