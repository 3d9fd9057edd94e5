import Documents
import Specification

/// The rows on which models compete, and how: a pure value.
///
/// They are those since the change that the trigger tells of; on a schedule those that the champion was not fitted on;
/// of a trigger that tells no time those of the smallest fit. No more than the newest `rowsMax`.
struct Trial: Sendable {
    static let rowsMax = 400
    /// From so many rows on, a challenger is fitted anew before each block by its rule, and predicts the block.
    static let forwardFrom = 200
    /// Rows that may be alike, as those of one hour are.
    static let block = 50
    /// How far before the trial is looked at what fits on few rows came to.
    static let historyMax = 600
    /// What is read of a store beside the rows of a fit.
    static let rowsBefore = rowsMax + historyMax

    /// Places in the pool.
    let rows: Range<Int>
    /// The same for models that served.
    let judged: [JudgedRow]
    /// All who compete are measured by the champion's sigma: measured by its own, the least certain model would seem the
    /// best.
    let scale: ErrorScale
    /// Whether challengers walk forward; else each row of a fit is left out of it in turn.
    var isForward: Bool { rows.count >= Self.forwardFrom }
    var blockCount: Int { isForward ? Self.block : max(1, rows.count / 10) }

    init(_ pool: RowPool, champion: ModelVersion?, reason: TrainingReason, choice: RowChoice) {
        let end = pool.count
        let earliest = max(0, end - Self.rowsMax)
        let smallest = max(earliest, end - (choice.newestCount ?? RowChoice.automaticCounts[0]))
        let start =
            switch reason {
            case .unknown: smallest
            case .change(let time, _): pool.firstPlace(since: time) ?? smallest
            case .schedule:
                // Rows that the champion knows say less of it; without a new one there is nothing to go by. By their
                // times, not by their marks: a new row may repeat an old one's values.
                champion?.newestRow.map { pool.firstPlace(after: $0) ?? smallest } ?? earliest
            }
        rows = max(earliest, start)..<end
        judged = pool.judged(rows)
        scale = pool.specification.errorScale(sigma: champion?.model.positiveSigma ?? 1)
    }
}
