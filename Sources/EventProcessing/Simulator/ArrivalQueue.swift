import Documents

/// Arrivals by their time; at the same time measurements come first, then whichever was inserted first. A binary heap:
/// both verbs cost the logarithm of what is held.
struct ArrivalQueue: Sendable {
    /// What the heap moves: it refers to nothing, as to count references costs more than to move.
    private struct Entry: Sendable {
        let time: Int64
        let isOutcome: Bool
        let turn: Int
        /// Of its arrival, in `arrivals`.
        let place: Int

        func isBefore(_ other: Entry) -> Bool {
            if time != other.time { return time < other.time }
            return isOutcome == other.isOutcome ? turn < other.turn : other.isOutcome
        }
    }

    /// Each entry at `i` is before those at `2 i + 1` and `2 i + 2`.
    private var entries: [Entry] = []
    private var arrivals: [Simulator.Arrival?] = []
    /// Where `arrivals` has nothing.
    private var freePlaces: [Int] = []
    private var turns = 0

    var firstTime: Timestamp? { entries.first.map { Timestamp(milliseconds: $0.time) } }

    mutating func insert(_ arrival: consuming Simulator.Arrival, isOutcome: Bool) {
        let time = arrival.time.milliseconds
        entries.append(Entry(time: time, isOutcome: isOutcome, turn: turns, place: keep(arrival)))
        turns += 1
        var child = entries.count - 1
        while child > 0, case let parent = (child - 1) / 2, entries[child].isBefore(entries[parent]) {
            entries.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func keep(_ arrival: consuming Simulator.Arrival) -> Int {
        guard let place = freePlaces.popLast() else {
            arrivals.append(arrival)
            return arrivals.count - 1
        }
        arrivals[place] = arrival
        return place
    }

    mutating func popFirst() -> Simulator.Arrival? {
        guard let last = entries.popLast() else { return nil }
        var first = last
        if !entries.isEmpty {
            first = entries[0]
            entries[0] = last
            sink()
        }
        freePlaces.append(first.place)
        return arrivals[first.place].take()
    }

    /// Moves the first entry to where it belongs.
    private mutating func sink() {
        var parent = 0
        while let child = firstChild(of: parent), entries[child].isBefore(entries[parent]) {
            entries.swapAt(child, parent)
            parent = child
        }
    }

    private func firstChild(of parent: Int) -> Int? {
        let left = 2 * parent + 1
        guard left < entries.count else { return nil }
        let right = left + 1
        return right < entries.count && entries[right].isBefore(entries[left]) ? right : left
    }
}
