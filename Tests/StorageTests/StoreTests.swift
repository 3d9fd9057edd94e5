import Dispatch
import Documents
import ModelService
import MongoTesting
import Testing
import Threading

@testable import Storage

/// What every store must do.
@Suite struct StoreTests {
    @Test(
        "MongoDB is among the stores that are tested", .enabled(if: MongoServer.isAvailable, "\(MongoServer.missing)"))
    func mongoIsTested() {
        #expect(Implementation.available.contains(.mongo))
    }

    @Test("an empty store answers, with no rows", arguments: Implementation.available)
    func empty(implementation: Implementation) throws {
        try implementation.withStore { store throws in
            try store.check()
            #expect(try store.newest(50).isEmpty)
            #expect(try store.record([]).newCount == 0)
        }
    }

    @Test("what was recorded is read back whole", arguments: Implementation.available)
    func whole(implementation: Implementation) throws {
        let bare = Observation(
            level: "pike-perch 🐟 \u{0} é", predictors: [-0.0, 1e300], actual: -1.5,
            timestamp: Timestamp(milliseconds: -1))
        try implementation.withStore { store throws in
            #expect(try store.record([bare, Sample.row(1)]).newCount == 2)
            #expect(try store.newest(50) == [Sample.row(1), bare])
        }
    }

    @Test(
        "a row that comes again, in the same batch or a later one, is counted once", arguments: Implementation.available
    )
    func repeats(implementation: Implementation) throws {
        try implementation.withStore { store throws in
            #expect(try store.record(Sample.rows([1, 2, 1, 1])).newCount == 2)
            #expect(try store.record(Sample.rows([2, 3, 1])).newCount == 1)
            #expect(try store.record(Sample.rows([1, 2, 3])).newCount == 0)
            #expect(try store.newest(50) == Sample.rows([3, 2, 1]))
        }
    }

    @Test("the first delivery of a row stays", arguments: Implementation.available)
    func firstStays(implementation: Implementation) throws {
        var later = Sample.row(1)
        later.predicted = 9
        try implementation.withStore { store throws in
            #expect(try store.record([Sample.row(1)]).newCount == 1)
            #expect(try store.record([later]).newCount == 0)
            #expect(try store.newest(1) == [Sample.row(1)])
        }
    }

    @Test("a row without identifier is known by its content", arguments: Implementation.available)
    func byContent(implementation: Implementation) throws {
        var first = Sample.row(1)
        first.identifier = nil
        var second = first
        second.actual = 7
        try implementation.withStore { store throws in
            #expect(try store.record([first, second, first]).newCount == 2)
            #expect(try store.record([second]).newCount == 0)
        }
    }

    @Test("identifiers that differ in one byte are different rows", arguments: Implementation.available)
    func identifiers(implementation: Implementation) throws {
        let identifiers = [
            "a", "A", "a ", "", "null", "é", "e\u{301}", "🐟", "a\u{0}b", "a\u{0}c", "\"", "\\", "$a.b",
            String(repeating: "x", count: 1024), String(repeating: "x", count: 1023) + "y",
        ]
        let rows = identifiers.map { Sample.row(1, identifier: $0) }
        try implementation.withStore { store throws in
            #expect(try store.record(rows).newCount == rows.count)
            #expect(try store.record(rows).newCount == 0)
            let read = try store.newest(50)
            // As bytes, because to Swift both spellings of é are the same text.
            #expect(
                Set(read.compactMap { $0.identifier.map { Array($0.utf8) } }) == Set(identifiers.map { Array($0.utf8) })
            )
        }
    }

    @Test("the newest rows come first, whatever the order they came in", arguments: Implementation.available)
    func newestFirst(implementation: Implementation) throws {
        try implementation.withStore { store throws in
            #expect(try store.record(Sample.rows([5, 1, 9, 3])).newCount == 4)
            #expect(try store.record(Sample.rows([4, 2, 8])).newCount == 3)
            #expect(try store.newest(3) == Sample.rows([9, 8, 5]))
            #expect(try store.newest(100) == Sample.rows([9, 8, 5, 4, 3, 2, 1]))
            #expect(try store.newest(.max).count == 7)
            #expect(try store.newest(0).isEmpty)
            #expect(try store.newest(-1).isEmpty)
        }
    }

    @Test("rows of one time have an order that does not depend on their arrival", arguments: Implementation.available)
    func ties(implementation: Implementation) throws {
        let rows = ["b", "a", "d", "c", "é", "B"].map { Sample.row(1, identifier: $0) }
        var orders: [[Observation]] = []
        for arrival in [rows, rows.reversed()] {
            try implementation.withStore { store throws in
                for row in arrival { #expect(try store.record([row]).newCount == 1) }
                orders.append(try store.newest(4))
            }
        }
        #expect(orders[0] == orders[1])
    }

    @Test("a row without a time comes after all that have one", arguments: Implementation.available)
    func undated(implementation: Implementation) throws {
        var undated = Sample.row(99)
        undated.timestamp = nil
        try implementation.withStore { store throws in
            #expect(try store.record([undated] + Sample.rows([1, 2])).newCount == 3)
            #expect(try store.newest(50) == Sample.rows([2, 1]) + [undated])
        }
    }

    @Test("a batch of 10,000 rows is written whole, and repeated without effect", arguments: Implementation.available)
    func largeBatch(implementation: Implementation) throws {
        let rows = Sample.rows(0..<10_000)
        try implementation.withStore { store throws in
            #expect(try store.record(rows).newCount == 10_000)
            #expect(try store.record(rows).newCount == 0)
            #expect(try store.newest(50) == Sample.rows((9_950..<10_000).reversed()))
        }
    }

    @Test(
        "the same 1,000 rows from eight threads and two stores at once count once each",
        arguments: Implementation.available)
    func concurrent(implementation: Implementation) throws {
        let rows = Sample.rows(0..<1000)
        try implementation.withStores { open throws in
            let stores = [try open(), try open()]
            let outcomes = Lock<[Result<Int, StoreError>]>([])
            DispatchQueue.concurrentPerform(iterations: 8) { thread in
                // Each begins somewhere else, so that every row is new to some thread and a repeat to the others.
                for part in 0..<10 {
                    let start = (part + thread) % 10 * 100
                    let outcome = Result { () throws(StoreError) in
                        try stores[thread % 2].record(Array(rows[start..<start + 100])).newCount
                    }
                    outcomes.withLock { $0.append(outcome) }
                }
            }
            let written = try outcomes.withLock { try $0.map { try $0.get() } }
            #expect(written.count == 80)
            #expect(written.reduce(0, +) == 1000)
            #expect(try stores[0].newest(2000) == rows.reversed())
        }
    }

    @Test("a store that is opened again, or beside another, has the rows", arguments: Implementation.available)
    func reopened(implementation: Implementation) throws {
        try implementation.withStores { open throws in
            let first = try open()
            #expect(try first.record(Sample.rows([1])).newCount == 1)
            let second = try open()
            #expect(try second.record(Sample.rows([1, 2])).newCount == 1)
            #expect(try first.newest(5) == Sample.rows([2, 1]))
        }
    }
}
