/// The records of one key on one side of a join, in the order of time, then of arrival. Nearly always there is one, which
/// has its room here; the oldest leave at the front.
struct KeyRecords<Value: Sendable>: Sendable {
    struct Record: Sendable {
        let time: Int64
        let value: Value
        let bytes: Int
        var hasMatched: Bool
    }

    /// Nil where there is none.
    private var first: Record?
    /// Those behind it.
    private var others: ArraySlice<Record> = []

    var isEmpty: Bool { first == nil }

    mutating func insert(_ record: consuming Record) {
        guard let earliest = first?.time else { return first = record }
        if record.time < earliest {
            if let first { others.insert(first, at: others.startIndex) }
            first = record
        } else {
            let time = record.time
            let place = others.lastIndex { $0.time <= time }
            others.insert(record, at: place.map { $0 + 1 } ?? others.startIndex)
        }
    }

    mutating func removeFirst() -> Record? {
        let removed = first.take()
        if !others.isEmpty { first = others.removeFirst() }
        return removed
    }

    /// Calls for each record within the bounds, both inclusive, oldest first. They count as matched.
    /// - Returns: how many of them had not matched before.
    mutating func match(_ bounds: ClosedRange<Int64>, _ body: (_ time: Int64, _ value: Value) -> Void) -> Int {
        var newCount = 0
        if let time = first?.time, bounds.contains(time) { first?.match(body, &newCount) }
        for index in firstIndex(from: bounds.lowerBound)..<others.endIndex {
            guard others[index].time <= bounds.upperBound else { break }
            others[index].match(body, &newCount)
        }
        return newCount
    }

    /// The time of the one that has met no partner and is nearest to this time.
    func unmatchedTime(nearest time: Int64) -> Int64? {
        // A broken producer may give every record one key.
        var times = others.suffix(4).filter { !$0.hasMatched }.map(\.time)
        if let first, !first.hasMatched, others.count < 4 { times.insert(first.time, at: 0) }
        return times.min { abs($0 - time) < abs($1 - time) }
    }

    /// By halving, because a broken producer may give every record one key.
    private func firstIndex(from time: Int64) -> Int {
        var (low, high) = (others.startIndex, others.endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if others[middle].time < time { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension KeyRecords.Record {
    fileprivate mutating func match(_ body: (Int64, Value) -> Void, _ newCount: inout Int) {
        body(time, value)
        guard !hasMatched else { return }
        hasMatched = true
        newCount += 1
    }
}
