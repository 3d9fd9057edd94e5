import Documents
import Regression
import Specification

/// The newest usable rows that were observed, read once for all fits that compete: a pure value.
struct RowPool: Sendable {
    let specification: ModelSpecification
    /// The usable rows, oldest first; rows without a time come first.
    let rows: ObservedColumns
    let design: QuickDesign
    /// Of all rows. Choices are mostly a part of it, which is no copy.
    let places: [Int]
    /// With those that are not usable.
    private let all: TrainingColumns

    init(_ all: TrainingColumns, _ specification: ModelSpecification) {
        self.all = all
        self.specification = specification
        rows = all.usableRows
        places = Array(0..<rows.count)
        let response = specification.formula.response
        design = QuickDesign(
            specification.formula, row: specification.row, numbers: rows.predictors, levels: rows.factors,
            group: specification.factor?.name,
            responses: response.isPlain ? rows.responses : rows.responses.map { response.transformed($0) })
    }

    var count: Int { rows.count }

    /// What identifies the newest row; nil where there is none.
    var newestIdentity: String? { count > 0 ? rows.identities[count - 1] : nil }

    /// Some rows as models are held against them.
    func judged(_ places: Range<Int>) -> [JudgedRow] {
        // Where there is one factor, rows of a level share the list of it.
        let lists = rows.factors.count == 1 ? rows.factors[0].names.map { [$0] } : []
        return places.map { place in
            JudgedRow(
                predictors: rows.predictors.map { $0[place] },
                levels: lists.isEmpty ? rows.factors.map { $0[place] } : lists[Int(rows.factors[0].codes[place])],
                isGrouped: rows.isGrouped, response: rows.responses[place])
        }
    }

    /// Of the grouping factor; empty where there is none.
    func level(of place: Int) -> String { rows.groups?[place] ?? "" }

    /// The levels of some rows.
    func levels(of places: ArraySlice<Int>) -> Set<String> {
        rows.groups.map { Set($0.taking(places).usedNames) } ?? (places.isEmpty ? [] : [""])
    }

    func response(of place: Int) -> Double { rows.responses[place] }

    /// The rows of a fit.
    /// - Parameters:
    ///   - places: of the rows, oldest first.
    ///   - gross: how many rows of the choice are left out as grossly wrong.
    func trainingRows(_ places: ArraySlice<Int>, gross: Int) -> TrainingRows {
        TrainingRows(
            used: places.count == count ? rows : rows.taking(places, keepsIdentities: false),
            leftOut: all.unusableCount(after: places.first) + gross, specification: specification)
    }

    /// The place of the first row that was told at a time or later; nil where there is none.
    func firstPlace(since time: Timestamp) -> Int? { firstPlace { $0 >= time.milliseconds } }

    /// The place of the first row that was told later than a time; nil where there is none.
    func firstPlace(after time: Timestamp) -> Int? { firstPlace { $0 > time.milliseconds } }

    /// - Parameter isLate: false of all times up to some time, and true of all others.
    private func firstPlace(_ isLate: (Int64) -> Bool) -> Int? {
        // Rows without a time come first, the others are in order.
        let place = rows.times.firstPlace { $0 != ObservedColumns.noTime && isLate($0) }
        return place < count ? place : nil
    }
}
