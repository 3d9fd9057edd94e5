import EventProcessing

/// What one role reads, and what it waits for.
struct StagePlan {
    let role: Roles
    /// In the order in which records of one time are handled.
    let topics: [String]
    /// Whether one process reads all partitions, the one that the group gives partition 0. A window has one group key,
    /// so one process gathers it; were the rows on a single partition instead, every sink would lose its scale as well.
    let isSingle: Bool
    /// Whether even the only partition waits for the roles before it.
    let isGated: Bool
    let upstream: [UpstreamStage]
    /// The topic for what the sequential detector knows; nil where the state is made anew of the records that are read.
    let changelog: String?

    init(_ role: Roles, _ settings: KafkaRunSettings) {
        let topics = settings.preset.topics
        func stage(_ role: Roles, _ topics: [String]) -> UpstreamStage {
            UpstreamStage(
                role: role, group: settings.group(role), topics: topics, isOwn: settings.roles.contains(role))
        }
        self.role = role
        let predict = stage(.predict, [topics.measurement])
        let join = stage(.join, [topics.prediction, topics.outcome])
        switch role {
        case .predict: (self.topics, upstream) = ([topics.measurement], [])
        // An outcome must not come to its end of time while its measurement waits for a prediction.
        case .join: (self.topics, upstream) = ([topics.prediction, topics.outcome], [predict])
        case .window: (self.topics, upstream) = ([topics.evaluation], [predict, join])
        case .record: (self.topics, upstream) = ([topics.evaluation], [])
        // A training needs the rows of its window.
        case [.window, .trigger]:
            (self.topics, upstream) = ([topics.evaluation], [predict, join, stage(.record, [topics.evaluation])])
        default: (self.topics, upstream) = ([topics.trigger], [stage(.record, [topics.evaluation])])
        }
        isSingle = role.contains(.window)
        isGated = role.contains(.trigger)
        changelog = isSingle && settings.isSequential ? "\(settings.group(role))-changelog" : nil
    }

    /// The task that a partition feeds. All partitions are one sequence where one process reads them all; else those of
    /// one number are.
    func task(_ source: TopicPartition) -> Int32 { isSingle ? 0 : source.partition }

    /// The partitions whose task has its partition of every topic. The others are not begun with: records that no
    /// partner is read for would come to the end of their time alone.
    func complete(_ partitions: [TopicPartition]) -> [TopicPartition] {
        let tasks = Dictionary(grouping: partitions, by: task)
        return partitions.filter { source in
            Set((tasks[task(source)] ?? []).map(\.topic)).isSuperset(of: topics)
        }
    }

    /// Why it cannot begin, or go on.
    static func missing(_ topics: [String]) -> String {
        topics.count == 1
            ? "the topic \(topics[0]) does not exist yet"
            : "the topics \(topics.joined(separator: ", ")) do not exist yet"
    }

    /// The topics in the plan's order: of one time, the first topic's record comes first.
    func ordered(_ starts: [PartitionStart]) -> [PartitionStart] {
        let places = Dictionary(uniqueKeysWithValues: topics.enumerated().map { ($1, $0) })
        return starts.sorted {
            (places[$0.source.topic] ?? 0, $0.source.partition) < (places[$1.source.topic] ?? 0, $1.source.partition)
        }
    }
}
