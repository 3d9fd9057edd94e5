/// What a detector knows of one level.
package struct LevelStanding: Sendable, Equatable {
    package enum State: String, Sendable, CaseIterable {
        /// Errors are held against what is normal.
        case watching
        /// They have changed, and the model server is asked for another model.
        case asking
    }

    /// Nil for all together.
    package let level: String?
    package let state: State
    /// The evidence for a change, as a share of what is an alarm.
    package let evidence: Double

    package init(level: String?, state: State, evidence: Double) {
        self.level = level
        self.state = state
        self.evidence = evidence
    }
}
