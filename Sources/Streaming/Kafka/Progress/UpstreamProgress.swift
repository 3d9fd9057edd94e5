/// How far the stages before this one have come, as their groups have committed it. A stage of another program is not
/// waited for.
final class UpstreamProgress {
    struct Stage {
        let group: String
        let topics: [String]
        /// Whether it is played by this process, so that a group without a commit is one that has just begun.
        let isOwn: Bool
    }

    private let stages: [(stage: Stage, consumer: KafkaConsumer)]

    init(_ stages: [Stage], cluster: KafkaCluster) throws(KafkaError) {
        var watched: [(stage: Stage, consumer: KafkaConsumer)] = []
        for stage in stages {
            let consumer = try KafkaConsumer(
                cluster, group: stage.group)
            watched.append((stage, consumer))
        }
        self.stages = watched
    }

    /// The time that all of them have come to; nil where they have processed everything that there is.
    func reached() throws(KafkaError) -> Int64? {
        var lowest: Int64?
        for (stage, consumer) in stages {
            for topic in stage.topics {
                guard let time = try lag(of: stage, on: topic, consumer.client) else { continue }
                lowest = min(lowest ?? time, time)
            }
        }
        return lowest
    }

    private func lag(of stage: Stage, on topic: String, _ client: KafkaClient) throws(KafkaError) -> Int64? {
        guard let count = try client.partitionCount(topic) else { return nil }
        let partitions = (0..<Int32(count)).map { TopicPartition(topic, $0) }
        // The ends first: what is there now and committed afterwards is done.
        var bounds: [Range<Int64>] = []
        for partition in partitions { bounds.append(try client.bounds(partition)) }
        var lowest: Int64?
        for (offset, bounds) in zip(try client.committed(partitions), bounds) {
            guard let time = lag(offset, bounds, isOwn: stage.isOwn) else { continue }
            lowest = min(lowest ?? time, time)
        }
        return lowest
    }

    private func lag(_ offset: PartitionOffset, _ bounds: Range<Int64>, isOwn: Bool) -> Int64? {
        if offset.offset == nil { return isOwn && !bounds.isEmpty ? .min : nil }
        guard let progress = CommittedProgress(metadata: offset.metadata) else { return nil }
        return progress.done < bounds.upperBound ? progress.time ?? .min : nil
    }
}
