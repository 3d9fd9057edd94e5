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

    /// What the sequential detector tells it for, as it stands in the document.
    package enum Cause: String, Sendable {
        /// Errors that have changed.
        case errors
        /// The first known truths of a level that the model has not seen.
        case unseenLevel = "unseen"
        /// More truths since one of the others was told: the model can be fitted better.
        case followUp = "follow-up"
        /// Nothing was found, and for some time nobody has asked whether the model can be fitted better.
        case schedule
    }

    /// Nil for a window, which is told by its mean error alone.
    package var cause: Cause?
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
        cause: Cause? = nil, period: Period, time: Timestamp, levels: [String?], firstIdentifier: String?,
        lastIdentifier: String?, meanError: Double, count: Int?
    ) {
        self.cause = cause
        self.period = period
        self.time = time
        self.levels = levels
        self.firstIdentifier = firstIdentifier
        self.lastIdentifier = lastIdentifier
        self.meanError = meanError
        self.count = count
    }

    /// Whether it tells of something new: no follow-up, and no check that was due anyway.
    package var isAlarm: Bool { cause != .followUp && cause != .schedule }
}

package enum DriftChange: Sendable, Equatable {
    /// Found, or found anew with other figures for the same period.
    case found(Drift)
    /// What was found for this period no longer holds. The time is that of the evaluation's period, as for `Drift`.
    case withdrawn(Drift.Period, time: Timestamp)
}
