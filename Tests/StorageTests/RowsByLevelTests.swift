import Documents
import ModelService
import MongoTesting
import Testing

@testable import Storage

/// What every store must know of the rows of each level.
@Suite struct RowsByLevelTests {
    private static func row(_ number: Int, _ level: String?, at milliseconds: Int64) -> Observation {
        var row = Sample.row(number)
        row.level = level
        row.timestamp = Sample.start.advanced(byMilliseconds: milliseconds)
        return row
    }

    @Test(
        "the newest rows of each level come newest first, the levels in byte order", arguments: Implementation.available
    )
    func byLevel(implementation: Implementation) throws {
        let levels = ["walleye", "Salmon", "salmon", "pike-perch 🐟", "\u{e9}", "e\u{301}", "$gt", "a\u{0}b"]
        let rows = (0..<80).map { Self.row($0, levels[$0 % 8], at: Int64($0 * 37 % 80)) }
        let newest = rows.sorted { $0.timestamp! > $1.timestamp! }
        let expected = levels.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.flatMap { level in
            newest.filter { $0.level!.utf8.elementsEqual(level.utf8) }.prefix(3)
        }
        try implementation.withStore { store throws in
            #expect(try store.newestOfEachLevel(3).isEmpty)
            _ = try store.record(rows)
            #expect(try store.newestOfEachLevel(3) == expected)
            #expect(try store.newestOfEachLevel(0).isEmpty)
            #expect(try store.newestOfEachLevel(100).count == 80)
            // Once more, with the index that the first call had made.
            #expect(try store.newestOfEachLevel(3) == expected)
        }
    }

    @Test("rows without a level are of none", arguments: Implementation.available)
    func noLevel(implementation: Implementation) throws {
        let rows = [Self.row(1, nil, at: 0), Self.row(2, "salmon", at: 1), Self.row(3, nil, at: 2)]
        try implementation.withStore { store throws in
            _ = try store.record(rows)
            #expect(try store.newestOfEachLevel(5) == [rows[1]])
        }
    }

    @Test(
        "rows of one level and one time have the order that they have among the newest",
        arguments: Implementation.available)
    func ties(implementation: Implementation) throws {
        let rows = (0..<30).map { Self.row($0, "salmon", at: 0) }
        try implementation.withStore { store throws in
            _ = try store.record(rows.reversed())
            #expect(try store.newestOfEachLevel(7) == store.newest(7))
        }
    }

    @Test(
        "of what others wrote, lists and numbers are no level, dates and texts are times alike",
        .enabled(if: MongoServer.isAvailable, "\(MongoServer.missing)"))
    func othersRows() throws {
        try MongoFixture.withDatabase { fixture in
            try fixture.shell.insert([
                ["Species": ["a", "b"], "Length": 1, "Timestamp": "2021-06-09T13:39:21.000Z"],
                ["Species": 5, "Length": 2, "Timestamp": "2021-06-09T13:39:22.000Z"],
                ["Species": "salmon", "Length": 3, "Timestamp": ["$date": "2021-06-09T13:39:23.000Z"]],
                ["Species": "salmon", "Length": 4, "Timestamp": "2021-06-09T13:39:24.000Z"],
                ["Species": "salmon", "Length": 5, "Timestamp": ["$date": "2021-06-09T13:39:25.000Z"]],
                ["Species": "walleye", "Length": 6],
            ])
            try fixture.withStore { store throws in
                let lengths = try store.newestOfEachLevel(2).map { $0.predictors[0] }
                #expect(lengths == [5, 4, 6])
            }
        }
    }
}
