import Documents
import Foundation
import ModelService
import SeededTesting
import Specification
import Testing

@testable import Storage

@Suite("The rows that a training keeps for the next")
struct RowCacheTests {
    private static func open(_ file: URL) throws -> any Store {
        try openStore(.sqlite(path: file.path), specification: Sample.fish, log: { _ in })
    }

    private static func newest(_ count: Int, of store: any Store) throws -> ObservedColumns {
        try store.newestColumns(count, Sample.fish)
    }

    /// What a store says that has kept nothing.
    private static func fresh(_ count: Int, of file: URL) throws -> ObservedColumns {
        let store = try open(file)
        defer { store.close() }
        return try newest(count, of: store)
    }

    private static func rows(_ numbers: [Int], undatedEvery: Int = .max) -> [Observation] {
        numbers.map { number in
            var row = Sample.row(number)
            if number.isMultiple(of: undatedEvery) { row.timestamp = nil }
            row.level = "level \(number / 50)"
            return row
        }
    }

    @Test(
        "are the newest rows, whoever added, changed or removed some, and in whatever order they came",
        arguments: 1...8 as ClosedRange<UInt64>)
    func same(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        try withTemporaryFolder { folder throws in
            let file = folder.appending(path: "rows.sqlite")
            let (store, other) = (try Self.open(file), try Self.open(file))
            defer {
                store.close()
                other.close()
            }
            let stranger = try SQLiteConnection(path: file.path, .writing)
            for step in 0..<120 {
                // Mostly near the newest.
                let numbers = (0..<random.next(40)).map { _ in
                    random.next(20) == 0 ? random.next(4000) : 30 * step + random.next(60)
                }
                switch random.next(12) {
                case 0: _ = try other.record(Self.rows(numbers))
                case 1: try stranger.execute("DELETE FROM observation WHERE sequence % 17 = \(random.next(17))")
                case 2:
                    let last = "(SELECT MAX(sequence) FROM observation)"
                    try stranger.execute("DELETE FROM observation WHERE sequence = \(last)")
                case 3: try stranger.execute("UPDATE observation SET timestamp = timestamp + 1 WHERE sequence % 29 = 0")
                case 4: break
                default: _ = try store.record(Self.rows(numbers, undatedEvery: 61))
                }
                let count = [50, 200, 200, 200, 1000][random.next(5)]
                let (read, expected) = (try Self.newest(count, of: store), try Self.fresh(count, of: file))
                #expect(read.isSame(as: expected), "seed \(seed), step \(step), \(count) rows")
            }
        }
    }

    @Test("serve until another process writes, for as many rows and no more, and not for ever")
    func start() throws {
        var columns = ObservedColumns.Builder(Sample.fish)
        for row in Sample.rows(0..<10) { columns.append(row) }
        var cache = RowCache(columns, countMax: 100, end: 10, version: 3)
        #expect(cache.start(of: 100, end: 12, version: 3) == 10)
        #expect(cache.start(of: 7, end: 10, version: 3) == 10)
        #expect(cache.start(of: 101, end: 12, version: 3) == nil)
        #expect(cache.start(of: 100, end: 12, version: 4) == nil)
        #expect(cache.start(of: 100, end: 9, version: 3) == nil)
        #expect(cache.start(of: 100, end: 111, version: 3) == nil)
        for number in 0..<RowCache.additionsMax {
            cache.add(upTo: 11 + Int64(number)) { $0.append(Sample.row(10 + number)) }
        }
        #expect(cache.start(of: 100, end: 100, version: 3) == nil)
    }
}

extension SeededGenerator {
    fileprivate mutating func next(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }
}
