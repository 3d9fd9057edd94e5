/// One partition of a topic.
package struct TopicPartition: Sendable, Hashable {
    package var topic: String
    package var partition: Int32

    package init(_ topic: String, _ partition: Int32) {
        self.topic = topic
        self.partition = partition
    }
}
