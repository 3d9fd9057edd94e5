import Documents

/// An inner join of two streams by key: every pair whose times are at most `within` apart, both bounds inclusive,
/// whichever came first. Records of one key meet m times n; a record's matches come in the order of time, then of
/// arrival. A pair's time is the later of the two.
///
/// The rules are those of Kafka Streams' `KStreamKStreamJoin`: a late record still looks for partners before it is
/// dropped, and each side keeps its own time.
package struct StreamJoin<Left: Sendable, Right: Sendable>: Sendable {
    package struct Bounds: Sendable, Equatable {
        /// In milliseconds.
        package var within: Int64
        /// How long a record stays matchable, in milliseconds behind the largest time seen on its side.
        package var retention: Int64
        /// How many records each side keeps. Beyond it the oldest go before their time, and are counted.
        package var pendingMax: Int
        /// How many bytes their texts may have, on each side; beyond it the oldest go too. Only a producer gone mad comes
        /// near it.
        var pendingBytesMax: Int

        /// The default keeps a day of a subject every two seconds, some 25 MB a side.
        package init(
            within: Int64, retention: Int64, pendingMax: Int = 50_000, pendingBytesMax: Int = 32 << 20
        ) {
            precondition(within >= 0 && retention > 0 && pendingMax > 0 && pendingBytesMax > 0)
            self.pendingBytesMax = pendingBytesMax
            self.within = within
            self.retention = retention
            self.pendingMax = pendingMax
        }
    }

    private let bounds: Bounds
    private var keys = JoinKeys()
    private var left: JoinSide<Left>
    private var right: JoinSide<Right>
    /// What the last `addLeft` or `addRight` let go of that had met no partner.
    private(set) var abandoned: (left: [Left], right: [Right]) = ([], [])
    /// Where the last one that was added met no partner, and one of its key that has met none either is there: the right
    /// one's time less the left one's, in milliseconds.
    private(set) var missedBy: Int64?

    package init(_ bounds: Bounds) {
        self.bounds = bounds
        let bytesMax = bounds.pendingBytesMax
        left = JoinSide(retention: bounds.retention, countMax: bounds.pendingMax, bytesMax: bytesMax)
        right = JoinSide(retention: bounds.retention, countMax: bounds.pendingMax, bytesMax: bytesMax)
    }

    /// - Parameters:
    ///   - size: of the texts of the value, in bytes.
    ///   - met: is called for each pair, in the order of their records.
    mutating func addLeft(
        _ value: consuming Left, key: String, size: Int = 0, at time: Timestamp,
        met: (_ left: Left, _ right: Right, _ time: Timestamp) -> Void
    ) {
        let value = consume value
        let place = keys.hold(key)
        var hasMatched = false
        let isKnown = right.match(at: place, partners(of: time)) { other, partner in
            hasMatched = true
            met(value, partner, Self.later(time, other))
        }
        missedBy =
            isKnown && !hasMatched
            ? right.unmatchedTime(at: place, nearest: time.milliseconds).map { $0 - time.milliseconds } : nil
        abandoned.right = []
        abandoned.left = left.insert(
            consume value, at: place, of: &keys, size: size + key.utf8.count, time: time.milliseconds,
            hasMatched: hasMatched)
    }

    mutating func addRight(
        _ value: consuming Right, key: String, size: Int = 0, at time: Timestamp,
        met: (_ left: Left, _ right: Right, _ time: Timestamp) -> Void
    ) {
        let value = consume value
        let place = keys.hold(key)
        var hasMatched = false
        let isKnown = left.match(at: place, partners(of: time)) { other, partner in
            hasMatched = true
            met(partner, value, Self.later(time, other))
        }
        missedBy =
            isKnown && !hasMatched
            ? left.unmatchedTime(at: place, nearest: time.milliseconds).map { time.milliseconds - $0 } : nil
        abandoned.left = []
        abandoned.right = right.insert(
            consume value, at: place, of: &keys, size: size + key.utf8.count, time: time.milliseconds,
            hasMatched: hasMatched)
    }

    /// What one side keeps, and how far its time has come, was wrong.
    mutating func forgetLeft() { left.forget(&keys) }
    mutating func forgetRight() { right.forget(&keys) }

    package var counts: JoinCounts {
        var counts = JoinCounts(left: left.counts, right: right.counts)
        (counts.left.pending, counts.right.pending) = (left.count, right.count)
        return counts
    }

    /// The bytes of the texts that are kept.
    var pendingBytes: (left: Int, right: Int) { (left.bytes, right.bytes) }

    /// Those that no partner has come for, were the input to end here: the ones that were let go, and the ones still
    /// kept.
    var unmatched: (left: Int, right: Int) {
        (left.counts.unmatched + left.unmatchedCount, right.counts.unmatched + right.unmatchedCount)
    }

    /// The earliest time of a record that may still be kept, on either side; nil where none came.
    var oldestTime: Timestamp? {
        [left.oldestTime, right.oldestTime].compactMap(\.self).min().map(Timestamp.init(milliseconds:))
    }

    private func partners(of time: Timestamp) -> ClosedRange<Int64> {
        time.milliseconds - bounds.within...time.milliseconds + bounds.within
    }

    private static func later(_ time: Timestamp, _ other: Int64) -> Timestamp {
        Timestamp(milliseconds: max(time.milliseconds, other))
    }
}

/// What became of a join's records.
package struct JoinCounts: Sendable, Equatable {
    package struct Side: Sendable, Equatable {
        /// Kept now.
        package var pending = 0
        /// Let go because the side's time has moved past their retention.
        var expired = 0
        /// Let go before that, because too many were kept.
        var evicted = 0
        package var evictedUnmatched = 0
        /// Never kept: older than the retention when they came.
        package var late = 0
        /// Of the expired, the evicted and the late: those that met no partner.
        package var unmatched = 0
    }

    package var left: Side
    package var right: Side

    package init(left: Side = Side(), right: Side = Side()) {
        self.left = left
        self.right = right
    }
}
