import Locking

/// The open connections by their socket, for those who look at all of them, and how many there may be. An entry is
/// removed before the library closes the socket, so under this lock a socket is the one that it was.
final class ConnectionTable: Sendable {
    /// Why a connection is answered at once and closed.
    enum Excess: CaseIterable {
        case address, server
    }

    /// What becomes of a connection for which there is no room.
    struct Rejection {
        let refusal: HTTPRefusal
        /// Whether the client is given time to read its answer before the socket is closed.
        let mayLinger: Bool
    }

    /// Connections above the limit that are there at one time, each with its answer.
    static let refusedMax = 64

    private struct Entry {
        let exchange: Exchange
        var watch: ConnectionWatch
        let isCounted: Bool
    }

    private struct State {
        var entries: [Int32: Entry] = [:]
        var counted = 0
        var byAddress: [IPAddress: Int] = [:]
        var notices: [Excess: RepeatedNotice] = [:]
    }

    private let state = Lock(State())
    private let limits: HTTPLimits
    private let isAnswering: Bool

    /// - Parameter isAnswering: whether a connection for which there is no room is answered before it is closed.
    init(limits: HTTPLimits, isAnswering: Bool) {
        self.limits = limits
        self.isAnswering = isAnswering
    }

    /// - Returns: nil where there is room.
    func add(_ exchange: Exchange) -> Rejection? {
        let now = ContinuousClock.now
        return state.withLock { state in
            let excess = excess(of: exchange, state)
            state.entries[exchange.descriptor] = Entry(
                exchange: exchange, watch: ConnectionWatch(at: now), isCounted: excess == nil)
            guard let excess else {
                state.counted += 1
                state.byAddress[exchange.peer.host, default: 0] += 1
                return nil
            }
            state.notices[excess, default: RepeatedNotice()].note()
            let refused = state.entries.count - state.counted
            return Rejection(refusal: refusal(excess), mayLinger: refused <= Self.refusedMax / 2)
        }
    }

    func remove(_ exchange: Exchange) {
        state.withLock { state in
            guard let entry = state.entries.removeValue(forKey: exchange.descriptor), entry.isCounted else { return }
            state.counted -= 1
            let left = (state.byAddress[exchange.peer.host] ?? 1) - 1
            state.byAddress[exchange.peer.host] = left > 0 ? left : nil
        }
    }

    /// Calls `visit` for each connection, none of which closes meanwhile: `visit` must not wait for anything.
    func forEach(_ visit: (Exchange, inout ConnectionWatch) -> Void) {
        state.withLock { state in
            var index = state.entries.values.startIndex
            while index != state.entries.values.endIndex {
                visit(state.entries.values[index].exchange, &state.entries.values[index].watch)
                state.entries.values.formIndex(after: &index)
            }
        }
    }

    /// Whether any request has begun and is not yet answered in full.
    var hasRequests: Bool {
        state.withLock { state in
            state.entries.values.contains { $0.exchange.phase != .waiting && $0.exchange.phase != .refused }
        }
    }
}

// MARK: - Too many

extension ConnectionTable {
    private func excess(of exchange: Exchange, _ state: State) -> Excess? {
        // A proxy's connections are those of all its clients, whose requests are counted instead.
        if exchange.proxied == nil, state.byAddress[exchange.peer.host, default: 0] >= limits.connectionsPerAddressMax {
            return .address
        }
        return state.counted >= limits.connectionsMax ? .server : nil
    }

    private func refusal(_ excess: Excess) -> HTTPRefusal {
        switch excess {
        case .address:
            HTTPRefusal(
                status: 429,
                detail: "this address has \(limits.connectionsPerAddressMax) connections open, the most there may be")
        case .server:
            HTTPRefusal(
                status: 503, detail: "the server has \(limits.connectionsMax) connections open, the most there may be")
        }
    }

    /// What is to be told of connections that were turned away, now and then.
    func dueNotices(at now: ContinuousClock.Instant) -> [String] {
        state.withLock { state in
            Excess.allCases.compactMap { excess in
                guard let due = state.notices[excess]?.due(at: now) else { return nil }
                let refusal = refusal(excess)
                return (isAnswering ? "answered \(refusal.status) to and closed" : "closed without an answer")
                    + " \(due.count) new connections (\(due.total) since the start): \(excess == .address ? "one address" : "all clients together") had "
                    + "\(excess == .address ? limits.connectionsPerAddressMax : limits.connectionsMax) open"
            }
        }
    }
}
