/// One of the two streams of a join: its records that may still meet a partner.
///
/// A record stays while its time is above the largest time seen on this side less the retention (Kafka Streams 3.8,
/// where a fetch hides what is older), whether it has met a partner or not, because duplicates meet again.
struct JoinSide<Value: Sendable>: Sendable {
    private struct Entry: Sendable {
        let time: Int64
        let value: Value
        let bytes: Int
        var hasMatched: Bool
    }

    private let retention: Int64
    private let countMax: Int
    private let bytesMax: Int
    /// Of the texts of all that is kept.
    private(set) var bytes = 0
    /// Those kept that have met no partner so far.
    private(set) var unmatchedCount = 0
    /// By key, each in the order of time, then of arrival. Slices, because the oldest leave at the front.
    private var entries: [String: ArraySlice<Entry>] = [:]
    private var queue = ExpiryQueue()
    private var arrivals: UInt64 = 0
    private var latest: Int64?

    private(set) var counts = JoinCounts.Side()

    init(retention: Int64, countMax: Int, bytesMax: Int) {
        self.retention = retention
        self.countMax = countMax
        self.bytesMax = bytesMax
    }

    var count: Int { queue.count }

    /// The earliest time of a record that can still be kept; nil where none came.
    var oldestTime: Int64? { latest.map { $0 - retention + 1 } }

    /// The values of the records of a key within the bounds, both inclusive, oldest first. They count as matched.
    /// - Returns: nil where none of the key is kept.
    mutating func matches(_ key: String, _ bounds: ClosedRange<Int64>) -> [(time: Int64, value: Value)]? {
        guard let slot = entries.index(forKey: key) else { return nil }
        var found: [(time: Int64, value: Value)] = []
        for index in Self.firstIndex(in: entries.values[slot], from: bounds.lowerBound)..<entries.values[slot].endIndex
        {
            let entry = entries.values[slot][index]
            guard entry.time <= bounds.upperBound else { break }
            found.append((entry.time, entry.value))
            guard !entry.hasMatched else { continue }
            entries.values[slot][index].hasMatched = true
            unmatchedCount -= 1
        }
        return found
    }

    /// The time of the record of a key that has met no partner and is nearest to this time.
    func unmatchedTime(_ key: String, nearest time: Int64) -> Int64? {
        // A broken producer may give every record one key.
        entries[key]?.suffix(4).lazy.filter { !$0.hasMatched }.map(\.time).min { abs($0 - time) < abs($1 - time) }
    }

    /// Nothing is kept, and no time has passed; what was counted stays counted.
    mutating func forget() {
        entries = [:]
        queue = ExpiryQueue()
        bytes = 0
        unmatchedCount = 0
        latest = nil
    }

    /// By halving, because a broken producer may give every record one key.
    private static func firstIndex(in entries: ArraySlice<Entry>, from time: Int64) -> Int {
        var (low, high) = (entries.startIndex, entries.endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if entries[middle].time < time { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Keeps a record, unless it is older than the retention, and lets go of those that now are.
    /// - Parameter size: of the texts of the value, in bytes.
    /// - Returns: what was let go of and met no partner.
    mutating func insert(
        _ value: Value, key: String, size: Int, time: Int64, hasMatched: Bool
    ) -> [Value] {
        latest = max(latest ?? time, time)
        var abandoned = expire()
        guard !isExpired(time) else {
            counts.late += 1
            if !hasMatched {
                counts.unmatched += 1
                abandoned.append(value)
            }
            return abandoned
        }
        arrivals += 1
        queue.insert(ExpiryQueue.Element(time: time, arrival: arrivals, key: key))
        let entry = Entry(time: time, value: value, bytes: size + key.utf8.count, hasMatched: hasMatched)
        bytes += entry.bytes
        if !hasMatched { unmatchedCount += 1 }
        keep(entry, of: key)
        while queue.count > countMax || bytes > bytesMax && queue.count > 1 {
            counts.evicted += 1
            if let value = removeOldest() {
                counts.evictedUnmatched += 1
                abandoned.append(value)
            }
        }
        return abandoned
    }

    private mutating func keep(_ entry: Entry, of key: String) {
        Self.insert(entry, into: &entries[key, default: []])
    }

    private static func insert(_ entry: Entry, into slot: inout ArraySlice<Entry>) {
        guard !slot.isEmpty else { return slot = [entry] }
        let place = slot.lastIndex { $0.time <= entry.time }
        slot.insert(entry, at: place.map { $0 + 1 } ?? slot.startIndex)
    }

    private func isExpired(_ time: Int64) -> Bool { latest.map { time <= $0 - retention } ?? false }

    private mutating func expire() -> [Value] {
        var abandoned: [Value] = []
        while let oldest = queue.first, isExpired(oldest.time) {
            counts.expired += 1
            if let value = removeOldest() { abandoned.append(value) }
        }
        return abandoned
    }

    /// - Returns: it, where it had met no partner.
    private mutating func removeOldest() -> Value? {
        guard let oldest = queue.popFirst(), let slot = entries.index(forKey: oldest.key) else { return nil }
        // The oldest of all is the first of its key.
        let entry = entries.values[slot].removeFirst()
        bytes -= entry.bytes
        if !entry.hasMatched {
            counts.unmatched += 1
            unmatchedCount -= 1
        }
        if entries.values[slot].isEmpty { entries.remove(at: slot) }
        return entry.hasMatched ? nil : entry.value
    }
}
