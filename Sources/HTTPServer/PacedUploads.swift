import Glibc
import Synchronization
import Threading

/// Lets connections bring large bodies in turns, so that whatever comes, the threads of the connections have time for those
/// that ask for little.
///
/// Who waits is left unread: the library is told that nothing is there (`EAGAIN`), and once the turn has come the system
/// is made to announce what is there again. The library is not asked to suspend a connection, which may break off meanwhile.
final class PacedUploads: Sendable {
    /// Where a connection stands. Only its own thread asks and is given; who waits is in the list.
    enum Turn: UInt8, AtomicRepresentable {
        case none, awaited, given
    }

    private struct State {
        var pace: UploadPace<Exchange>
        /// Whose turn has come, while the system is asked to announce it: its descriptor stays open.
        var announced: Exchange?
        var isClosed = false
    }

    /// Held for no call of the system: threads of connections would wait for whoever is about to be given time.
    private let state: Lock<State>

    init(bytesPerSecond: Int) {
        state = Lock(State(pace: UploadPace(bytesPerSecond: bytesPerSecond, at: .now)))
    }

    /// How much an upload may go on by. By 0 it waits: it is told once it may, and asks again.
    /// - Returns: `isFirst` where nobody waited before, so that somebody has to be told to see to it.
    func takeTurn(_ exchange: Exchange) -> (bytes: Int, isFirst: Bool) {
        switch exchange.turn.load(ordering: .acquiring) {
        case .given:
            exchange.turn.store(.none, ordering: .relaxed)
            return (UploadPace<Exchange>.turnBytes, false)
        case .awaited:
            return (0, false)
        case .none:
            return state.withLock { state in
                if !exchange.hasAdvance, state.pace.takeAdvance() {
                    exchange.hasAdvance = true
                    return (UploadPace<Exchange>.advanceBytes, false)
                }
                guard !state.isClosed, !state.pace.takeTurn(at: .now) else {
                    return (UploadPace<Exchange>.turnBytes, false)
                }
                exchange.turn.store(.awaited, ordering: .relaxed)
                state.pace.wait(exchange)
                return (0, state.pace.waiting.count == 1)
            }
        }
    }

    /// The body is whole.
    func complete(_ exchange: Exchange) {
        exchange.allowance = UploadPace<Exchange>.freeBytes
        if exchange.hasAdvance { state.withLock { state in Self.returnAdvance(exchange, &state) } }
    }

    private static func returnAdvance(_ exchange: Exchange, _ state: inout State) {
        guard exchange.hasAdvance else { return }
        exchange.hasAdvance = false
        state.pace.returnAdvance()
    }

    /// Lets those go on whose turn has come. One thread does this.
    /// - Returns: when the next turn is; nil where nobody waits.
    func giveDue(at now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        while let exchange = announceNext(at: now) { Self.announce(exchange.descriptor) }
        return state.withLock { state in state.pace.nextTurn }
    }

    private func announceNext(at now: ContinuousClock.Instant) -> Exchange? {
        state.withLock { state in
            state.announced = state.isClosed ? state.pace.removeFirst() : state.pace.next(at: now)
            // Before it is announced, as its thread looks at once.
            state.announced?.turn.store(.given, ordering: .releasing)
            return state.announced
        }
    }

    /// Before the connection is closed, as its descriptor may then be another's.
    func forget(_ exchange: Exchange) {
        while !isForgotten(exchange) { usleep(Self.pauseMicroseconds) }
    }

    private static let pauseMicroseconds: UInt32 = 50

    private func isForgotten(_ exchange: Exchange) -> Bool {
        state.withLock { state in
            Self.returnAdvance(exchange, &state)
            if exchange.turn.exchange(.none, ordering: .relaxed) == .awaited {
                state.pace.removeAll { $0 === exchange }
            }
            return state.announced !== exchange
        }
    }

    /// Nobody waits from now on; `giveDue` lets all go on that do.
    func close() {
        state.withLock { state in state.isClosed = true }
    }

    /// The library waits for news of a socket only (`EPOLLET`), and unread bytes are none. When it is told how many bytes
    /// are worth a notice, be it as many as before, Linux looks and gives notice (`tcp_set_rcvlowat`).
    private static func announce(_ descriptor: Int32) {
        var bytes: Int32 = 1
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVLOWAT, &bytes, socklen_t(MemoryLayout<Int32>.size))
    }
}
