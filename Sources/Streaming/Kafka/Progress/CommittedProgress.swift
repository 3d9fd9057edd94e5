import Documents

/// What stands beside a committed offset. The offset is the oldest record that is needed; this says how far the records
/// from there on have had their effects.
package struct CommittedProgress: Sendable, Equatable {
    /// The offset after the last record whose effects are durable.
    package var done: Int64
    /// The largest time among the records before it, in milliseconds.
    package var time: Int64?

    package init(done: Int64, time: Int64?) {
        self.done = done
        self.time = time
    }

    /// Nil for what another program committed.
    package init?(metadata: String) {
        guard let document = try? JSON(parsing: metadata), let done = document["done"]?.integer else { return nil }
        self.init(done: done, time: document["time"]?.integer)
    }

    package var metadata: String {
        JSON.object([
            JSON.Member("done", .integer(done)), JSON.Member("time", time.map { .integer($0) } ?? .null),
        ]).compact
    }
}
