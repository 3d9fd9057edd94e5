package import Documents

/// One partition of a topic.
package struct TopicPartition: Sendable, Hashable {
    package var topic: String
    package var partition: Int32

    package init(_ topic: String, _ partition: Int32) {
        self.topic = topic
        self.partition = partition
    }
}

/// A record as it came from a partition.
package struct KafkaMessage: Sendable, Equatable {
    package var source: TopicPartition
    package var offset: Int64
    package var time: Timestamp
    package var key: [UInt8]?
    package var value: [UInt8]?
    /// Of several headers with one name, the last.
    package var headers: [String: String]

    /// Which record of the whole cluster this is: `topic/partition/offset`.
    package var name: String { "\(source.topic)/\(source.partition)/\(offset)" }
}

/// A record that is to be published.
package struct OutgoingMessage: Sendable {
    package var topic: String
    /// Nil: by the key, as Java's clients do it.
    package var partition: Int32?
    /// Nil: now.
    package var time: Timestamp?
    package var key: [UInt8]?
    package var value: [UInt8]?
    package var headers: [(name: String, value: String)]

    package init(
        topic: String, partition: Int32? = nil, time: Timestamp?, key: [UInt8]?, value: [UInt8]?,
        headers: [(name: String, value: String)] = []
    ) {
        self.topic = topic
        self.partition = partition
        self.time = time
        self.key = key
        self.value = value
        self.headers = headers
    }
}
