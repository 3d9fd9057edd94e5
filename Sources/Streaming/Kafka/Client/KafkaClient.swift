import CRDKafka

/// How the clients of one run reach their cluster.
package struct KafkaCluster: Sendable {
    /// `host:port`, with commas between several.
    package var brokers: String
    /// What the user asks of librdkafka; stands above this program's own settings.
    package var properties: KafkaProperties
    package var presence: KafkaPresence

    package init(brokers: String, properties: KafkaProperties, presence: KafkaPresence) {
        self.brokers = brokers
        self.properties = properties
        self.presence = presence
    }
}

/// One client of librdkafka, a consumer or a producer. Not `Sendable`: its callbacks run on the thread that polls, and
/// that must be the one that uses it.
@safe final class KafkaClient {
    private static let patience: CInt = 5_000

    let pointer: OpaquePointer
    let callbacks: KafkaCallbacks

    /// Connects to nothing yet.
    /// - Throws: where a property is not known or its value not accepted; names it.
    init(
        _ kind: rd_kafka_type_t, _ cluster: KafkaCluster, settings: [(name: String, value: String)]
    ) throws(KafkaError) {
        var properties = KafkaProperties()
        properties.set("bootstrap.servers", cluster.brokers)
        properties.set("client.id", "tare")
        for (name, value) in settings { properties.set(name, value) }
        properties.set(cluster.properties)
        callbacks = KafkaCallbacks(cluster.presence)
        let configuration = unsafe try Self.configuration(properties)
        unsafe callbacks.register(with: configuration)
        if kind == RD_KAFKA_CONSUMER {
            unsafe rd_kafka_conf_set_rebalance_cb(configuration, noteRebalance)
        } else {
            unsafe rd_kafka_conf_set_dr_msg_cb(configuration, noteDelivery)
        }
        var reason = [CChar](repeating: 0, count: 512)
        guard let client = unsafe rd_kafka_new(kind, configuration, &reason, reason.count) else {
            unsafe rd_kafka_conf_destroy(configuration)
            throw KafkaError("the Kafka client: \(Self.text(reason))")
        }
        unsafe pointer = client
    }

    deinit { unsafe rd_kafka_destroy(pointer) }

    private static func configuration(_ properties: KafkaProperties) throws(KafkaError) -> OpaquePointer {
        guard let configuration = unsafe rd_kafka_conf_new() else { preconditionFailure("librdkafka: out of memory") }
        var reason = [CChar](repeating: 0, count: 512)
        for property in properties.all {
            let result = unsafe rd_kafka_conf_set(
                configuration, property.name, property.value, &reason, reason.count)
            guard result == RD_KAFKA_CONF_OK else {
                unsafe rd_kafka_conf_destroy(configuration)
                throw KafkaError("the Kafka property \(property.name): \(text(reason))")
            }
        }
        return unsafe configuration
    }

    private static func text(_ buffer: [CChar]) -> String {
        String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// - Throws: what no waiting mends, such as a refused login.
    func check() throws(KafkaError) {
        if let failure = callbacks.failure { throw failure }
    }

    /// Looks whether a cluster that was away answers again.
    func probe() {
        let client = ObjectIdentifier(callbacks)
        guard callbacks.presence.isAway(for: client) else { return }
        if unsafe (try? metadata(of: nil, waiting: 500) { _ in 0 }) != nil {
            callbacks.presence.noteAnswer(for: client)
        }
    }

    /// How many partitions a topic has; nil where there is no such topic.
    func partitionCount(_ topic: String) throws(KafkaError) -> Int? {
        let count = unsafe try metadata(of: topic, waiting: Self.patience) { metadata in
            guard unsafe metadata.topic_cnt > 0 else { return 0 }
            return Int(unsafe metadata.topics[0].partition_cnt)
        }
        return count > 0 ? count : nil
    }

    @unsafe private func metadata(
        of topic: String?, waiting milliseconds: CInt, _ body: (rd_kafka_metadata) -> Int
    ) throws(KafkaError) -> Int {
        let handle = unsafe topic.flatMap { unsafe rd_kafka_topic_new(pointer, $0, nil) }
        defer { if let handle = unsafe handle { unsafe rd_kafka_topic_destroy(handle) } }
        var found: UnsafePointer<rd_kafka_metadata>?
        let error = unsafe rd_kafka_metadata(pointer, 0, handle, &found, milliseconds)
        guard error == RD_KAFKA_RESP_ERR_NO_ERROR, let metadata = unsafe found else {
            throw KafkaError("the question for the partitions of \(topic ?? "no topic")", error)
        }
        defer { unsafe rd_kafka_metadata_destroy(metadata) }
        return unsafe body(metadata.pointee)
    }

    /// The first offset that a partition still has, and the one after its last.
    func bounds(_ source: TopicPartition) throws(KafkaError) -> Range<Int64> {
        var (low, high): (Int64, Int64) = (0, 0)
        let error = unsafe rd_kafka_query_watermark_offsets(
            pointer, source.topic, source.partition, &low, &high, Self.patience)
        guard error == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw KafkaError("the question for the end of \(source.topic)/\(source.partition)", error)
        }
        return low..<max(low, high)
    }

    /// What the client's group has committed, in the order of the partitions.
    func committed(_ partitions: [TopicPartition]) throws(KafkaError) -> [PartitionOffset] {
        let list = KafkaPartitionList(partitions)
        let error = unsafe rd_kafka_committed(pointer, list.pointer, Self.patience)
        guard error == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaError("the question for the offsets", error) }
        let (all, failure) = list.offsets
        guard failure == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw KafkaError("the question for the offsets", failure)
        }
        return all
    }
}
