package import Documents

/// A stretch of time in which the predictions were wrong by too much: a record of the trigger topic.
package struct Drift: Sendable, Equatable {
    /// Start inclusive, end exclusive.
    package struct Period: Sendable, Equatable {
        package var start: Timestamp
        package var end: Timestamp

        package init(start: Timestamp, end: Timestamp) {
            self.start = start
            self.end = end
        }
    }

    /// What it was told for.
    package enum Cause: Sendable, Equatable {
        /// Errors larger than they should be.
        case errors
        /// The first known truths of a level that the model has not seen.
        case unseenLevel
        /// More truths of a level that one of the others was told for: the model can be fitted better.
        case followUp
    }

    package var cause = Cause.errors
    package var period: Period
    /// The largest time of the evaluations in it.
    package var time: Timestamp
    /// Each level once, as first seen; null is one of them.
    package var levels: [String?]
    /// By the order in which the evaluations were processed.
    package var firstIdentifier: String?
    package var lastIdentifier: String?
    /// Of the evaluations that have an error; 0 where none has.
    package var meanError: Double
    /// Evaluations in it, with or without an error. Not known of a record that was read from a topic.
    package var count: Int?

    package init(
        period: Period, time: Timestamp, levels: [String?], firstIdentifier: String?, lastIdentifier: String?,
        meanError: Double, count: Int?
    ) {
        self.period = period
        self.time = time
        self.levels = levels
        self.firstIdentifier = firstIdentifier
        self.lastIdentifier = lastIdentifier
        self.meanError = meanError
        self.count = count
    }
}

/// Watches evaluations for drift. A pure value: it decides, and what is done about it is for others.
package protocol DriftDetector: Sendable {
    /// - Parameter evaluation: of a prediction by the model that answers now.
    mutating func observe(_ evaluation: Evaluation) -> [DriftChange]

    /// - Parameter evaluation: of a prediction by a model before it, whose errors say nothing about this one.
    mutating func pass(_ evaluation: Evaluation) -> [DriftChange]

    /// Another run came as far as this: what it found is not to be found again.
    mutating func resume(at time: Timestamp)

    /// Another model answers: the errors observed so far say nothing about it.
    /// - Parameter model: nil where it is not known, or not asked for.
    mutating func restart(for model: ModelStatement?)

    /// Whether it judges errors by what the model says of itself.
    var needsStatement: Bool { get }

    /// How many evaluations came too late to count.
    var lateCount: Int { get }
}

package enum DriftChange: Sendable, Equatable {
    /// Found, or found anew with other figures for the same period.
    case found(Drift)
    /// What was found for this period no longer holds. The time is that of the evaluation's period, as for `Drift`.
    case withdrawn(Drift.Period, time: Timestamp)
}
