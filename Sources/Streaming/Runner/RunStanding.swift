package import EventProcessing

/// How a run stands at one moment: a value.
package struct RunStanding: Sendable, Equatable {
    /// Of one partition that a role reads.
    package struct Partition: Sendable, Equatable {
        package let topic: String
        package let partition: Int32
        /// The offset of the record that is handled next.
        package let offset: Int64
        /// Records from there to the end that is known of.
        package let lag: Int64

        package init(topic: String, partition: Int32, offset: Int64, lag: Int64) {
            self.topic = topic
            self.partition = partition
            self.offset = offset
            self.lag = lag
        }
    }

    /// The stage that it is of; all roles where one loop plays them.
    package var role: Roles
    /// Kept, and without a partner so far.
    package var pendingMeasurements = 0
    package var pendingOutcomes = 0
    /// Let go without a partner, since the start.
    package var unmatchedMeasurements = 0
    package var unmatchedOutcomes = 0
    /// Too late to be joined, since the start.
    package var lateJoined = 0
    /// Too late for their window, since the start.
    package var lateJudged = 0
    /// Rows that no server has confirmed so far.
    package var unrecorded = 0
    package var levels: [LevelStanding] = []
    package var partitions: [Partition] = []

    package init(role: Roles) { self.role = role }

    /// Adds what one pipeline of the stage holds.
    mutating func add(_ pipeline: Pipeline) {
        let counts = pipeline.joinCounts
        // What has met a partner is kept too, for the next of its identifier.
        let partnerless = pipeline.unmatched
        pendingMeasurements += partnerless.measurements - counts.left.unmatched
        pendingOutcomes += partnerless.outcomes - counts.right.unmatched
        unmatchedMeasurements += counts.left.unmatched
        unmatchedOutcomes += counts.right.unmatched
        lateJoined += counts.left.late + counts.right.late
        lateJudged += pipeline.lateCount
        levels += pipeline.levelStandings
    }
}

/// Tells how a run stands, at most so often as somebody would look.
struct StandingSchedule {
    private static let interval: Duration = .milliseconds(250)
    private var toldAt: Duration?

    mutating func isDue(at now: Duration) -> Bool {
        guard toldAt.map({ now - $0 >= Self.interval }) ?? true else { return false }
        toldAt = now
        return true
    }
}
