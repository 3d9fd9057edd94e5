import Documents
import Regression
import Specification

/// The newest usable rows that were observed, read once for all fits that compete: a pure value.
struct RowPool: Sendable {
    let specification: ModelSpecification
    /// Oldest first.
    let rows: [TrainingRows.Row]
    /// When each row's truth was told; rows without a time come first.
    let times: [Timestamp?]
    let design: QuickDesign
    /// The same rows as they were observed, newest first.
    let observed: [Observation]
    /// How many unusable rows are newer than each row.
    private let unusable: [Int]
    private let unusableCount: Int

    init(newestFirst observations: [Observation], rule: RowRule) {
        specification = rule.specification
        var rows: [TrainingRows.Row] = []
        var observed: [Observation] = []
        var unusable: [Int] = []
        var left = 0
        for observation in observations {
            guard let row = rule.row(observation) else {
                left += 1
                continue
            }
            rows.append(row)
            observed.append(observation)
            unusable.append(left)
        }
        self.rows = rows.reversed()
        self.observed = observed
        times = observed.reversed().map(\.timestamp)
        self.unusable = unusable.reversed()
        unusableCount = left
        let specification = specification
        design = QuickDesign(
            specification.formula, row: specification.row, numbers: self.rows.map(\.predictors),
            levels: { rows.reversed().map { $0.levels(specification) } }, groups: self.rows.map(\.level),
            group: specification.factor?.name,
            responses: self.rows.map { specification.formula.response.transformed($0.response) })
    }

    var count: Int { rows.count }

    /// The rows of a fit.
    /// - Parameters:
    ///   - places: of the rows, oldest first.
    ///   - gross: how many rows of the choice are left out as grossly wrong.
    func trainingRows(_ places: [Int], gross: Int) -> TrainingRows {
        TrainingRows(
            used: places.map { rows[$0] }, leftOut: (places.first.map { unusable[$0] } ?? unusableCount) + gross,
            newest: places.last.flatMap { times[$0] }, oldest: places.lazy.compactMap { times[$0] }.first,
            specification: specification)
    }

    /// The place of the first row that was told at a time or later; nil where there is none.
    func firstPlace(since time: Timestamp) -> Int? { firstPlace { $0 >= time } }

    /// The place of the first row that was told later than a time; nil where there is none.
    func firstPlace(after time: Timestamp) -> Int? { firstPlace { $0 > time } }

    /// - Parameter isLate: false of all times up to some time, and true of all others.
    private func firstPlace(_ isLate: (Timestamp) -> Bool) -> Int? {
        // Rows without a time come first, the others are in order.
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if times[middle].map(isLate) ?? false { high = middle } else { low = middle + 1 }
        }
        return low < count ? low : nil
    }
}
