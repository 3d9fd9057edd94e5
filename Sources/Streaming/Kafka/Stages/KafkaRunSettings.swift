package import EventProcessing
import Regression
package import Specification

/// What all stages of a run on Kafka share.
package struct KafkaRunSettings: Sendable {
    package var cluster: KafkaCluster
    /// Each role reads in a group of its own, `GROUP-ROLE`, so that any role may be played by any number of processes.
    package var group = "tare"
    package var deadLetterTopic = "tare-dead-letter"
    package var roles: Roles
    package var preset: Preset
    /// How the role `window` finds drift.
    package var detector: DetectorRules
    package var specification: ModelSpecification
    /// How many records of each side a join keeps.
    package var pendingMax = 50_000

    package init(cluster: KafkaCluster, roles: Roles, preset: Preset, specification: ModelSpecification) {
        self.cluster = cluster
        self.roles = roles
        self.preset = preset
        detector = .window(preset.window)
        self.specification = specification
    }

    /// The roles as they are played, each set by one stage. The sequential detector acts on what the model server answers to
    /// its triggers, so the roles window and trigger are one for it.
    package var stages: [Roles] {
        let all = Roles.names.map(\.role).filter(roles.contains)
        guard isSequential, roles.isSuperset(of: [.window, .trigger]) else { return all }
        return all.filter { $0 != .window && $0 != .trigger } + [[.window, .trigger]]
    }

    var isSequential: Bool {
        if case .sequential = detector { true } else { false }
    }

    func group(_ role: Roles) -> String { "\(group)-\(role.contains(.window) ? .window : role)" }
}
