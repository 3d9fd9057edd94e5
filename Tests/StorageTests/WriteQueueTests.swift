import Dispatch
import Foundation
import ModelService
import Specification
import Testing
import Threading

@testable import Storage

@Suite("Writers that meet in one queue")
struct WriteQueueTests {
    /// Notes batches, and keeps the first of them waiting.
    private final class Disk: Sendable {
        let gate = DispatchSemaphore(value: 0)
        private let batches = Lock<[[Int]]>([])

        func write(_ batch: [Int]) -> [Int] {
            let isFirst = batches.withLock { batches in
                batches.append(batch)
                return batches.count == 1
            }
            if isFirst { gate.wait() }
            return batch.map { -$0 }
        }

        var sizes: [Int] { batches.withLock { $0.map(\.count) } }
    }

    @Test(
        "what comes while one batch is written is the next, as far as that may be so large, and each gets its own answer",
        arguments: [(100, [1, 15]), (6, [1, 6, 6, 3])])
    func gathered(batchMax: Int, sizes: [Int]) {
        let disk = Disk()
        let queue = WriteQueue(batchMax: batchMax) { disk.write($0) }
        let answers = Lock<[Int: Int]>([:])
        let group = DispatchGroup()
        for number in 1...16 {
            let thread = Thread {
                let answer = queue.answer(to: number, size: 1)
                answers.withLock { $0[number] = answer }
                group.leave()
            }
            group.enter()
            thread.start()
            // The others come while the first one's batch is written, and not before it has begun.
            while disk.sizes.isEmpty { usleep(1000) }
        }
        while queue.count < 16 { usleep(1000) }
        disk.gate.signal()
        group.wait()
        #expect(disk.sizes == sizes)
        #expect(answers.withLock { $0 } == Dictionary(uniqueKeysWithValues: (1...16).map { ($0, -$0) }))
        #expect(queue.count == 0)
    }

    @Test("a piece of work that is larger than a batch may be is done alone")
    func large() {
        let queue = WriteQueue(batchMax: 10) { (batch: [Int]) in batch }
        #expect(queue.answer(to: 7, size: 1000) == 7)
    }

    @Test("a row that the database refuses takes no other writer's row with it, though they share a transaction")
    func refused() throws {
        try withTemporaryFolder { folder throws in
            let file = folder.appending(path: "rows.sqlite")
            let store = try openStore(.sqlite(path: file.path), specification: Sample.fish, log: { _ in })
            defer { store.close() }
            try SQLiteConnection(path: file.path, .writing).execute(
                """
                CREATE TRIGGER refusal BEFORE INSERT ON observation WHEN NEW.identity LIKE '%refused%'
                BEGIN SELECT RAISE(ABORT, 'not this one'); END
                """)
            let writer = SQLiteRowWriter(
                access: SQLiteAccess(path: file.path, log: { _ in }), specification: Sample.fish)
            defer { writer.access.close() }
            let rows = (0..<16).map { Sample.row($0, identifier: $0 == 5 ? "refused" : "\($0)") }
            let outcomes = writer.write(rows.map { .init(rows: [$0], deadline: .now + .seconds(2)) })
            for (number, outcome) in outcomes.enumerated() where number != 5 {
                #expect(try outcome.get().newCount == 1)
            }
            let error = #expect(throws: StoreError.self) { try outcomes[5].get() }
            #expect(error?.kind == .refused && error?.description.contains("not this one") == true)
            #expect(try store.newest(100).count == 15)
        }
    }
}
