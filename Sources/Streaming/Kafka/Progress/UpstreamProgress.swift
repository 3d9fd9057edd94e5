import EventProcessing

/// How far the roles before this one have come, as their groups have committed it.
final class UpstreamProgress {
    private let stages: [(stage: UpstreamStage, consumer: KafkaConsumer)]

    init(_ stages: [UpstreamStage], cluster: KafkaCluster) throws(KafkaError) {
        var watched: [(stage: UpstreamStage, consumer: KafkaConsumer)] = []
        for stage in stages { watched.append((stage, try KafkaConsumer(cluster, group: stage.group))) }
        self.stages = watched
    }

    /// The role that is furthest behind in time; nil where all of them have processed everything that there is.
    func lag() throws(KafkaError) -> UpstreamLag? {
        var lags: [UpstreamLag] = []
        for (stage, consumer) in stages {
            if let lag = stage.lag(try Self.partitions(of: stage, consumer.client)) { lags.append(lag) }
        }
        return lags.min { ($0.time ?? .min) < ($1.time ?? .min) }
    }

    /// The ends of partitions' logs, asked on a connection of its own: on the one that reads, the answer would come behind what
    /// is waited for there.
    func ends(of partitions: [TopicPartition]) throws(KafkaError) -> [Int64] {
        guard let client = stages.first?.consumer.client else { return partitions.map { _ in .max } }
        return try client.bounds(partitions).map(\.upperBound)
    }

    private static func partitions(
        of stage: UpstreamStage, _ client: KafkaClient
    ) throws(KafkaError) -> [UpstreamStage.Partition] {
        var sources: [TopicPartition] = []
        for topic in stage.topics {
            let count = try client.partitionCount(topic) ?? 0
            sources += (0..<Int32(count)).map { TopicPartition(topic, $0) }
        }
        guard !sources.isEmpty else { return [] }
        // The ends first: what is there now and committed afterwards is done.
        let logs = try client.bounds(sources)
        return zip(try client.committed(sources), logs).map { UpstreamStage.Partition(committed: $0, log: $1) }
    }
}

/// A role whose results this one reads, directly or not.
struct UpstreamStage: Equatable {
    let role: Roles
    let group: String
    let topics: [String]
    /// Whether it is played by this process, and so waited for before it has committed anything.
    let isOwn: Bool

    /// What is known of one partition that it reads.
    struct Partition {
        let committed: PartitionOffset
        let log: Range<Int64>
    }

    /// How far it is behind; nil where it has done all that there is, or nobody plays it here.
    ///
    /// A role commits on every partition that it is given before it handles a record of it. So where the group has
    /// committed anything, a partition without a commit is one that it has still to begin with. Where there is nothing
    /// at all, or what another program has committed, the role is another's, and its progress is not known.
    ///
    /// Progress is a position and not a count of records: at the end of a log it is the log's end, whatever marks of
    /// transactions, aborted records or gaps of compaction stand there.
    func lag(_ partitions: [Partition]) -> UpstreamLag? {
        let isPlayed = isOwn || partitions.contains { CommittedProgress($0.committed) != nil }
        guard isPlayed else { return nil }
        let lags = partitions.compactMap { partition -> UpstreamLag? in
            let source = partition.committed.source
            guard partition.committed.offset != nil else {
                return partition.log.isEmpty
                    ? nil : UpstreamLag(stage: self, source: source, time: nil, hasBegun: false)
            }
            guard let progress = CommittedProgress(partition.committed), progress.done < partition.log.upperBound
            else { return nil }
            return UpstreamLag(stage: self, source: source, time: progress.time, hasBegun: true)
        }
        return lags.min { ($0.time ?? .min) < ($1.time ?? .min) }
    }
}

/// A partition on which a role has still something to do.
struct UpstreamLag: Equatable {
    let stage: UpstreamStage
    let source: TopicPartition
    /// The largest time that it has processed there, in milliseconds; nil where it has processed nothing.
    let time: Int64?
    /// Whether it has committed anything there.
    let hasBegun: Bool

    /// Why whoever comes after it waits.
    var reason: String {
        let place = "\(source.topic)/\(source.partition)"
        let group = "the role \(stage.role) (group \(stage.group))"
        return hasBegun
            ? "\(group) has not come to the end of \(place)" : "\(group) has not begun with \(place)"
    }
}
