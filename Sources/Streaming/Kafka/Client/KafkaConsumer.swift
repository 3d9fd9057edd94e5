import CRDKafka
import Documents
import EventProcessing
import Glibc

/// A member of a consumer group. It commits only what it is told to, and reads only from where it is told to.
@safe final class KafkaConsumer {
    typealias Rebalance = KafkaCallbacks.Rebalance

    /// What a poll brought.
    enum Polled {
        case record(Record, TopicPartition)
        /// Everything that was in the partition so far has been delivered. The offset is where reading goes on: after
        /// the last record, and after what is no record to a reader, as the marks of transactions are.
        case end(TopicPartition, offset: Int64)
        /// The log no longer holds what comes next; nothing more is read of the partition.
        case removed(TopicPartition)
        case nothing
    }

    /// Range, and not cooperative: it alone gives the partitions of one number of all topics to one member, which a join
    /// needs. A member that dies is missed after the session's time. The prefetch bounds the memory. Records that were
    /// removed before they were read are an error, because to begin elsewhere in silence would hide the loss.
    private static let settings = [
        ("enable.auto.commit", "false"), ("enable.auto.offset.store", "false"), ("enable.partition.eof", "true"),
        ("auto.offset.reset", "error"), ("partition.assignment.strategy", "range"),
        ("session.timeout.ms", "6000"), ("heartbeat.interval.ms", "1000"),
        ("queued.min.messages", "5000"), ("queued.max.messages.kbytes", "8192"),
        ("fetch.wait.max.ms", "50"), ("fetch.error.backoff.ms", "100"), ("topic.metadata.refresh.interval.ms", "5000"),
        ("allow.auto.create.topics", "true"), ("reconnect.backoff.max.ms", "2000"), ("socket.timeout.ms", "10000"),
    ]

    let client: KafkaClient
    private let commits: KafkaCommits
    private var isClosed = false
    /// Those that a record came from.
    private var topics: [(name: [CChar], text: String, hasHeaders: Bool)] = []
    /// Those of which nobody asks for a record's headers, which librdkafka then need not take apart.
    private let topicsWithoutHeaders: [String]
    /// Those that are read, and of those the ones of which everything so far has been delivered.
    private var (assigned, ended): ([TopicPartition], [TopicPartition]) = ([], [])

    /// - Parameters:
    ///   - settings: what differs from the settings of all consumers, below the user's.
    ///   - topicsWithoutHeaders: whose records are handed out without headers, whatever they have.
    package init(
        _ cluster: KafkaCluster, group: String, settings: [(name: String, value: String)] = [],
        topicsWithoutHeaders: [String] = []
    ) throws(KafkaError) {
        self.topicsWithoutHeaders = topicsWithoutHeaders
        client = try KafkaClient(
            RD_KAFKA_CONSUMER, cluster,
            settings: Self.settings.map { (name: $0.0, value: $0.1) } + [(name: "group.id", value: group)] + settings)
        unsafe rd_kafka_poll_set_consumer(client.pointer)
        commits = KafkaCommits(client)
    }

    deinit {
        // The owner that answers rebalances may be gone already.
        onRebalance { _ in }
        close()
    }

    /// Called within `poll` and `close`; must answer with `assign` or `unassign`.
    func onRebalance(_ body: @escaping (Rebalance) -> Void) { client.callbacks.rebalance = body }

    /// The end of a partition's log, as the newest answer of its broker had it; nil where there was none. Asks nobody.
    func knownEnd(of source: TopicPartition) -> Int64? {
        var (low, high) = (Int64(RD_KAFKA_OFFSET_INVALID), Int64(RD_KAFKA_OFFSET_INVALID))
        let error = unsafe rd_kafka_get_watermark_offsets(
            client.pointer, source.topic, source.partition, &low, &high)
        return error == RD_KAFKA_RESP_ERR_NO_ERROR && high >= 0 ? high : nil
    }

    /// The same, where the partition was not found to end since its last record.
    func endAhead(of source: TopicPartition) -> Int64? { ended.contains(source) ? nil : knownEnd(of: source) }

