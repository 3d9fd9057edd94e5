import Testing

@testable import Streaming

@Suite("Where a partition begins")
struct PartitionStartTests {
    private static let source = TopicPartition("weights", 2)

    struct Case: Sendable {
        let committed: PartitionOffset
        let log: Range<Int64>
        let offset: Int64
        let done: Int64
        var fault: PartitionStart.Fault?
    }

    private static func committed(_ done: Int64, from: Int64) -> PartitionOffset {
        CommittedProgress(done: done, from: from, time: 9).committed(on: source)
    }

    static let cases = [
        Case(committed: PartitionOffset(source, offset: nil), log: 5..<9, offset: 5, done: 5),
        Case(committed: PartitionOffset(source, offset: 7), log: 5..<9, offset: 7, done: 7),
        Case(committed: committed(8, from: 6), log: 5..<9, offset: 6, done: 8),
        Case(committed: committed(9, from: 9), log: 9..<9, offset: 9, done: 9),
        Case(committed: committed(8, from: 3), log: 5..<9, offset: 5, done: 8, fault: .forgotten(3..<5)),
        Case(committed: committed(4, from: 2), log: 14..<20, offset: 14, done: 14, fault: .lost(4..<14)),
        Case(
            committed: committed(10, from: 8), log: 0..<5, offset: 0, done: 0,
            fault: .replaced(committed: 10, end: 5)),
    ]

    @Test("reading begins with what is committed, as far as the log still holds it", arguments: cases)
    func start(_ given: Case) {
        let start = PartitionStart(given.committed, in: given.log)
        #expect(start.offset == given.offset && start.done == given.done)
        #expect(start.fault == given.fault)
        #expect((start.warning == nil) == (given.fault == nil))
    }

    @Test("records that were removed unread are told of with their partition and their offsets")
    func words() {
        let start = PartitionStart(Self.committed(4, from: 2), in: 14..<20)
        #expect(
            start.warning == "up to 10 records of weights/2 are lost: the offsets 4 to 13 were removed (by the topic's "
                + "retention, or by hand) before they were read")
        #expect(start.time == 9)
    }
}
