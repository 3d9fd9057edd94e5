/// One of the two streams of a join: its records that may still meet a partner.
///
/// A record stays while its time is above the largest time seen on this side less the retention (Kafka Streams 3.8,
/// where a fetch hides what is older), whether it has met a partner or not, because duplicates meet again.
struct JoinSide<Value: Sendable>: Sendable {
    private let retention: Int64
    private let countMax: Int
    private let bytesMax: Int
    /// Of the texts of all that is kept.
    private(set) var bytes = 0
    /// Those kept that have met no partner so far.
    private(set) var unmatchedCount = 0
    /// By the place of the key. In pages, so that nothing that is kept is moved when there is more.
    private var pages: [[KeyRecords<Value>]] = []
    private static var pageSize: Int { 64 }
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

    /// Calls for the records of the key at a place within the bounds, both inclusive, oldest first. They count as matched.
    /// - Returns: false where none of the key is kept.
    mutating func match(
        at place: Int, _ bounds: ClosedRange<Int64>, _ body: (_ time: Int64, _ value: Value) -> Void
    ) -> Bool {
        let (page, index) = Self.room(of: place)
        guard page < pages.count, !pages[page][index].isEmpty else { return false }
        unmatchedCount -= pages[page][index].match(bounds, body)
        return true
    }

    /// The time of the record of a key that has met no partner and is nearest to this time.
    func unmatchedTime(at place: Int, nearest time: Int64) -> Int64? {
        let (page, index) = Self.room(of: place)
        return pages[page][index].unmatchedTime(nearest: time)
    }

    /// Nothing is kept, and no time has passed; what was counted stays counted.
    mutating func forget(_ keys: inout JoinKeys) {
        while let element = queue.popFirst() { keys.release(element.place) }
        pages = []
        bytes = 0
        unmatchedCount = 0
        latest = nil
    }

    /// Keeps a record, unless it is older than the retention, and lets go of those that now are.
    /// - Parameters:
    ///   - place: of its key, which is held for it and is released with it.
    ///   - size: of its texts and its key, in bytes.
    /// - Returns: what was let go of and met no partner.
    mutating func insert(
        _ value: consuming Value, at place: Int, of keys: inout JoinKeys, size: Int, time: Int64, hasMatched: Bool
    ) -> [Value] {
        latest = max(latest ?? time, time)
        var abandoned = expire(&keys)
        guard !isExpired(time) else {
            keys.release(place)
            counts.late += 1
            if !hasMatched {
                counts.unmatched += 1
                abandoned.append(value)
            }
            return abandoned
        }
        arrivals += 1
        queue.insert(ExpiryQueue.Element(time: time, arrival: arrivals, place: place))
        bytes += size
        if !hasMatched { unmatchedCount += 1 }
        let (page, index) = Self.room(of: place)
        while pages.count <= page { pages.append(Array(repeating: KeyRecords(), count: Self.pageSize)) }
        pages[page][index].insert(
            KeyRecords.Record(time: time, value: consume value, bytes: size, hasMatched: hasMatched))
        while queue.count > countMax || bytes > bytesMax && queue.count > 1 {
            counts.evicted += 1
            if let value = removeOldest(&keys) {
                counts.evictedUnmatched += 1
                abandoned.append(value)
            }
        }
        return abandoned
    }

    private static func room(of place: Int) -> (page: Int, index: Int) { (place / pageSize, place % pageSize) }

    private func isExpired(_ time: Int64) -> Bool { latest.map { time <= $0 - retention } ?? false }

    private mutating func expire(_ keys: inout JoinKeys) -> [Value] {
        var abandoned: [Value] = []
        while let oldest = queue.first, isExpired(oldest.time) {
            counts.expired += 1
            if let value = removeOldest(&keys) { abandoned.append(value) }
        }
        return abandoned
    }

    /// - Returns: it, where it had met no partner.
    private mutating func removeOldest(_ keys: inout JoinKeys) -> Value? {
        // The oldest of all is the first of its key.
        guard let place = queue.popFirst()?.place, case let (page, index) = Self.room(of: place),
            let record = pages[page][index].removeFirst()
        else { return nil }
        keys.release(place)
        bytes -= record.bytes
        guard !record.hasMatched else { return nil }
        counts.unmatched += 1
        unmatchedCount -= 1
        return record.value
    }
}
