package import Documents
import Regression
package import Specification

/// What a row must be like to be recorded, trained on and held against a model, whoever wrote it.
package struct RowRule: Sendable {
    /// The server's clock, and by how much a row's time may be ahead of it: the clocks of machines differ a little.
    package struct Clock: Sendable, Equatable {
        package let now: Timestamp
        package let secondsAheadMax: Int

        package init(now: Timestamp, secondsAheadMax: Int) {
            self.now = now
            self.secondsAheadMax = secondsAheadMax
        }

        package var latest: Timestamp { now.advanced(byMilliseconds: Int64(secondsAheadMax) * 1000) }

        /// What is admitted, for messages.
        var accepted: String { "a time at most \(secondsAheadMax) s ahead of the server's clock, which says \(now)" }
    }

    package let specification: ModelSpecification
    /// Nil where any time will do.
    package let clock: Clock?
    /// Whether levels are one that differ in case or surrounding space only.
    package let foldsCase: Bool

    package init(_ specification: ModelSpecification, clock: Clock? = nil, foldsCase: Bool = false) {
        self.specification = specification
        self.clock = clock
        self.foldsCase = foldsCase
    }

    /// What a fit makes of the row; nil where the row is not usable.
    package func row(_ observation: Observation) -> TrainingRows.Row? {
        guard let row = TrainingRows.Row(foldsCase ? folded(observation) : observation, specification),
            specification.response.admits(row.response), admitsNumbers(of: row), admitsLevels(of: row),
            admits(observation.timestamp)
        else { return nil }
        return row
    }

    private func admitsNumbers(of row: TrainingRows.Row) -> Bool {
        for place in row.predictors.indices where !specification.predictors[place].admits(row.predictors[place]) {
            return false
        }
        return true
    }

    private func admitsLevels(of row: TrainingRows.Row) -> Bool {
        if let factor = specification.factor, !factor.admits(row.level) { return false }
        for place in row.otherLevels.indices where !specification.otherFactors[place].admits(row.otherLevels[place]) {
            return false
        }
        return true
    }

    /// The observation with the levels that it counts as.
    package func folded(_ observation: Observation) -> Observation {
        guard foldsCase else { return observation }
        var folded = observation
        folded.level = observation.level?.foldedLevel
        folded.otherLevels = observation.otherLevels.map { $0?.foldedLevel }
        return folded
    }

    /// Rows without a time, which only others write, are of any.
    func admits(_ time: Timestamp?) -> Bool {
        guard let time, let clock else { return true }
        return time <= clock.latest
    }
}

extension String {
    /// The one spelling of all that differ in case or surrounding space only.
    var foldedLevel: String {
        let text = lowercased()
        guard text.first?.isWhitespace == true || text.last?.isWhitespace == true else { return text }
        let start = text.drop(while: \.isWhitespace)
        let end = start.lastIndex { !$0.isWhitespace }
        return end.map { String(start[...$0]) } ?? text
    }
}
