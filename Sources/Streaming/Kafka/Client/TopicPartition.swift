/// One partition of a topic.
package struct TopicPartition: Sendable, Hashable {
    package var topic: String
    package var partition: Int32

    package init(_ topic: String, _ partition: Int32) {
        self.topic = topic
        self.partition = partition
    }
}

extension Record {
    /// The partition that it stands in; nil where it stands in none.
    var source: TopicPartition? { partition.map { TopicPartition(topic, $0) } }
}
