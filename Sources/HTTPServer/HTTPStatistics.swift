import Threading

/// What a server counts of its connections, and of the requests that no handler saw.
package final class HTTPStatistics: Sendable {
    /// Why the server closed a connection.
    package enum Close: String, Sendable, CaseIterable {
        /// Nothing came for too long.
        case idle
        /// A request did not come to its end in time.
        case request
        /// The client did not take its answer in time.
        case response
        /// There was no room, and no answer either: under TLS, or for very many that came at once.
        case excess
    }

    package struct Counts: Sendable, Equatable {
        /// By status, those of requests to which `admit` answered too.
        package fileprivate(set) var refusals: [Int: Int] = [:]
        package fileprivate(set) var closes: [Close: Int] = [:]
        package fileprivate(set) var opened = 0
        package fileprivate(set) var closed = 0

        /// Connections that are open now; those that were turned away never count.
        package var open: Int { opened - closed }
    }

    private let state = Lock(Counts())

    package init() {}

    package var counts: Counts { state.withLock { $0 } }

    func noteRefusal(_ status: Int) { state.withLock { $0.refusals[status, default: 0] += 1 } }

    func noteClose(_ close: Close) { state.withLock { $0.closes[close, default: 0] += 1 } }

    func noteOpened() { state.withLock { $0.opened += 1 } }

    func noteClosed() { state.withLock { $0.closed += 1 } }

    /// Takes what the caretaker closed.
    func note(_ overdue: ConnectionWatch.Overdue) {
        switch overdue {
        case .idle: noteClose(.idle)
        case .request:
            noteClose(.request)
            noteRefusal(408)
        case .response: noteClose(.response)
        // The client's doing, and what was counted when it was refused.
        case .ended, .refused: break
        }
    }
}
