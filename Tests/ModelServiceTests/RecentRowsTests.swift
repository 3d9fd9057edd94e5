import Documents
import Testing

@testable import ModelService

@Suite("The rows that were told of lately")
struct RecentRowsTests {
    private static func rows(_ numbers: some Sequence<Int>) -> [Observation] {
        numbers.map {
            Observation(
                identifier: "\($0)", level: nil, predictors: [], actual: nil, timestamp: Timestamp(milliseconds: 0))
        }
    }

    @Test("are told once, in one call and in several")
    func once() {
        var recent = RecentRows()
        #expect(recent.take(Self.rows([1, 2, 1])) == Self.rows([1, 2]))
        #expect(recent.take(Self.rows([2, 3])) == Self.rows([3]))
    }

    @Test("are two where their identifiers differ in any byte, or their times, or where one has no identifier")
    func apart() {
        var rows = Self.rows([1, 2, 3, 4])
        (rows[0].identifier, rows[1].identifier, rows[2].identifier) = ("\u{e9}", "e\u{301}", nil)
        rows.append(rows[0])
        rows[4].timestamp = Timestamp(milliseconds: 1)
        var recent = RecentRows()
        #expect(recent.take(rows).count == 5 && recent.take(rows).isEmpty)
    }

    @Test("are so many at most: the one that was told first is forgotten first")
    func bounded() {
        var recent = RecentRows(countMax: 3)
        _ = recent.take(Self.rows(1...5))
        #expect(recent.take(Self.rows([3, 4, 5])).isEmpty)
        #expect(recent.take(Self.rows([1])) == Self.rows([1]))
        #expect(recent.take(Self.rows([3])) == Self.rows([3]))
    }
}
