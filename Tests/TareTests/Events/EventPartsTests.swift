import Documents
import HTTPServer
import ModelService
import Testing

@testable import Tare

@Suite("The events of late")
struct EventRingTests {
    private static func ring(_ count: Int, countMax: Int = 5, bytesMax: Int = 1000) -> EventRing {
        var ring = EventRing(countMax: countMax, bytesMax: bytesMax)
        for number in 0..<count { ring.append("observed", .document(Array("{\(number)}".utf8))) }
        return ring
    }

    @Test(
        "are told behind a number, with how many of them are gone",
        arguments: [
            (0, 3, [1, 2, 3], 0), (2, 3, [3], 0), (3, 3, [], 0), (0, 9, [5, 6, 7, 8, 9], 4), (6, 9, [7, 8, 9], 0),
            (0, 0, [], 0), (3, 500, [496, 497, 498, 499, 500], 492),
        ] as [(Int, Int, [Int], Int)])
    func after(_ number: Int, _ count: Int, _ told: [Int], _ missed: Int) {
        let found = Self.ring(count).events(after: number)
        #expect(found.events.map(\.number) == told)
        #expect(found.missed == missed)
    }

    @Test("are bounded in bytes too, and one that is too large is not kept at all")
    func bytes() {
        var ring = Self.ring(6, countMax: 100, bytesMax: 9)
        #expect(ring.events(after: 0).events.map(\.number) == [4, 5, 6])
        ring.append("observed", .document([UInt8](repeating: 0, count: 10)))
        #expect(ring.events(after: 0).events.isEmpty)
        #expect(ring.events(after: 0).missed == 7)
    }

    @Test("are the last ones of rows that come together and are more than find room")
    func rows() {
        var ring = Self.ring(1)
        let rows = (1...7).map {
            Observation(identifier: "\($0)", level: nil, predictors: [], actual: nil, timestamp: nil)
        }
        ring.append(rows, at: Timestamp(milliseconds: 0))
        let found = ring.events(after: 0)
        #expect(found.events.map(\.number) == [6, 7, 8] && found.missed == 5)
        #expect(ring.last == 8)
    }

    @Test("go some at a time where rows that came together are too many, and never more than is asked")
    func lots() {
        let rows = (1...1000).map {
            Observation(identifier: "\($0)", level: nil, predictors: [], actual: nil, timestamp: nil)
        }
        var ring = EventRing(countMax: 1100, bytesMax: 1_000_000)
        for _ in 0..<3 { ring.append(rows, at: Timestamp(milliseconds: 0)) }
        let (events, missed) = ring.events(after: 10)
        #expect(events.map(\.number) == Array(missed + 11...3000))
        #expect((1000...1100).contains(events.count))
        #expect(events.allSatisfy { identifier($0) == "\(($0.number - 1) % 1000 + 1)" })
        #expect(ring.events(after: 2999).events.map(\.number) == [3000])
    }

    private func identifier(_ event: EventRing.Entry) -> String? {
        let document = try? JSON(parsing: event.bytes(.fish))
        return document?["row"]?["Fish_Id"]?.text
    }

    @Test("that are only counted are missed by whoever asks for them")
    func skipped() {
        var ring = Self.ring(2)
        ring.skip(10)
        ring.append("observed", .document([]))
        let found = ring.events(after: 1)
        #expect(found.events.map(\.number) == [13])
        #expect(found.missed == 11)
    }
}

@Suite("The name of an event")
struct EventIDTests {
    @Test("is read as it was written", arguments: ["lq3k9z2f-17", "0-0", "a-9000000"])
    func read(text: String) { #expect(EventID(text)?.description == text) }

    @Test(
        "is refused where no server wrote it",
        arguments: ["", "-", "17", "a-", "-1", "a-b", "a--1", "a-1-2", "A-1", "ä-1", "a b-1", "a-99999999999999999999"])
    func refused(text: String) { #expect(EventID(text) == nil) }
}

@Suite("A page of the rows that are stored")
struct HistoryPageTests {
    /// Reads a page after the other, as a client does that follows the links.
    private static func pages(_ times: [Int64], limit: Int) throws -> [[Int64]] {
        let rows = times.sorted(by: >).map {
            Observation(level: nil, predictors: [], actual: nil, timestamp: Timestamp(milliseconds: $0))
        }
        var pages: [[Int64]] = []
        var before: Timestamp?
        repeat {
            let page = try HistoryPage(before: before, limit: limit) { count, time throws(StoreError) in
                Array(rows.filter { row in time.map { row.timestamp ?? $0 < $0 } ?? true }.prefix(count))
            }
            pages.append(page.rows.compactMap { $0.timestamp?.milliseconds })
            before = page.next
        } while before != nil && pages.count < 100
        return pages
    }

    @Test(
        "ends between two times, so that following pages tell each row once",
        arguments: [
            ([1, 2, 3, 4, 5], 2, [[5, 4], [3, 2], [1]]), ([], 2, [[]]), ([1, 2], 2, [[2, 1]]),
            ([1, 2, 2, 3], 2, [[3], [2, 2], [1]]),
            ([1, 2, 2, 2, 2, 2, 2, 2, 3], 2, [[3], [2, 2, 2, 2, 2, 2, 2], [1]]),
            ([7, 7, 7], 1, [[7, 7, 7]]),
        ] as [([Int64], Int, [[Int64]])])
    func pages(times: [Int64], limit: Int, expected: [[Int64]]) throws {
        #expect(try Self.pages(times, limit: limit) == expected)
    }

    @Test("leaves out rows without a time, which come last")
    func withoutTime() throws {
        let row = Observation(level: nil, predictors: [], actual: nil, timestamp: nil)
        let page = try HistoryPage(before: nil, limit: 2) { count, _ in Array([row, row, row, row].prefix(count)) }
        #expect(page.rows.isEmpty)
        #expect(page.next == nil)
    }
}
