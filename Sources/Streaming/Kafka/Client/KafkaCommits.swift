import CRDKafka

/// Commits of one consumer, each answered on a queue of its own: a synchronous commit would hold its thread for as long as
/// the cluster is away.
@safe final class KafkaCommits {
    private let client: KafkaClient
    private let queue: OpaquePointer

    init(_ client: KafkaClient) {
        self.client = client
        guard let queue = unsafe rd_kafka_queue_new(client.pointer) else {
            preconditionFailure("librdkafka: out of memory")
        }
        unsafe self.queue = queue
    }

    deinit { unsafe rd_kafka_queue_destroy(queue) }

    /// - Throws: where the commit cannot even be sent.
    func send(_ offsets: [PartitionOffset]) throws(KafkaError) {
        let list = KafkaPartitionList(offsets)
        let error = unsafe rd_kafka_commit_queue(client.pointer, list.pointer, queue, nil, nil)
        guard error == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaError("the commit", error) }
    }

    /// - Returns: nil where no answer has come in this time.
    func outcome(waiting milliseconds: Int) -> Result<Void, KafkaError>? {
        guard let event = unsafe rd_kafka_queue_poll(queue, CInt(milliseconds)) else { return nil }
        defer { unsafe rd_kafka_event_destroy(event) }
        let error = unsafe rd_kafka_event_error(event)
        return error == RD_KAFKA_RESP_ERR_NO_ERROR ? .success(()) : .failure(KafkaError("the commit", error))
    }
}
