import EventProcessing
import Testing

@testable import Streaming

@Suite("How far an earlier role has come")
struct UpstreamStageTests {
    private static func source(_ partition: Int32) -> TopicPartition { TopicPartition("fish", partition) }

    private static func stage(isOwn: Bool = false) -> UpstreamStage {
        UpstreamStage(role: .predict, group: "tare-predict", topics: ["fish"], isOwn: isOwn)
    }

    struct Partition: Sendable {
        /// Nil where nothing is committed.
        var done: Int64?
        var time: Int64?
        var log: Range<Int64>
    }

    private static func lag(_ partitions: [Partition], isOwn: Bool = false) -> UpstreamLag? {
        stage(isOwn: isOwn).lag(
            partitions.enumerated().map { number, partition in
                let source = source(Int32(number))
                let committed = partition.done.map {
                    CommittedProgress(done: $0, time: partition.time).committed(on: source)
                }
                return UpstreamStage.Partition(
                    committed: committed ?? PartitionOffset(source, offset: nil), log: partition.log)
            })
    }

    @Test("it is behind by the time of its slowest partition, and not at all where all ends are reached")
    func slowest() {
        let done = Partition(done: 9, time: 50, log: 0..<9)
        #expect(Self.lag([done, done]) == nil)
        let slow = Partition(done: 4, time: 20, log: 0..<9)
        #expect(Self.lag([done, Partition(done: 8, time: 40, log: 0..<9), slow])?.time == 20)
        #expect(Self.lag([done, slow])?.source == Self.source(1))
    }

    @Test("a log that ends in what is no record has been read when its end is the position")
    func gaps() {
        // 100 records in one committed transaction: its mark has the offset 100.
        #expect(Self.lag([Partition(done: 101, time: 99, log: 0..<101)]) == nil)
        #expect(Self.lag([Partition(done: 100, time: 99, log: 0..<101)])?.time == 99, "the end was not yet read")
        // One aborted record and its mark, and nothing else.
        #expect(Self.lag([Partition(done: 2, time: nil, log: 0..<2)]) == nil)
        // Everything was removed by retention.
        #expect(Self.lag([Partition(done: 40, time: 5, log: 40..<40)]) == nil)
    }

    @Test("a partition that was never committed is waited for, where the group has committed another")
    func neverCommitted() {
        let begun = Partition(done: 9, time: 50, log: 0..<9)
        let lag = Self.lag([begun, Partition(done: nil, log: 0..<3)])
        #expect(lag?.hasBegun == false && lag?.time == nil && lag?.source == Self.source(1))
        #expect(Self.lag([begun, Partition(done: nil, log: 0..<0)]) == nil, "there is nothing to begin with")
        #expect(Self.lag([begun, Partition(done: nil, log: 7..<7)]) == nil)
        #expect(lag?.reason == "the role predict (group tare-predict) has not begun with fish/1")
    }

    @Test("a group that has committed nothing at all is another program's role, but for the roles of this process")
    func notPlayed() {
        let unread = Partition(done: nil, log: 0..<3)
        #expect(Self.lag([unread, unread]) == nil)
        #expect(Self.lag([unread, unread], isOwn: true)?.hasBegun == false)
        #expect(Self.lag([]) == nil)
    }

    @Test("another program's commits say nothing of its progress")
    func foreign() {
        let committed = PartitionOffset(Self.source(0), offset: 3, metadata: "kafka-streams")
        #expect(Self.stage().lag([UpstreamStage.Partition(committed: committed, log: 0..<9)]) == nil)
    }
}
