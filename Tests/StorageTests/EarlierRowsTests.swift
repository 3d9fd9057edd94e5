import Documents
import ModelService
import MongoTesting
import Testing

@testable import Storage

/// The newest rows before a time, from every store.
@Suite struct EarlierRowsTests {
    private static func time(_ number: Int, plus milliseconds: Int64 = 0) -> Timestamp {
        Timestamp(milliseconds: Sample.start.milliseconds + Int64(number) * 2000 + milliseconds)
    }

    @Test(
        "are those of earlier times, newest first, whatever the order in which they came",
        arguments: Implementation.available)
    func earlier(implementation: Implementation) throws {
        try implementation.withStore { store throws in
            _ = try store.record(Sample.rows([5, 1, 9, 3, 7, 2]))
            #expect(try store.newest(10, before: Self.time(5)) == Sample.rows([3, 2, 1]))
            #expect(try store.newest(10, before: Self.time(5, plus: 1)) == Sample.rows([5, 3, 2, 1]))
            #expect(try store.newest(2, before: Self.time(100)) == Sample.rows([9, 7]))
            #expect(try store.newest(10, before: Self.time(1)).isEmpty)
            #expect(try store.newest(0, before: Self.time(100)).isEmpty)
        }
    }

    @Test("of one time come in the order in which the newest rows come", arguments: Implementation.available)
    func ties(implementation: Implementation) throws {
        let rows = ["b", "a", "c"].map { Sample.row(4, identifier: $0) } + [Sample.row(1)]
        try implementation.withStore { store throws in
            _ = try store.record(rows)
            #expect(try store.newest(10, before: Self.time(5)) == (try store.newest(10)))
        }
    }

    @Test("are found whether others wrote their times as texts or as dates", .enabled(if: MongoServer.isAvailable))
    func kinds() throws {
        try MongoFixture.withDatabase { fixture in
            try fixture.withStore { store throws in
                _ = try store.record(Sample.rows([1, 3]))
                for number in [2, 4] {
                    let date = "{\"$date\":{\"$numberLong\":\"\(Self.time(number).milliseconds)\"}}"
                    let row = "{\"Fish_Id\":\"\(number)\",\"Species\":\"salmon\",\"Timestamp\":\(date)}"
                    try fixture.shell.run(
                        ["insert": "rows", "documents": [try JSON(parsing: row)]])
                }
                let found = try store.newest(10, before: Self.time(4))
                #expect(found.map(\.identifier) == ["3", "2", "1"])
            }
        }
    }
}
