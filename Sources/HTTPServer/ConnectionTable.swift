import Threading

/// The open connections by their socket, for those who look at all of them, and how many there may be. A connection is
/// counted before the library is given it. An entry is removed before the library closes the socket, so under this lock a
/// socket is the one that it was.
final class ConnectionTable: Sendable {
    /// Why a connection is turned away.
    enum Excess: CaseIterable {
        case address, server
    }

    private struct Entry {
        let exchange: Exchange
        var watch: ConnectionWatch
    }

    private struct State {
        var entries: [Int32: Entry] = [:]
        var counted = 0
        var byAddress: [IPAddress: Int] = [:]
        var notices: [Excess: RepeatedNotice] = [:]

        mutating func discount(_ peer: IPAddress) {
            counted -= 1
            let left = (byAddress[peer.host] ?? 1) - 1
            byAddress[peer.host] = left > 0 ? left : nil
        }
    }

    private let state = Lock(State())
    private let limits: HTTPLimits
    private let isAnswering: Bool

    /// - Parameter isAnswering: whether a connection that is turned away is answered before it is closed.
    init(limits: HTTPLimits, isAnswering: Bool) {
        self.limits = limits
        self.isAnswering = isAnswering
    }

    /// Counts a connection, until `remove` or `discount`.
    /// - Parameter isProxy: a proxy's connections are those of all its clients, whose requests are counted instead.
    /// - Returns: nil where there is room; else it is not counted.
    func admit(_ peer: IPAddress, isProxy: Bool) -> HTTPRefusal? {
        state.withLock { state in
            let ofAddress = state.byAddress[peer.host, default: 0]
            let excess: Excess? =
                !isProxy && ofAddress >= limits.connectionsPerAddressMax
                ? .address : state.counted >= limits.connectionsMax ? .server : nil
            guard let excess else {
                state.counted += 1
                state.byAddress[peer.host] = ofAddress + 1
                return nil
            }
            state.notices[excess, default: RepeatedNotice()].note()
            return refusal(excess)
        }
    }

    /// Takes back a connection that was counted, and that the library did not take.
    func discount(_ peer: IPAddress) {
        state.withLock { $0.discount(peer) }
    }

    func add(_ exchange: Exchange) {
        let now = ContinuousClock.now
        state.withLock { $0.entries[exchange.descriptor] = Entry(exchange: exchange, watch: ConnectionWatch(at: now)) }
    }

    func remove(_ exchange: Exchange) {
        state.withLock { state in
            guard state.entries.removeValue(forKey: exchange.descriptor) != nil else { return }
            state.discount(exchange.peer)
        }
    }

    /// Calls `visit` for each connection, which does not close meanwhile: `visit` must not wait for anything. After a few of
    /// them others have their turn, so that no client who comes or goes waits for all of them.
    func forEach(_ visit: (Exchange, inout ConnectionWatch) -> Void) {
        var left = state.withLock { Array($0.entries.keys) }[...]
        while !left.isEmpty {
            let piece = left.prefix(Self.pieceSize)
            left = left.dropFirst(piece.count)
            state.withLock { state in
                for socket in piece {
                    guard let index = state.entries.index(forKey: socket) else { continue }
                    visit(state.entries.values[index].exchange, &state.entries.values[index].watch)
                }
            }
            ThreadPriority.giveWay()
        }
    }

    private static let pieceSize = 32

    /// Whether any request has begun and is not yet answered in full.
    var hasRequests: Bool {
        state.withLock { state in
            state.entries.values.contains { $0.exchange.phase != .waiting && $0.exchange.phase != .refused }
        }
    }
}

// MARK: - Too many

extension ConnectionTable {
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
                let answer =
                    isAnswering
                    ? "\(Acceptor.answersPerSecond) a second at most with the answer \(refusal(excess).status)"
                    : "without an answer"
                return "turned away \(due.count) new connections (\(due.total) since the start), \(answer): "
                    + "\(excess == .address ? "one address" : "all clients together") had "
                    + "\(excess == .address ? limits.connectionsPerAddressMax : limits.connectionsMax) open"
            }
        }
    }
}
