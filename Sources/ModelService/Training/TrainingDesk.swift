/// Who waits for a training. One round is open at a time: whoever comes while it is gets its outcome.
struct TrainingDesk<Waiter: Sendable>: Sendable {
    struct Caller: Sendable {
        let request: TrainingRequest
        let waiter: Waiter
    }

    enum Entrance: Equatable { case start, join, refuse }

    /// The callers of the open round, in the order in which they came.
    private(set) var callers: [Caller] = []
    private var isOpen = false

    /// - Returns: `start` to the first of a round, who has it run.
    mutating func enter(_ caller: Caller, callersMax: Int) -> Entrance {
        guard callers.count < callersMax else { return .refuse }
        callers.append(caller)
        defer { isOpen = true }
        return isOpen ? .join : .start
    }

    /// Gives back all who came in time; whoever comes from here on is of the next round.
    mutating func close() -> [Caller] {
        defer { self = TrainingDesk() }
        return callers
    }
}
