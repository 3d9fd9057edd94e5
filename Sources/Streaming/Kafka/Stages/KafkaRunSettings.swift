package import Regression

/// What all stages of a run on Kafka share.
package struct KafkaRunSettings: Sendable {
    package var cluster: KafkaCluster
    /// Each role reads in a group of its own, `GROUP-ROLE`, so that any role may be played by any number of processes.
    package var group = "tare"
    package var deadLetterTopic = "tare-dead-letter"
    package var roles: Roles
    package var preset: Preset
    package var specification: ModelSpecification
    /// How many records of each side a join keeps.
    package var pendingMax = 50_000

    package init(cluster: KafkaCluster, roles: Roles, preset: Preset, specification: ModelSpecification) {
        self.cluster = cluster
        self.roles = roles
        self.preset = preset
        self.specification = specification
    }

    func group(_ role: Roles) -> String { "\(group)-\(role)" }
}

/// What one role reads, and what it waits for.
struct StagePlan {
    let role: Roles
    /// In the order in which records of one time are handled.
    let topics: [String]
    /// Whether one process reads all partitions, the one that the group gives partition 0. A window has one group key,
    /// so one process gathers it; were the rows on a single partition instead, every sink would lose its scale as well.
    let isSingle: Bool
    /// Whether all partitions are one sequence; else those of one number are.
    var isOneTask: Bool { isSingle }
    /// Whether even the only partition waits for the stages before it.
    let isGated: Bool
    let upstream: [UpstreamProgress.Stage]

    init(_ role: Roles, _ settings: KafkaRunSettings) {
        let topics = settings.preset.topics
        func stage(_ role: Roles, _ topics: [String]) -> UpstreamProgress.Stage {
            UpstreamProgress.Stage(
                group: settings.group(role), topics: topics, isOwn: settings.roles.contains(role))
        }
        self.role = role
        let predict = stage(.predict, [topics.measurement])
        let join = stage(.join, [topics.prediction, topics.outcome])
        switch role {
        case .predict: (self.topics, upstream) = ([topics.measurement], [])
        // A weighing must not come to its end of time while its fish waits for a prediction.
        case .join: (self.topics, upstream) = ([topics.prediction, topics.outcome], [predict])
        case .window: (self.topics, upstream) = ([topics.evaluation], [predict, join])
        case .record: (self.topics, upstream) = ([topics.evaluation], [])
        // A training needs the rows of its window.
        default: (self.topics, upstream) = ([topics.trigger], [stage(.record, [topics.evaluation])])
        }
        isSingle = role == .window
        isGated = role == .trigger
    }
}
