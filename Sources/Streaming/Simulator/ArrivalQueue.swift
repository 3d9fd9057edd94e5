import Documents

/// Arrivals by their time; at the same time measurements come first, then whichever was inserted first. A binary heap:
/// both verbs cost the logarithm of what is held.
struct ArrivalQueue: Sendable {
    private struct Entry: Sendable {
        let arrival: Simulator.Arrival
        let isOutcome: Bool
        let turn: Int

        func isBefore(_ other: Entry) -> Bool {
            (arrival.time.milliseconds, isOutcome ? 1 : 0, turn)
                < (other.arrival.time.milliseconds, other.isOutcome ? 1 : 0, other.turn)
        }
    }

    /// Each entry at `i` is before those at `2 i + 1` and `2 i + 2`.
    private var entries: [Entry] = []
    private var turns = 0

    var first: Simulator.Arrival? { entries.first?.arrival }

    mutating func insert(_ arrival: Simulator.Arrival, isOutcome: Bool) {
        entries.append(Entry(arrival: arrival, isOutcome: isOutcome, turn: turns))
        turns += 1
        var child = entries.count - 1
        while child > 0, case let parent = (child - 1) / 2, entries[child].isBefore(entries[parent]) {
            entries.swapAt(child, parent)
            child = parent
        }
    }

    mutating func popFirst() -> Simulator.Arrival? {
        guard let last = entries.popLast() else { return nil }
        guard let first = entries.first else { return last.arrival }
        entries[0] = last
        var parent = 0
        while let child = firstChild(of: parent), entries[child].isBefore(entries[parent]) {
            entries.swapAt(child, parent)
            parent = child
        }
        return first.arrival
    }

    private func firstChild(of parent: Int) -> Int? {
        let left = 2 * parent + 1
        guard left < entries.count else { return nil }
        let right = left + 1
        return right < entries.count && entries[right].isBefore(entries[left]) ? right : left
    }
}