    func subscribe(_ topics: [String]) throws(KafkaError) {
        let list = KafkaPartitionList(topics.map { TopicPartition($0, Int32(RD_KAFKA_PARTITION_UA)) })
        let error = unsafe rd_kafka_subscribe(client.pointer, list.pointer)
        guard error == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw KafkaError("reading \(topics.joined(separator: ", "))", error)
        }
    }

    /// Reads each partition from its offset, or from the start where it has none.
    func assign(_ offsets: [PartitionOffset]) {
        let list = KafkaPartitionList(
            offsets.map { PartitionOffset($0.source, offset: $0.offset ?? Int64(RD_KAFKA_OFFSET_BEGINNING)) })
        (assigned, ended) = (offsets.map(\.source), [])
        unsafe rd_kafka_assign(client.pointer, list.pointer)
    }

    func unassign() {
        (assigned, ended) = ([], [])
        unsafe rd_kafka_assign(client.pointer, nil)
    }

    /// - Throws: what no waiting mends.
    func poll(waiting milliseconds: Int) throws(KafkaError) -> Polled {
        try client.check()
        guard let message = unsafe rd_kafka_consumer_poll(client.pointer, CInt(milliseconds)) else { return .nothing }
        defer { unsafe rd_kafka_message_destroy(message) }
        let (code, partition) = unsafe (message.pointee.err, message.pointee.partition)
        guard unsafe message.pointee.rkt != nil, let name = unsafe rd_kafka_topic_name(message.pointee.rkt) else {
            return .nothing
        }
        let (topic, hasHeaders) = unsafe topic(name)
        let source = TopicPartition(topic, partition)
        if code == RD_KAFKA_RESP_ERR__PARTITION_EOF {
            if !ended.contains(source) { ended.append(source) }
            return .end(source, offset: unsafe message.pointee.offset)
        }
        if code == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET { return .removed(source) }
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
            let error = KafkaError("reading \(source.topic)", code)
            if error.isPassing { return .nothing }
            throw error
        }
        if let index = ended.firstIndex(of: source) { ended.remove(at: index) }
        return .record(unsafe Self.record(message, from: source, hasHeaders: hasHeaders), source)
    }

    /// To be called where nothing comes that can be handled. Once a partition's queue was full, librdkafka 2.0.2 looks a second
    /// later whether it has room again, or when the thread of its broker has anything else to do. So that one is asked for an
    /// offset, and nobody waits for the answer. From version 2.2 on there is `fetch.queue.backoff.ms`.
    ///
    /// All partitions have one queue: where it was full of one that is paused now, nothing is fetched of the others either,
    /// and what has come since one of them ended is not seen.
    /// - Parameter isQuiet: whether nothing has come for longer than librdkafka waits by itself.
    func wakeFetching(except paused: Set<TopicPartition>, isQuiet: Bool) {
        let mayHoldMore = !paused.isEmpty && !isQuiet
        let waiting = assigned.filter { !paused.contains($0) && (mayHoldMore || !ended.contains($0)) }
        guard !waiting.isEmpty, !client.isAway else { return }
        let list = KafkaPartitionList(waiting.map { PartitionOffset($0, offset: Int64(RD_KAFKA_OFFSET_END)) })
        unsafe rd_kafka_offsets_for_times(client.pointer, list.pointer, 0)
    }

    /// One text for a topic, of which nothing needs to be made with each record, and of which another is seen at once to be the
    /// same.
    private func topic(_ name: UnsafePointer<CChar>) -> (text: String, hasHeaders: Bool) {
        if let known = topics.first(where: { unsafe strcmp($0.name, name) == 0 }) {
            return (known.text, known.hasHeaders)
        }
        let topic = unsafe String(cString: name)
        let hasHeaders = !topicsWithoutHeaders.contains(topic)
        topics.append((Array(topic.utf8CString), topic, hasHeaders))
        return (topic, hasHeaders)
    }

    private static func record(
        _ message: UnsafeMutablePointer<rd_kafka_message_t>, from source: TopicPartition, hasHeaders: Bool
    ) -> Record {
        let raw = unsafe message.pointee
        return Record(
            source.topic, partition: source.partition, offset: unsafe raw.offset,
            time: Timestamp(milliseconds: max(0, unsafe rd_kafka_message_timestamp(message, nil))),
            key: unsafe bytes(raw.key, raw.key_len), value: unsafe bytes(raw.payload, raw.len),
            headers: hasHeaders ? unsafe headers(message) : [])
    }

    private static func bytes(_ start: UnsafeMutableRawPointer?, _ count: Int) -> [UInt8]? {
        guard let start = unsafe start else { return nil }
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    private static func headers(_ message: UnsafeMutablePointer<rd_kafka_message_t>) -> [Record.Header] {
        var list: OpaquePointer?
        guard unsafe rd_kafka_message_headers(message, &list) == RD_KAFKA_RESP_ERR_NO_ERROR else { return [] }
        var headers: [Record.Header] = []
        var index = 0
        var (name, value, size): (UnsafePointer<CChar>?, UnsafeRawPointer?, Int) = (nil, nil, 0)
        while unsafe rd_kafka_header_get_all(list, index, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR,
            let found = unsafe name
        {
            let text = unsafe String(decoding: UnsafeRawBufferPointer(start: value, count: size), as: UTF8.self)
            headers.append(Record.Header(unsafe String(cString: found), text))
            index += 1
        }
        return headers
    }

    /// Hands the offsets over for the group; `commitOutcome` tells what became of them. One commit at a time.
    func commit(_ offsets: [PartitionOffset]) throws(KafkaError) { try commits.send(offsets) }

    /// - Returns: nil where there is no answer yet.
    func commitOutcome(waiting milliseconds: Int) -> Result<Void, KafkaError>? {
        commits.outcome(waiting: milliseconds)
    }

    /// Whether no more of these partitions is fetched; what was fetched and not polled is fetched again later.
    func setPaused(_ isPaused: Bool, _ partitions: [TopicPartition]) {
        guard !partitions.isEmpty else { return }
        let list = KafkaPartitionList(partitions)
        if isPaused {
            unsafe rd_kafka_pause_partitions(client.pointer, list.pointer)
        } else {
            unsafe rd_kafka_resume_partitions(client.pointer, list.pointer)
        }
    }

    /// Leaves the group, as far as the cluster lets it in this time.
    package func close(within patience: Duration = .seconds(3)) {
        guard !isClosed else { return }
        isClosed = true
        guard let queue = unsafe rd_kafka_queue_new(client.pointer) else { return }
        defer { unsafe rd_kafka_queue_destroy(queue) }
        if let error = unsafe rd_kafka_consumer_close_queue(client.pointer, queue) {
            unsafe rd_kafka_error_destroy(error)
            return
        }
        let clock = ContinuousClock()
        let deadline = clock.now + patience
        while unsafe rd_kafka_consumer_closed(client.pointer) == 0 {
            if let event = unsafe rd_kafka_queue_poll(queue, 50) {
                // Nothing is read any more; the last rebalance waits for its answer.
                if unsafe rd_kafka_event_type(event) == RD_KAFKA_EVENT_REBALANCE { unassign() }
                unsafe rd_kafka_event_destroy(event)
            }
            guard clock.now < deadline else { return client.abandon() }
        }
    }
}
