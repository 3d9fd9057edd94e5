import Documents
import Regression
import Specification

/// What one setting came to on one recording.
///
/// An alarm belongs to the drift before it where no more than `horizon` truths were told in between. A drift is
/// missed where none does, though in that stretch some level was wrong on the mean; where all levels went on well,
/// nothing was there to be found.
struct BacktestResult: Equatable {
    /// Nil where it is not known when the drifts were.
    var drifts: Drifts?
    var alarms: Int
    var evaluated: Int
    var wrong: Int
    var retrainings: Int
    /// Nil where nothing has an error.
    var meanError: Double?

    struct Drifts: Equatable {
        /// From each drift that was found to its first alarm, in milliseconds.
        var delays: [Int64] = []
        var missed = 0
        var falseAlarms = 0
    }

    /// - Parameters:
    ///   - drifts: when they were, oldest first; nil where nobody knows.
    ///   - horizon: in subjects.
    init(
        _ notes: BacktestTally.Notes, measure: ModelSpecification.ErrorMeasure, retrainings: Int, drifts: [Timestamp]?,
        horizon: Int
    ) {
        let errors = notes.rows.compactMap(\.error)
        alarms = notes.alarms.count
        evaluated = notes.rows.count
        let wrongFrom = measure.wrongFrom(deviation: errors.robustDeviation)
        wrong = errors.count { $0 > wrongFrom }
        self.retrainings = retrainings
        meanError = errors.isEmpty ? nil : errors.reduce(0, +) / Double(errors.count)
        self.drifts = drifts.map { Drifts(notes, at: $0, horizon: horizon, wrongFrom: wrongFrom) }
    }
}

extension BacktestResult.Drifts {
    fileprivate init(_ notes: BacktestTally.Notes, at drifts: [Timestamp], horizon: Int, wrongFrom: Double) {
        var belonging = 0
        for (index, drift) in drifts.enumerated() {
            let next = index + 1 < drifts.count ? drifts[index + 1] : nil
            // The rows of a stretch lie together up to lateness, which is small against it.
            let begin = notes.rows.firstIndex { $0.time >= drift } ?? notes.rows.count
            let limit = next.flatMap { next in notes.rows.firstIndex { $0.time >= next } } ?? notes.rows.count
            let end = min(limit, begin + horizon)
            let alarms = notes.alarms.filter { $0.rows > begin && $0.rows <= end }
            belonging += alarms.count
            if let first = alarms.first {
                delays.append(first.time.milliseconds - drift.milliseconds)
            } else if Self.isWrong(notes.rows[begin..<end], from: wrongFrom) {
                missed += 1
            }
        }
        falseAlarms = notes.alarms.count - belonging
    }

    private static func isWrong(_ rows: ArraySlice<BacktestTally.Row>, from wrongFrom: Double) -> Bool {
        Dictionary(grouping: rows, by: \.level).values.contains { rows in
            let errors = rows.compactMap(\.error)
            return !errors.isEmpty && errors.reduce(0, +) / Double(errors.count) > wrongFrom
        }
    }
}
