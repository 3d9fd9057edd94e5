import Documents

/// What keeps a storm of triggers from becoming a storm of trainings. Both are off by default.
package struct TrainingRules: Sendable, Equatable {
    /// Seconds after a training in which no other runs.
    package var cooldownSeconds = 0
    /// How many rows must be new since the last training.
    package var newRowsMin = 0

    package init() {}

    /// - Parameter newestFirst: what identifies at least `newRowsMin` rows of the store, where it has so many.
    func refusal(
        at now: Timestamp, state: ServingState, newestFirst: some Sequence<String>
    ) -> TrainingRefusal? {
        if let left = secondsLeft(at: now, since: state.trainedAt) {
            return .coolingDown(secondsLeft: left, cooldown: cooldownSeconds)
        }
        let new = newRows(newestFirst, since: state.newestRow)
        return new < newRowsMin ? .tooFewNewRows(new: new, needed: newRowsMin) : nil
    }

    /// Nil where the time is over. A clock that was set back ends the wait, lest it last for good.
    private func secondsLeft(at now: Timestamp, since last: Timestamp?) -> Int? {
        guard let last, case let elapsed = now.milliseconds - last.milliseconds, elapsed >= 0,
            case let left = Int64(cooldownSeconds) * 1000 - elapsed, left > 0
        else { return nil }
        return Int((left + 999) / 1000)
    }

    /// No more than are needed. By the place of the row that was the newest when the last training ran: rows without a time
    /// count so too.
    private func newRows(_ newestFirst: some Sequence<String>, since marker: String?) -> Int {
        var count = 0
        for row in newestFirst.prefix(newRowsMin) {
            if row == marker { break }
            count += 1
        }
        return count
    }
}
