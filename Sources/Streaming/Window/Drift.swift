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
    mutating func observe(_ evaluation: Evaluation) -> [DriftChange]

    /// Time has come to this point with an evaluation that does not count.
    mutating func pass(_ time: Timestamp) -> [DriftChange]

    /// Another model answers: what was observed so far says nothing about it.
    mutating func restart()

    /// How many evaluations came too late to count.
    var lateCount: Int { get }
}

package enum DriftChange: Sendable, Equatable {
    /// Found, or found anew with other figures for the same period.
    case found(Drift)
    /// What was found for this period no longer holds. The time is that of the evaluation's period, as for `Drift`.
    case withdrawn(Drift.Period, time: Timestamp)
}
