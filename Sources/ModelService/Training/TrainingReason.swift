package import Documents

/// What a trigger says of the reason to train.
package enum TrainingReason: Sendable, Equatable {
    /// Nothing, as a request by hand.
    case unknown
    /// The model's errors have changed since a time. Where the time is the estimated start of the change, and not merely
    /// that of a window, the rows since then compete as a fit of their own.
    case change(since: Timestamp, isEstimated: Bool)
    /// Nothing has been noticed; a number of rows has passed.
    case schedule
}
