import Documents
import ModelService
import MongoTesting
import SeededTesting
import Testing

@testable import Storage

/// What every store must tell of the rows that it is given, and of those that come behind a place.
@Suite struct StorePlaceTests {
    /// The same fish, weighed otherwise.
    private static func weighedAgain(_ number: Int) -> Observation {
        var row = Sample.row(number)
        row.actual = 77
        return row
    }

    @Test(
        "each row is told to be new, repeated, or in conflict with the one that is there and stays",
        arguments: Implementation.available)
    func outcomes(implementation: Implementation) throws {
        try implementation.withStore { store throws in
            let first = try store.record(Sample.rows([1, 2]))
            #expect(first.rows == [.new, .new])
            let second = try store.record(
                [
                    Sample.row(3), Sample.row(1), Self.weighedAgain(2), Self.weighedAgain(4), Sample.row(4),
                    Sample.row(3),
                ])
            let kept = Recorded.Row.conflicting(kept: Sample.row(2))
            #expect(
                second.rows == [.new, .repeated, kept, .new, .conflicting(kept: Self.weighedAgain(4)), .repeated])
            #expect(try store.newest(9) == [Self.weighedAgain(4)] + Sample.rows([3, 2, 1]))
        }
    }

    @Test(
        "a row that was predicted again is no conflict; another species or length is one",
        arguments: Implementation.available)
    func measured(implementation: Implementation) throws {
        var (predicted, relabelled, longer) = (Sample.row(1), Sample.row(1), Sample.row(1))
        predicted.predicted = 9
        predicted.error = 0.5
        predicted.modelTime = "2026-01-01 00:00:00"
        relabelled.level = "pike"
        longer.predictors[0] = 99
        try implementation.withStore { store throws in
            _ = try store.record(Sample.rows([1]))
            let kept = Recorded.Row.conflicting(kept: Sample.row(1))
            #expect(try store.record([predicted, relabelled, longer]).rows == [.repeated, kept, kept])
        }
    }

    @Test(
        "of 3,000 rows sent again with others among them, each is told for itself", arguments: Implementation.available)
    func many(implementation: Implementation) throws {
        try implementation.withStore { store throws in
            _ = try store.record(Sample.rows((0..<3000).filter { $0 % 3 == 0 }))
            let rows = (0..<3000).map { $0 % 6 == 0 ? Self.weighedAgain($0) : Sample.row($0) }
            for (number, outcome) in try store.record(rows).rows.enumerated() {
                let expected: Recorded.Row =
                    number % 3 != 0 ? .new : number % 6 != 0 ? .repeated : .conflicting(kept: Sample.row(number))
                #expect(outcome == expected, "\(number)")
            }
        }
    }

    @Test(
        "however few of the rows are new, the outcomes and the place are those of rows that come one by one",
        arguments: Implementation.available)
    func mixed(implementation: Implementation) throws {
        try implementation.withStore { store throws in
            var generator = SeededGenerator(seed: 20)
            var (kept, last): ([Int: Observation], StorePlace?) = ([:], nil)
            for _ in 0..<100 {
                let rows = (0..<Int.random(in: 1...27, using: &generator)).map { _ in
                    let number = Int.random(in: 0..<900, using: &generator)
                    return (number, Bool.random(using: &generator) ? Sample.row(number) : Self.weighedAgain(number))
                }
                let expected = rows.map { number, row in
                    guard let there = kept[number] else {
                        kept[number] = row
                        return Recorded.Row.new
                    }
                    return Recorded.Row(row, kept: there)
                }
                let recorded = try store.record(rows.map(\.1))
                #expect(recorded.rows == expected)
                guard let span = recorded.span else { continue }
                #expect(span.start == last ?? span.start)
                last = span.end
            }
            #expect(Set(try store.newest(1000).map(\.identity)) == Set(kept.values.map(\.identity)))
        }
    }

    /// All rows behind a place, page by page.
    private static func rows(_ store: any Store, after place: StorePlace, limit: Int) throws -> [Observation] {
        var (rows, place): ([Observation], StorePlace) = ([], place)
        while true {
            let page = try store.rows(after: place, notAfter: nil, limit: limit)
            rows += page.rows
            guard page.isFull else { return rows }
            #expect(page.end != place)
            place = page.end
        }
    }

    @Test(
        "behind a place come the rows that are written later, each once, whatever the pages and whoever wrote them",
        arguments: Implementation.available, [1, 2, 3, 7, 100])
    func behind(implementation: Implementation, limit: Int) throws {
        try implementation.withStores { open throws in
            let (store, other) = (try open(), try open())
            #expect(try Self.rows(store, after: store.end(notAfter: nil), limit: limit).isEmpty)
            let empty = try store.end(notAfter: nil)
            _ = try store.record(Sample.rows(0..<5))
            let place = try store.end(notAfter: nil)
            #expect(try Self.rows(store, after: empty, limit: limit) == Sample.rows(0..<5))
            #expect(try Self.rows(store, after: place, limit: limit).isEmpty)
            _ = try other.record(Sample.rows(3..<9))
            _ = try store.record(Sample.rows(8..<12))
            #expect(try Self.rows(store, after: place, limit: limit) == Sample.rows(5..<12))
        }
    }

    @Test(
        "where the store tells where new rows are, these are the rows between the places",
        arguments: Implementation.available)
    func span(implementation: Implementation) throws {
        try implementation.withStore { store throws in
            _ = try store.record(Sample.rows(0..<5))
            let before = try store.end(notAfter: nil)
            guard let span = try store.record(Sample.rows(3..<9)).span else {
                #expect(implementation == .mongo, "only MongoDB does not know in which order rows were written")
                return
            }
            #expect(span.start == before)
            #expect(try span.end == store.end(notAfter: nil))
        }
    }

    @Test(
        "a place of another store, or of more rows than there are, counts as the end",
        arguments: Implementation.available)
    func foreign(implementation: Implementation) throws {
        try implementation.withStore { store throws in
            _ = try store.record(Sample.rows(0..<5))
            let end = try store.end(notAfter: nil)
            let strange: StorePlace = if case .time = end { .sequence(2) } else { .time(Sample.start) }
            #expect(
                try store.rows(after: strange, notAfter: nil, limit: 9) == StorePage(rows: [], end: end, isFull: false))
            guard implementation != .mongo else { return }
            let beyond = try store.rows(after: .sequence(400), notAfter: nil, limit: 9)
            #expect(beyond == StorePage(rows: [], end: end, isFull: false))
        }
    }

    @Test(
        "in MongoDB a row of the year 9999 is no place to go on from, and dates and texts are in one order",
        .enabled(if: MongoServer.isAvailable, "\(MongoServer.missing)"))
    func timesInMongo() throws {
        func time(_ seconds: Int64) -> Timestamp { Sample.start.advanced(byMilliseconds: seconds * 1000) }
        func text(_ seconds: Int64) -> JSON { .string(time(seconds).description) }
        func date(_ seconds: Int64) -> JSON { ["$date": .string(time(seconds).description)] }
        let latest = time(1000)
        try MongoFixture.withDatabase { fixture in
            try fixture.shell.insert(
                [
                    text(1), date(2), text(3), date(4), date(4), text(4), text(4), text(5), "soon", .null,
                    "9999-01-01T00:00:00.000Z", ["$date": "9999-01-01T00:00:00Z"], text(6),
                ].map { ["Timestamp": $0] })
            try fixture.withStore { store throws in
                #expect(try store.end(notAfter: latest) == .time(time(6)))
                for limit in [2, 3, 5, 50] {
                    var (times, place): ([Timestamp?], StorePlace) = ([], .time(nil))
                    while true {
                        let page = try store.rows(after: place, notAfter: latest, limit: limit)
                        times += page.rows.map(\.timestamp)
                        place = page.end
                        guard page.isFull else { break }
                    }
                    let expected = [1, 2, 3, 4, 4, 4, 4, 5, 6].map { time($0) }
                    #expect(limit < 5 ? Set(times) == Set(expected) : times == expected, "pages of \(limit)")
                    #expect(place == .time(time(6)))
                }
            }
        }
    }
}
