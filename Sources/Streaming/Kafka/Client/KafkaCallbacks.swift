import CRDKafka

/// What librdkafka's callbacks reach through its opaque pointer. All but the log run on the thread that polls.
final class KafkaCallbacks {
    enum Rebalance {
        case assigned([TopicPartition])
        /// - Parameter isLost: others may own the partitions already, so that nothing may be committed any more.
        case revoked(isLost: Bool)
    }

    let presence: KafkaPresence
    /// Whether this client's view counts. One of each stage does, because every client finds out by itself.
    var isWatched = false
    /// That all brokers are down, as it was told; by the time it is read it may be over.
    var suspicion: String?
    /// The last trouble with one broker, which says more than that all are down.
    var trouble: String?
    var rebalance: (Rebalance) -> Void = { _ in }
    /// What cannot be mended by waiting; the owner looks at it between two calls.
    var failure: KafkaError?

    init(_ presence: KafkaPresence) { self.presence = presence }

    @unsafe static func at(_ opaque: UnsafeMutableRawPointer?) -> KafkaCallbacks? {
        guard let opaque = unsafe opaque else { return nil }
        return unsafe Unmanaged<KafkaCallbacks>.fromOpaque(opaque).takeUnretainedValue()
    }

    @unsafe func register(with configuration: OpaquePointer) {
        unsafe rd_kafka_conf_set_opaque(configuration, Unmanaged.passUnretained(self).toOpaque())
        unsafe rd_kafka_conf_set_error_cb(configuration, noteError)
        unsafe rd_kafka_conf_set_log_cb(configuration, noteLog)
    }
}

private func noteError(
    _ client: OpaquePointer?, _ code: CInt, _ reason: UnsafePointer<CChar>?, _ opaque: UnsafeMutableRawPointer?
) {
    guard let callbacks = unsafe KafkaCallbacks.at(opaque) else { return }
    let text = unsafe reason.map { unsafe String(cString: $0) } ?? "error \(code)"
    let error = KafkaError(text, code: code)
    if !error.isPassing {
        callbacks.failure = callbacks.failure ?? error
    } else if code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN.rawValue {
        callbacks.suspicion = text
    } else {
        callbacks.trouble = text
    }
}

private func noteLog(
    _ client: OpaquePointer?, _ level: CInt, _ facility: UnsafePointer<CChar>?, _ text: UnsafePointer<CChar>?
) {
    guard level <= 4, let client = unsafe client, let facility = unsafe facility, let text = unsafe text else { return }
    // Called on librdkafka's own threads: nothing but the presence, which has a lock, may be touched.
    unsafe KafkaCallbacks.at(rd_kafka_opaque(client))?.presence.log(
        unsafe String(cString: facility), unsafe String(cString: text))
}

func noteRebalance(
    _ client: OpaquePointer?, _ error: rd_kafka_resp_err_t,
    _ partitions: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?, _ opaque: UnsafeMutableRawPointer?
) {
    guard let callbacks = unsafe KafkaCallbacks.at(opaque), let client = unsafe client else { return }
    if error == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS, let partitions = unsafe partitions {
        callbacks.rebalance(.assigned(unsafe KafkaPartitionList.partitions(partitions)))
    } else {
        callbacks.rebalance(.revoked(isLost: unsafe rd_kafka_assignment_lost(client) != 0))
    }
}

func noteDelivery(
    _ client: OpaquePointer?, _ message: UnsafePointer<rd_kafka_message_t>?, _ opaque: UnsafeMutableRawPointer?
) {
    guard let callbacks = unsafe KafkaCallbacks.at(opaque), let message = unsafe message?.pointee else { return }
    let code = unsafe message.err
    guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return }
    let topic = unsafe rd_kafka_topic_name(message.rkt).map { unsafe String(cString: $0) } ?? ""
    callbacks.failure = callbacks.failure ?? KafkaError("publishing on \(topic)", code)
}
