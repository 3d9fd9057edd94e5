import Documents

/// How far one partition has been processed, and the oldest of its records that what comes later still needs.
///
/// Records are processed in the order of their offsets. What a join keeps, or a window that is open, is in memory alone;
/// a process that takes the partition over reads it again from the oldest record that is needed, and repeats none of
/// the effects of those before `done`.
package struct OffsetLedger: Sendable {
    private struct Need: Sendable {
        let offset: Int64
        let until: Int64
    }

    /// How many records are read again at most; what holds them in memory lets go of the oldest beyond that.
    private let countMax: Int64
    /// Those that are needed longer than every record before them: only they can be the oldest that is needed.
    private var needs = Queue<Need>()

    /// The offset after the last record that was processed in this life. Until it has come to `done`, what is needed is
    /// not known, and whoever takes over begins there at the latest.
    private var next: Int64
    /// The offset after the last record that was processed in any life.
    package private(set) var done: Int64
    /// The largest time of a record that was processed, in milliseconds.
    package private(set) var time: Int64?

    /// - Parameters:
    ///   - start: the first record that is read.
    ///   - done: records before it have had their effects; those from `start` on are processed again, for the state alone.
    ///   - time: the largest of the records before `done`, where it is known.
    package init(start: Int64, done: Int64, time: Int64? = nil, countMax: Int64 = 50_000) {
        next = start
        self.done = max(start, done)
        self.time = time
        self.countMax = countMax
    }

    /// Everything before this offset has been processed, or is no record: the marks of transactions, what was rolled
    /// back, what compaction or retention removed.
    package mutating func pass(to offset: Int64) {
        next = max(next, offset)
        done = max(done, next)
    }

    /// - Parameter until: the time, in milliseconds, up to which the record is needed; nil where it is not.
    package mutating func process(offset: Int64, time: Int64, neededUntil until: Int64?) {
        next = max(next, offset + 1)
        done = max(done, next)
        self.time = max(self.time ?? time, time)
        guard let until, until > needs.last({ $0.until }) ?? .min else { return }
        needs.append(Need(offset: offset, until: until))
    }

    /// Time has come to this point: what was needed until then is needed no more.
    package mutating func pass(_ now: Int64) {
        let oldest = done - countMax
        while needs.first({ $0.until <= now || $0.offset < oldest }) ?? false { _ = needs.popFirst() }
    }

    /// Where a process that takes over has to begin to read; never beyond `done`.
    var oldestNeeded: Int64 { min(needs.first { $0.offset } ?? next, next) }

    /// What may be committed once the effects of everything processed so far are durable.
    package var progress: CommittedProgress { CommittedProgress(done: done, from: oldestNeeded, time: time) }
}
