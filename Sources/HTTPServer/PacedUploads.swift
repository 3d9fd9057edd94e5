import CMicroHTTPD
import Locking

/// Makes the connections of large bodies wait for their turn, so that whatever comes, the threads of the connections have
/// time for those that ask for little. All suspending and resuming happens under one lock, as in `SuspendedRequests`.
final class PacedUploads: Sendable {
    private struct State {
        var pace: UploadPace<Exchange>
        var isClosed = false
    }

    private let state: Lock<State>

    init(bytesPerSecond: Int) {
        state = Lock(State(pace: UploadPace(bytesPerSecond: bytesPerSecond, at: .now)))
    }

    /// Gives an upload its next turn, or suspends its connection until then; only on the connection's own thread.
    /// - Returns: whether it is the first that waits, so that somebody has to see to its turn.
    func takeTurn(_ exchange: Exchange) -> Bool {
        state.withLock { state in
            guard !state.isClosed, !state.pace.takeTurn(at: .now) else {
                exchange.giveTurn()
                return false
            }
            exchange.isPaused = true
            unsafe MHD_suspend_connection(exchange.connection)
            state.pace.wait(exchange)
            return state.pace.waiting.count == 1
        }
    }

    /// Lets those go on whose turn has come.
    /// - Returns: when the next turn is; nil where nobody waits.
    func resumeDue(at now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        state.withLock { state in
            for exchange in state.pace.due(at: now) { Self.resume(exchange) }
            return state.pace.nextTurn
        }
    }

    /// Lets all go on, and nobody wait from now on.
    func close() {
        state.withLock { state in
            state.isClosed = true
            for exchange in state.pace.waiting { Self.resume(exchange) }
        }
    }

    private static func resume(_ exchange: Exchange) {
        exchange.isPaused = false
        exchange.giveTurn()
        unsafe MHD_resume_connection(exchange.connection)
    }
}
