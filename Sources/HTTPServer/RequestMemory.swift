import Synchronization
import Threading

/// The memory that requests hold together: bodies, what is made of them, and large answers on their way. Whoever is to
/// hold more of it reserves that before, and is refused where there is none.
package final class RequestMemory: Sendable {
    private struct State {
        var budget: MemoryBudget
        var notices: [MemoryBudget.Excess: RepeatedNotice] = [:]
    }

    private let state: Lock<State>

    /// - Parameters:
    ///   - bytesMax: of all requests together; 503 beyond.
    ///   - bytesPerClientMax: of the requests of one address; 429 beyond.
    package init(bytesMax: Int, bytesPerClientMax: Int) {
        state = Lock(State(budget: MemoryBudget(bytesMax: bytesMax, bytesPerClientMax: bytesPerClientMax)))
    }

    /// As much as the limits say, and for one client half of it, or one body.
    convenience init(_ limits: HTTPLimits) {
        let bytesMax = limits.bufferedBytesMax
        self.init(bytesMax: bytesMax, bytesPerClientMax: max(bytesMax / 2, min(bytesMax, limits.bodyBytesMax)))
    }

    /// Bytes that are held now.
    package var held: Int { state.withLock(\.budget.held) }

    /// - Returns: what holds the bytes until it is let go of.
    package func reserve(_ bytes: Int, for client: IPAddress) throws(HTTPRefusal) -> MemoryReservation {
        let reservation = MemoryReservation(of: self, for: client)
        try reservation.grow(by: bytes)
        return reservation
    }

    fileprivate func take(_ bytes: Int, for client: IPAddress) throws(HTTPRefusal) {
        let excess = state.withLock { state in
            let excess = state.budget.take(bytes, for: client)
            if let excess { state.notices[excess, default: RepeatedNotice()].note() }
            return excess
        }
        switch excess {
        case .client:
            throw HTTPRefusal(
                status: 429, detail: "the requests of this address hold as much memory as they may; try again")
        case .server:
            throw HTTPRefusal(status: 503, detail: "all requests hold as much memory as they may; try again")
        case nil: return
        }
    }

    fileprivate func giveBack(_ bytes: Int, of client: IPAddress) {
        state.withLock { $0.budget.giveBack(bytes, of: client) }
    }

    /// What is to be told of requests that were turned away, now and then.
    func dueNotices(at now: ContinuousClock.Instant) -> [String] {
        state.withLock { state in
            MemoryBudget.Excess.allCases.compactMap { excess in
                guard let due = state.notices[excess]?.due(at: now) else { return nil }
                let (status, whose, bytes) =
                    switch excess {
                    case .client: (429, "those of one address", state.budget.bytesPerClientMax)
                    case .server: (503, "all requests together", state.budget.bytesMax)
                    }
                return "answered \(status) to \(due.count) requests (\(due.total) since the start): "
                    + "\(whose) would have held more than \(bytes) bytes"
            }
        }
    }
}

/// Some bytes of a `RequestMemory`, given back when the last who holds this lets go of it.
package final class MemoryReservation: Sendable {
    private let memory: RequestMemory
    private let client: IPAddress
    private let bytes = Atomic<Int>(0)

    fileprivate init(of memory: RequestMemory, for client: IPAddress) {
        self.memory = memory
        self.client = client
    }

    deinit {
        memory.giveBack(bytes.load(ordering: .relaxed), of: client)
    }

    /// How many they are.
    package var count: Int { bytes.load(ordering: .relaxed) }

    package func grow(by more: Int) throws(HTTPRefusal) {
        try memory.take(more, for: client)
        bytes.add(more, ordering: .relaxed)
    }
}
