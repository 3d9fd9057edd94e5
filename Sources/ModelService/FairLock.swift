import Dispatch
import Threading

/// A lock that those who wait get in the order in which they came, and for which nobody waits longer than they say.
final class FairLock: Sendable {
    private struct State {
        var isHeld = false
        /// Oldest first.
        var waiting: [(ticket: UInt64, turn: DispatchSemaphore)] = []
        var nextTicket: UInt64 = 0
    }

    private let state = Lock(State())

    /// Runs `body` alone.
    /// - Returns: nil where the lock was not free in time; `body` did not run then.
    func withLock<Result, Failure>(
        within patience: DispatchTimeInterval, _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        guard enter(patience) else { return nil }
        defer { leave() }
        return try body()
    }

    /// How many wait.
    var waitingCount: Int { state.withLock(\.waiting.count) }

    private func enter(_ patience: DispatchTimeInterval) -> Bool {
        let place = state.withLock { state -> (ticket: UInt64, turn: DispatchSemaphore)? in
            guard state.isHeld else {
                state.isHeld = true
                return nil
            }
            let place = (state.nextTicket, DispatchSemaphore(value: 0))
            state.nextTicket += 1
            state.waiting.append(place)
            return place
        }
        guard let place, place.turn.wait(timeout: .now() + patience) == .timedOut else { return true }
        return state.withLock { state in
            let count = state.waiting.count
            state.waiting.removeAll { $0.ticket == place.ticket }
            // Whoever is no longer in the queue was given the lock just now.
            return state.waiting.count == count
        }
    }

    private func leave() {
        state.withLock { state in
            guard !state.waiting.isEmpty else { return state.isHeld = false }
            state.waiting.removeFirst().turn.signal()
        }
    }
}
