import CRDKafka

extension KafkaClient {
    /// Makes a topic, through the cluster's admin API; one that is there already stays as it is.
    /// - Parameters:
    ///   - configuration: the topic's own settings, such as `cleanup.policy`.
    ///   - milliseconds: how long the cluster may take.
    /// - Throws: where the cluster refuses, does not know the request, or is away.
    func createTopic(
        _ name: String, partitions: Int, configuration: [(name: String, value: String)] = [],
        waiting milliseconds: CInt = 10_000
    ) throws(KafkaError) {
        var reason = [CChar](repeating: 0, count: 512)
        // As many copies as the cluster takes for its default.
        guard let topic = unsafe rd_kafka_NewTopic_new(name, CInt(partitions), -1, &reason, reason.count) else {
            throw KafkaError("making the topic \(name): \(Self.text(reason))")
        }
        defer { unsafe rd_kafka_NewTopic_destroy(topic) }
        for (name, value) in configuration { unsafe rd_kafka_NewTopic_set_config(topic, name, value) }
        guard let options = unsafe rd_kafka_AdminOptions_new(pointer, RD_KAFKA_ADMIN_OP_CREATETOPICS),
            let queue = unsafe rd_kafka_queue_new(pointer)
        else { preconditionFailure("librdkafka: out of memory") }
        defer {
            unsafe rd_kafka_queue_destroy(queue)
            unsafe rd_kafka_AdminOptions_destroy(options)
        }
        unsafe rd_kafka_AdminOptions_set_request_timeout(options, milliseconds, nil, 0)
        var topics: [OpaquePointer?] = unsafe [topic]
        unsafe rd_kafka_CreateTopics(pointer, &topics, 1, options, queue)
        unsafe try created(name, rd_kafka_queue_poll(queue, milliseconds + 1_000))
    }

    @unsafe private func created(_ name: String, _ event: OpaquePointer?) throws(KafkaError) {
        let doing = "making the topic \(name)"
        guard let event = unsafe event else { throw KafkaError(doing, RD_KAFKA_RESP_ERR__TIMED_OUT) }
        defer { unsafe rd_kafka_event_destroy(event) }
        let error = unsafe rd_kafka_event_error(event)
        guard error == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaError(doing, error) }
        var count = 0
        guard let result = unsafe rd_kafka_event_CreateTopics_result(event),
            let topics = unsafe rd_kafka_CreateTopics_result_topics(result, &count), count == 1
        else { throw KafkaError("\(doing): no result") }
        let outcome = unsafe rd_kafka_topic_result_error(topics[0])
        guard outcome == RD_KAFKA_RESP_ERR_NO_ERROR || outcome == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS else {
            throw KafkaError(doing, outcome)
        }
    }
}
