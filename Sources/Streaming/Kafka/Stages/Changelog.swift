import Documents
import EventProcessing

/// The topic on which a role keeps its state.
final class Changelog {
    let topic: String
    private let consumer: KafkaConsumer
    private var isMade = false
    private var generation: Int64 = 0

    init(_ topic: String, cluster: KafkaCluster) throws(KafkaError) {
        self.topic = topic
        // It is in no group of others, and commits nothing.
        consumer = try KafkaConsumer(cluster, group: "\(topic)-reader")
    }

    /// Makes the topic where it is not there: compacted, as only the newest state counts.
    /// - Returns: what is to be said, where the cluster makes it otherwise.
    func make() -> String? {
        guard !isMade else { return nil }
        isMade = true
        do {
            try consumer.client.createTopic(
                topic, partitions: 1, configuration: [("cleanup.policy", "compact")], waiting: 3_000)
            return nil
        } catch {
            return
                "\(topic) is not made as a compacted topic: \(error); if the cluster makes it by itself, the detector's "
                + "state is kept for as long as that topic's retention"
        }
    }

    func isThere() throws(KafkaError) -> Bool { try consumer.client.partitionCount(topic) != nil }

    /// What was written last.
    /// - Parameter isStopping: whether to give up.
    /// - Throws: while the cluster is away.
    func newest(unless isStopping: () -> Bool) throws(KafkaError) -> DetectorState? {
        let source = TopicPartition(topic, 0)
        let log = try consumer.client.bounds(source)
        // Behind compaction the records stand apart, and without it there may be very many.
        let tail = try read(source, from: max(log.lowerBound, log.upperBound - StateRecords.countMax), isStopping)
        var found = StateRecords.newest(in: tail)
        if found == nil, log.lowerBound < log.upperBound - StateRecords.countMax {
            found = StateRecords.newest(in: try read(source, from: log.lowerBound, isStopping))
        }
        generation = found?.generation ?? 0
        return found.flatMap { DetectorState($0.document) }
    }

    private func read(
        _ source: TopicPartition, from offset: Int64, _ isStopping: () -> Bool
    ) throws(KafkaError) -> [Record] {
        consumer.assign([PartitionOffset(source, offset: offset)])
        defer { consumer.unassign() }
        var records: [Record] = []
        var silence = 0
        while !isStopping(), silence < 50 {
            switch try consumer.poll(waiting: 100) {
            case .record(let record, _):
                records.append(record)
                silence = 0
            case .end: return records
            case .removed, .nothing: silence += 1
            }
        }
        throw KafkaError("reading \(topic) to its end", code: KafkaError.timedOut)
    }

    func records(of state: DetectorState, at time: Timestamp) -> [Record] {
        generation += 1
        return StateRecords.records(of: state.document, generation: generation, topic: topic, at: time)
    }
}
