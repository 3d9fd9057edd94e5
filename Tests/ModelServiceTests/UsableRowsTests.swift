import Documents
import Testing
import Threading

@testable import ModelService

@Suite("The newest usable rows")
struct UsableRowsTests {
    private static let now = Timestamp(milliseconds: 1_623_245_967_971)
    private static let rule = RowRule(.flats, clock: RowRule.Clock(now: now, secondsAheadMax: 300))

    /// Flats sold before now, the newest one second ago.
    private static func flats(_ count: Int, districts: [String] = ["north", "south"]) -> [Observation] {
        Observation.flats(count, districts: districts).enumerated().map { index, row in
            var row = row
            row.timestamp = now.advanced(byMilliseconds: Int64(index - count) * 1000)
            return row
        }
    }

    /// Rows that are newer than all good ones, and that no model may be fitted on.
    private static func poison(_ number: Int) -> Observation {
        var row = flats(1)[0]
        row.identifier = "poison \(number)"
        row.timestamp = now
        switch number % 7 {
        case 0: row.actual = 1e308
        case 1: row.timestamp = Timestamp(milliseconds: .max)
        case 2: row.predictors[1] = -3
        case 3: row.predictors[0] = 10_001
        case 4: row.level = "no\u{200B}rth"
        case 5: row.actual = 0
        default: row.level = nil
        }
        return row
    }

    private static func usable(_ rows: [Observation]) -> [Observation] { rows.filter { rule.row($0) != nil } }

    private static func identities(_ rows: some Sequence<Observation>) -> [String] { rows.map(\.identity) }

    @Test("no poison row is usable, and every good one is")
    func rule() {
        #expect((0..<7).allSatisfy { Self.rule.row(Self.poison($0)) == nil })
        #expect(Self.usable(Self.flats(50)).count == 50)
    }

    @Test(
        "however many rows must be passed over, the newest usable ones are found, and the others are among them to be counted",
        arguments: [0, 1, 7, 49, 50, 51, 700, 5000])
    func newest(poisoned: Int) throws {
        let good = Self.flats(80)
        let store = MemoryStore(good + (0..<poisoned).map(Self.poison))
        let found = try UsableRows(store: store, rule: Self.rule).newest(50)
        #expect(Array(found.newestIdentities) == Self.identities(good.suffix(50).reversed()))
        let rows = TrainingRows(found, specification: .flats)
        #expect(rows.count == 50 && rows.leftOut == poisoned)
    }

    @Test("fewer usable rows than asked for are all that there are")
    func few() throws {
        let rows = UsableRows(store: MemoryStore(Self.flats(20) + (0..<9).map(Self.poison)), rule: Self.rule)
        #expect(try rows.newest(50).usableCount == 20)
        #expect(try rows.newest(0).count == 0)
    }

    @Test("no more than the stated number of rows is passed over")
    func bounded() throws {
        let store = CountingStore()
        #expect(try UsableRows(store: store, rule: Self.rule).newest(50).count == UsableRows.passedOverMax + 50)
    }

    /// Holds more rows of the future than anybody wants to read.
    private final class CountingStore: Store {
        func record(_ rows: [Observation]) -> Recorded { Recorded([]) }
        func newest(_ count: Int) -> [Observation] {
            Array(repeating: UsableRowsTests.poison(1), count: min(count, 1_000_000))
        }
        func newest(_ count: Int, before time: Timestamp) -> [Observation] { newest(count) }
        func newestOfEachLevel(_ count: Int, within bounds: RowBounds) -> [Observation] { newest(count) }
        func end(notAfter latest: Timestamp?) -> StorePlace { .sequence(0) }
        func rows(after place: StorePlace, notAfter latest: Timestamp?, limit: Int) -> StorePage {
            StorePage(rows: [], end: place, isFull: false)
        }
        func check() {}
        func close() {}
    }

    @Test("of each level the newest usable rows are found", arguments: [0, 3, 200])
    func ofEachLevel(poisoned: Int) throws {
        let good = Self.flats(60, districts: ["north", "south", "west"])
        let bad = (0..<poisoned).map { Self.poison($0 * 7) }
        let found = try UsableRows(store: MemoryStore(good + bad), rule: Self.rule).newestOfEachLevel(
            5, within: RowBounds())
        let expected = ["north", "south", "west"].map { level in
            Self.identities(good.filter { $0.level == level }.suffix(5).reversed())
        }
        #expect(found.map { Array($0.newestIdentities) } == expected)
        #expect(found.map(\.count).reduce(0, +) == 15 + poisoned)
    }

    @Test("levels that differ in case or surrounding space are one where that is asked for, and two where not")
    func folded() throws {
        let rows = Self.flats(60, districts: ["north", "North", " NORTH ", "south"])
        let store = MemoryStore(rows)
        func levels(_ rows: TrainingColumns) -> [String] { TrainingRows(rows, specification: .flats).levels }
        #expect(
            levels(try UsableRows(store: store, rule: Self.rule).newest(50)) == [" NORTH ", "North", "north", "south"])
        let folding = RowRule(.flats, clock: Self.rule.clock, foldsCase: true)
        let usable = UsableRows(store: store, rule: folding)
        #expect(levels(try usable.newest(50)) == ["north", "south"])
        let ofEach = try usable.newestOfEachLevel(5, within: RowBounds())
        let norths = rows.filter { $0.level != "south" }.suffix(5).reversed()
        #expect(Array(ofEach[0].newestIdentities) == Self.identities(norths))
        #expect(ofEach.map(levels) == [["north"], ["south"]] && ofEach[1].count == 5)
    }

    @Test("a training goes on whatever others wrote into the store, and says how many rows it left out")
    func training() async throws {
        let harness = ServiceHarness(rows: 0)
        harness.now.withLock { $0 = Self.now }
        _ = try harness.store.record(Self.flats(60) + (0..<14).map(Self.poison))
        let service = harness.service { $0.rules.newRowsMin = 10 }
        guard case .retrained(let model) = await service.train(.window(1)) else {
            Issue.record("not retrained")
            return
        }
        #expect(model.rows == 50 && model.rowsLeftOut == 14 && model.levels == ["north", "south"])
        // Rows that cannot be used are no new rows either.
        _ = try harness.store.record((14..<40).map(Self.poison))
        #expect(await service.train(.window(2)).answer?["reason"] == "not_enough_new_rows")
    }
}
