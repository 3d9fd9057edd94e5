import Documents
import Testing

@testable import EventProcessing
@testable import Streaming

@Suite("Partitions as one sequence")
struct InputMergeTests {
    private let left = TopicPartition("left", 0)
    private let right = TopicPartition("right", 0)

    private func record(_ source: TopicPartition, _ offset: Int64, at time: Int64) -> Record {
        Record(
            topic: source.topic, partition: source.partition, offset: offset, time: Timestamp(milliseconds: time),
            key: nil, value: nil)
    }

    private func merge(leftDone: Int64 = 0, rightDone: Int64 = 0) -> InputMerge {
        InputMerge([
            PartitionStart(source: left, offset: 0, done: leftDone),
            PartitionStart(source: right, offset: 0, done: rightDone),
        ])
    }

    private func times(_ merge: inout InputMerge) -> [Int64] {
        var times: [Int64] = []
        while let next = merge.next() { times.append(next.record.time.milliseconds) }
        return times
    }

    @Test("the earliest head is next, each partition stays in its own order, and the first partition wins a tie")
    func order() {
        var merge = merge()
        for (offset, time) in [5, 1, 9].enumerated() {
            merge.append(record(left, Int64(offset), at: Int64(time)), from: left)
        }
        for (offset, time) in [4, 6, 9].enumerated() {
            merge.append(record(right, Int64(offset), at: Int64(time)), from: right)
        }
        // To look ahead takes nothing away.
        #expect(merge.upcoming(3).map(\.time.milliseconds) == [4, 5, 1])
        #expect(merge.upcoming(100).count == 5)
        #expect(times(&merge) == [4, 5, 1, 6, 9])
        #expect(merge.isBlocked, "what the left brings next is not known")
    }

    @Test("an empty partition is passed only as far as it is cleared, and only at its end")
    func cleared() {
        var merge = merge()
        for offset in 0..<4 { merge.append(record(left, Int64(offset), at: Int64(offset) * 10), from: left) }
        #expect(merge.next() == nil)
        merge.clear(to: 15, ends: [right: 1])
        #expect(merge.next() == nil, "the right's first record has not been read")
        merge.reachEnd(right, at: 1)
        merge.clear(to: 15, ends: [right: 1])
        #expect(times(&merge) == [0, 10])
        merge.clear(to: nil, ends: [right: 1])
        #expect(times(&merge) == [20, 30])
        merge.append(record(left, 4, at: 40), from: left)
        #expect(merge.next() == nil, "it came after the right was cleared")
    }

    @Test("a single partition waits for nothing, unless it is gated")
    func single() {
        var merge = InputMerge([PartitionStart(source: left, offset: 0, done: 0)])
        merge.append(record(left, 0, at: 5), from: left)
        #expect(times(&merge) == [5])
        var gated = InputMerge([PartitionStart(source: left, offset: 0, done: 0)], isGated: true)
        gated.append(record(left, 0, at: 5), from: left)
        #expect(gated.isBlocked)
        gated.clear(to: 4, ends: [:])
        #expect(gated.next() == nil)
        gated.clear(to: 5, ends: [:])
        #expect(times(&gated) == [5])
    }

    @Test("what has had its effects comes first, whatever its time, so that the state is whole")
    func restored() {
        var merge = merge(leftDone: 2, rightDone: 1)
        merge.append(record(right, 0, at: 7), from: right)
        merge.append(record(right, 1, at: 1), from: right)
        #expect(merge.next() == nil, "the left has still to be read")
        for (offset, time) in [5, 9, 10].enumerated() {
            merge.append(record(left, Int64(offset), at: Int64(time)), from: left)
        }
        var seen: [(Int64, Bool)] = []
        while let next = merge.next() { seen.append((next.record.time.milliseconds, next.isRestored)) }
        #expect(seen.map(\.0) == [5, 7, 9, 1])
        #expect(seen.map(\.1) == [true, true, true, false])
    }

    @Test("what has been handed out reaches over offsets that hold no record, and not over what waits")
    func passed() {
        var merge = merge()
        #expect(merge.passed(left) == 0)
        merge.append(record(left, 3, at: 1), from: left)
        #expect(merge.passed(left) == 3)
        merge.reachEnd(left, at: 6)
        #expect(merge.passed(left) == 3)
        merge.reachEnd(right, at: 2)
        merge.clear(to: nil, ends: [right: 2])
        #expect(times(&merge) == [1])
        #expect(merge.passed(left) == 6 && merge.passed(right) == 2)
        #expect(merge.positions == [left: 6, right: 2])
    }

    @Test("a log that ends before what was done holds nothing up")
    func shortLog() {
        var merge = merge(leftDone: 5)
        merge.append(record(right, 0, at: 1), from: right)
        merge.reachEnd(left, at: 3)
        merge.clear(to: nil, ends: [left: 3])
        #expect(times(&merge) == [1])
    }
}
