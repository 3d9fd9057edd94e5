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
    /// How long the cluster may take to answer a question, in milliseconds. Whoever asks can ask again, and has a group
    /// and a stop to look after meanwhile.
    private static let patience: CInt = 1_000

    let pointer: OpaquePointer
    let callbacks: KafkaCallbacks
    private var isAbandoned = false
    /// As librdkafka names it, such as `plaintext`.
    private let securityProtocol: String

    /// Connects to nothing yet.
    /// - Throws: where a property is not known or its value not accepted; names it.
    init(
        _ kind: rd_kafka_type_t, _ cluster: KafkaCluster, settings: [(name: String, value: String)]
    ) throws(KafkaError) {
        var properties = KafkaProperties()
        properties.set("bootstrap.servers", cluster.brokers)
        properties.set("client.id", "tare")
        // The client gathers records by itself. Where the system does too, the end of a request can wait 40 ms until the other
        // side has acknowledged its beginning.
        properties.set("socket.nagle.disable", "true")
        for (name, value) in settings { properties.set(name, value) }
        properties.set(cluster.properties)
        securityProtocol = properties.all.last { $0.name == "security.protocol" }?.value ?? "plaintext"
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

    deinit { if !isAbandoned { unsafe rd_kafka_destroy(pointer) } }

    /// Leaves librdkafka's part as it is until the process ends: to end a consumer in order can take as long as the
    /// cluster is away, and a stop must not.
    func abandon() {
        isAbandoned = true
        // librdkafka's threads may still call back, so the object must stay.
        _ = unsafe Unmanaged.passRetained(callbacks)
    }

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

    static func text(_ buffer: [CChar]) -> String {
        String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// - Throws: what no waiting mends, such as a refused login.
    func check() throws(KafkaError) {
        if let failure = callbacks.failure { throw failure }
    }

    /// Looks whether the cluster answers, where it was away or may be. What librdkafka tells may be old by the time it is
    /// read, so nothing is said before the cluster has been asked.
    func probe() {
        let client = ObjectIdentifier(callbacks)
        guard callbacks.isWatched, callbacks.suspicion != nil || callbacks.presence.isAway(for: client) else { return }
        if unsafe (try? metadata(of: nil, waiting: 500) { _ in 0 }) != nil {
            callbacks.suspicion = nil
            callbacks.presence.noteAnswer(for: client)
        } else if let suspicion = callbacks.suspicion {
            let absence = KafkaAbsence(
                summary: suspicion, trouble: callbacks.trouble, securityProtocol: securityProtocol)
            callbacks.presence.noteAbsence(for: client, absence.description)
            callbacks.suspicion = nil
        }
    }

    /// Something has waited for an answer for too long, though no connection broke.
    func suspectAbsence(_ reason: String) {
        if callbacks.suspicion == nil { callbacks.suspicion = reason }
    }

    /// Whether the cluster was away when it was asked last.
    var isAway: Bool { callbacks.presence.isAway(for: ObjectIdentifier(callbacks)) }

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

    /// Of each partition the first offset that its log still holds, and the one after its last.
    func bounds(_ partitions: [TopicPartition]) throws(KafkaError) -> [Range<Int64>] {
        guard !partitions.isEmpty else { return [] }
        let first = try offsets(of: partitions, at: Int64(RD_KAFKA_OFFSET_BEGINNING))
        let last = try offsets(of: partitions, at: Int64(RD_KAFKA_OFFSET_END))
        return zip(first, last).map { $0..<max($0, $1) }
    }

    func bounds(_ source: TopicPartition) throws(KafkaError) -> Range<Int64> { try bounds([source])[0] }

    /// Asked as for times, because `rd_kafka_query_watermark_offsets` waits beyond the time that it is given for as long
    /// as the cluster is away (2.0.2).
    private func offsets(of partitions: [TopicPartition], at time: Int64) throws(KafkaError) -> [Int64] {
        let doing = "the question for the ends of \(partitions[0].topic)"
        let list = KafkaPartitionList(partitions.map { PartitionOffset($0, offset: time) })
        let error = unsafe rd_kafka_offsets_for_times(pointer, list.pointer, Self.patience)
        guard error == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaError(doing, error) }
        let (all, failure) = list.offsets
        guard failure == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaError(doing, failure) }
        return all.map { $0.offset ?? 0 }
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
