import Documents
import Testing

@testable import ModelService

@Suite("What stored rows are worth to a specification")
struct RowsUseTests {
    private func use(_ change: (inout Observation, Int) -> Void) -> RowsUse {
        let rows = Observation.flats(10).enumerated().map { index, row in
            var row = row
            change(&row, index)
            return row
        }
        return RowsUse(of: rows, rule: RowRule(.flats))
    }

    @Test("rows that have all are all of use, and nothing is missing")
    func whole() {
        let use = use { _, _ in }
        #expect(use.usable == 10 && use.missing.isEmpty && !use.isForeign)
    }

    @Test("of a column that was added, the rows that lack it are counted")
    func added() {
        let use = use { row, index in if index < 7 { row.predictors[1] = nil } }
        #expect(use.missing == [.init(field: "Rooms", count: 7)] && !use.isForeign)
        #expect("\(use)" == "of the newest 10 rows in the store 3 can be trained on; missing: Rooms (7)")
    }

    @Test("rows that have none of the variables are of something else; no rows are not")
    func foreign() {
        let use = use { row, _ in (row.level, row.predictors, row.actual) = (nil, [nil, nil, nil], nil) }
        #expect(use.isForeign && use.usable == 0)
        #expect(!RowsUse(of: [], rule: RowRule(.flats)).isForeign)
    }
}
