/// Where a role begins on one partition: by what its group has committed, as far as the log still holds it.
struct PartitionStart: Equatable {
    let source: TopicPartition
    /// The first record that is read.
    var offset: Int64
    /// Records before it have had their effects and are read for the state alone.
    var done: Int64
    /// The largest time among the records before `done`, in milliseconds.
    var time: Int64?
    /// What cannot be as it should.
    var fault: Fault?

    enum Fault: Equatable {
        /// These were never read, and the log no longer holds them.
        case lost(Range<Int64>)
        /// These have had their effects; what is joined or gathered goes on without them.
        case forgotten(Range<Int64>)
        /// The log ends before what was committed: it is another log of the same name.
        case replaced(committed: Int64, end: Int64)
    }

    /// - Parameter log: from the first offset that the log holds to its end.
    init(_ committed: PartitionOffset, in log: Range<Int64>) {
        source = committed.source
        guard let offset = committed.offset else {
            (self.offset, done) = (log.lowerBound, log.lowerBound)
            return
        }
        let progress = CommittedProgress(committed) ?? CommittedProgress(done: offset)
        if progress.done > log.upperBound {
            (self.offset, done) = (log.lowerBound, log.lowerBound)
            fault = .replaced(committed: progress.done, end: log.upperBound)
            return
        }
        time = progress.time
        self.offset = max(progress.from, log.lowerBound)
        done = max(progress.done, log.lowerBound)
        if progress.done < log.lowerBound {
            fault = .lost(progress.done..<log.lowerBound)
        } else if progress.from < log.lowerBound {
            fault = .forgotten(progress.from..<log.lowerBound)
        }
    }

    init(source: TopicPartition, offset: Int64, done: Int64) {
        (self.source, self.offset, self.done) = (source, offset, done)
    }

    /// A state that is kept elsewhere has had the effects of the records before this offset.
    mutating func advance(to position: Int64) {
        if case .replaced = fault { return }
        done = max(done, position)
    }

    /// What is wrong, in words.
    var warning: String? {
        let name = "\(source.topic)/\(source.partition)"
        return fault.map { fault in
            switch fault {
            case .lost(let offsets): Self.lost(offsets, of: source)
            case .forgotten(let offsets):
                "the offsets \(offsets.lowerBound) to \(offsets.upperBound - 1) of \(name) were removed while they were "
                    + "still needed: what came of them stands, but nothing is joined or gathered with them any more"
            case .replaced(let committed, let end):
                "\(name) ends at the offset \(end), before the \(committed) that was committed: it is taken for a new "
                    + "topic and read from its start"
            }
        }
    }

    static func lost(_ offsets: Range<Int64>, of source: TopicPartition) -> String {
        "up to \(offsets.count) records of \(source.topic)/\(source.partition) are lost: the offsets "
            + "\(offsets.lowerBound) to \(offsets.upperBound - 1) were removed (by the topic's retention, or by hand) "
            + "before they were read"
    }
}
