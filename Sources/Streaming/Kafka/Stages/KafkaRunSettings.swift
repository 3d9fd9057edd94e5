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
