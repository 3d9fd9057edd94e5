import Glibc
import Locking

/// Lets connections bring large bodies in turns, so that whatever comes, the threads of the connections have time for those
/// that ask for little.
///
/// Who waits is left unread: the library is told that nothing is there (`EAGAIN`), and once the turn has come the system
/// is made to announce what is there again. The library is not asked to suspend a connection, which may break off meanwhile.
final class PacedUploads: Sendable {
    /// Where a connection stands; only touched under this lock.
    enum Turn {
        case none, awaited, given
    }

    private struct State {
        var pace: UploadPace<Exchange>
        var isClosed = false
    }

    private let state: Lock<State>

    init(bytesPerSecond: Int) {
        state = Lock(State(pace: UploadPace(bytesPerSecond: bytesPerSecond, at: .now)))
    }

    /// Whether an upload may go on. Else it is told once it may, and asks again.
    /// - Returns: `isFirst` where nobody waited before, so that somebody has to be told to see to it.
    func takeTurn(_ exchange: Exchange) -> (isGiven: Bool, isFirst: Bool) {
        state.withLock { state in
            switch exchange.turn {
            case .given:
                exchange.turn = .none
                return (true, false)
            case .awaited:
                return (false, false)
            case .none:
                guard !state.isClosed, !state.pace.takeTurn(at: .now) else { return (true, false) }
                exchange.turn = .awaited
                state.pace.wait(exchange)
                return (false, state.pace.waiting.count == 1)
            }
        }
    }

    /// Lets those go on whose turn has come.
    /// - Returns: when the next turn is; nil where nobody waits.
    func giveDue(at now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        state.withLock { state in
            for exchange in state.pace.due(at: now) { Self.give(exchange) }
            return state.pace.nextTurn
        }
    }

    /// Before the connection is closed, as its descriptor may then be another's.
    func forget(_ exchange: Exchange) {
        state.withLock { state in
            guard exchange.turn == .awaited else { return }
            exchange.turn = .none
            state.pace.removeAll { $0 === exchange }
        }
    }

    /// Lets all go on, and nobody wait from now on.
    func close() {
        state.withLock { state in
            state.isClosed = true
            for exchange in state.pace.waiting { Self.give(exchange) }
            state.pace.removeAll { _ in true }
        }
    }

    private static func give(_ exchange: Exchange) {
        exchange.turn = .given
        announce(exchange.descriptor)
    }

    /// The library waits for news of a socket only (`EPOLLET`), and unread bytes are none. When it is told how many bytes
    /// are worth a notice, be it as many as before, Linux looks and gives notice (`tcp_set_rcvlowat`).
    private static func announce(_ descriptor: Int32) {
        var bytes: Int32 = 1
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVLOWAT, &bytes, socklen_t(MemoryLayout<Int32>.size))
    }
}
