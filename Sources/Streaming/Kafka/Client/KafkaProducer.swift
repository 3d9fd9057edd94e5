import CRDKafka
import Documents
package import EventProcessing

/// Publishes records, in order and without repeats of its own. What is in flight is bounded: `publish` waits for room.
///
/// Records never expire here, so that no gap can arise: while the cluster is away, the producer waits.
@safe package final class KafkaProducer {
    /// Java's partitioner, so that a key is found where the machines' own producers put it.
    private static let settings = [
        ("enable.idempotence", "true"), ("message.timeout.ms", "0"), ("linger.ms", "2"),
        ("queue.buffering.max.messages", "10000"), ("queue.buffering.max.kbytes", "32768"),
        ("partitioner", "murmur2_random"), ("reconnect.backoff.max.ms", "2000"), ("socket.timeout.ms", "10000"),
    ]

    /// Of what was handed over, the reports are served after so many: until then each keeps its place among those in flight.
    private static let servedAfter = 1_000

    let client: KafkaClient
    /// How many were handed over since the last time.
    private var unserved = 0
    /// Those that were published on.
    private var topics: [(name: String, pointer: OpaquePointer)] = unsafe []

    /// - Parameter isWatched: whether it is this client that tells when the cluster is away.
    package init(_ cluster: KafkaCluster, isWatched: Bool = false) throws(KafkaError) {
        var cluster = cluster
        cluster.properties = Self.forProducer(cluster.properties)
        client = try KafkaClient(
            RD_KAFKA_PRODUCER, cluster, settings: Self.settings.map { (name: $0.0, value: $0.1) })
        client.callbacks.isWatched = isWatched
    }

    deinit {
        for index in unsafe topics.indices { unsafe rd_kafka_topic_destroy(topics[index].pointer) }
    }

    /// librdkafka warns of a consumer's properties in a producer; these are the user's that only consumers have.
    private static func forProducer(_ properties: KafkaProperties) -> KafkaProperties {
        let prefixes = ["session.", "heartbeat.", "max.poll.", "group.", "auto.offset.", "fetch.", "queued."]
        var kept = KafkaProperties()
        for property in properties.all where !prefixes.contains(where: property.name.hasPrefix) {
            kept.set(property.name, property.value)
        }
        return kept
    }

    /// Hands a record over; it has arrived when `flush` says so.
    /// - Returns: false where there is no room now; `serve` makes some.
    package func publish(_ message: Record) throws(KafkaError) -> Bool {
        try client.check()
        let topic = unsafe try topic(message.topic)
        let headers = unsafe rd_kafka_headers_new(message.headers.count)
        for header in message.headers {
            unsafe header.name.utf8.span.withUnsafeBytes { name in
                unsafe header.value.utf8.span.withUnsafeBytes { value in
                    _ = unsafe rd_kafka_header_add(
                        headers, name.baseAddress, name.count, value.baseAddress, value.count)
                }
            }
        }
        let error = unsafe tare_kafka_produce(
            client.pointer, topic, message.partition ?? Int32(RD_KAFKA_PARTITION_UA),
            message.time.milliseconds, message.key, message.key?.count ?? 0, message.value,
            message.value?.count ?? 0,
            headers)
        if error == RD_KAFKA_RESP_ERR_NO_ERROR {
            unserved += 1
            if unserved >= Self.servedAfter { try serve(waiting: 0) }
            return true
        }
        unsafe rd_kafka_headers_destroy(headers)
        if error == RD_KAFKA_RESP_ERR__QUEUE_FULL { return false }
        throw KafkaError("publishing on \(message.topic)", error)
    }

    /// librdkafka's own of a topic, so that it is not looked up for each record.
    private func topic(_ name: String) throws(KafkaError) -> OpaquePointer {
        if let known = unsafe topics.first(where: { unsafe $0.name == name }) { return unsafe known.pointer }
        guard let pointer = unsafe rd_kafka_topic_new(client.pointer, name, nil) else {
            throw KafkaError("publishing on \(name)", rd_kafka_last_error())
        }
        unsafe topics.append((name, pointer))
        return unsafe pointer
    }

    /// Serves what has been delivered, for at most so long.
    package func serve(waiting milliseconds: Int) throws(KafkaError) {
        unserved = 0
        unsafe rd_kafka_poll(client.pointer, CInt(milliseconds))
        try client.check()
        client.probe()
    }

    /// - Returns: whether all that was handed over has arrived.
    package func flush(waiting milliseconds: Int) throws(KafkaError) -> Bool {
        let error = unsafe rd_kafka_flush(client.pointer, CInt(milliseconds))
        try client.check()
        client.probe()
        return error == RD_KAFKA_RESP_ERR_NO_ERROR
    }
}
