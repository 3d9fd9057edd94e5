/// Which record of a cluster something came from. It is the same however often the record is delivered.
package struct RecordPlace: Sendable, Hashable, CustomStringConvertible {
    package var topic: String
    package var partition: Int32
    package var offset: Int64

    package init(topic: String, partition: Int32, offset: Int64) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
    }

    /// Reads what `description` writes.
    package init?(_ text: String) {
        // The name of a topic holds no slash.
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, let partition = Int32(parts[1]), let offset = Int64(parts[2]) else { return nil }
        self.init(topic: String(parts[0]), partition: partition, offset: offset)
    }

    /// As headers and messages name it: `topic/partition/offset`.
    package var description: String { "\(topic)/\(partition)/\(offset)" }
}
