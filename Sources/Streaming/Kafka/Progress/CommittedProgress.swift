import Documents

/// How far a role has come on one partition, as its group commits it.
///
/// The offset is where reading goes on, so that the lag that operators watch is what has still to be done. The state of
/// a join or of an open window is made of records before it: where they begin stands beside the offset, and a process
/// that takes over reads them again, without their effects. The topic itself is the log of the state; a topic of
/// changes beside it would hold copies of the same records.
package struct CommittedProgress: Sendable, Equatable {
    /// The offset after the last record whose effects are durable. Offsets that hold no record count as read.
    package var done: Int64
    /// The oldest record that the state is made of; `done` where there is none.
    package var from: Int64
    /// The largest time among the records before `done`, in milliseconds.
    package var time: Int64?

    package init(done: Int64, from: Int64? = nil, time: Int64? = nil) {
        self.done = done
        self.from = min(from ?? done, done)
        self.time = time
    }

    /// Nil where nothing is committed, or by another program.
    package init?(_ committed: PartitionOffset) {
        guard let offset = committed.offset, let document = try? JSON(parsing: committed.metadata),
            let from = document["from"]?.integer
        else { return nil }
        self.init(done: offset, from: from, time: document["time"]?.integer)
    }

    package func committed(on source: TopicPartition) -> PartitionOffset {
        let metadata = JSON.object([
            JSON.Member("from", .integer(from)), JSON.Member("time", time.map { .integer($0) } ?? .null),
        ])
        return PartitionOffset(source, offset: done, metadata: metadata.compact)
    }
}
