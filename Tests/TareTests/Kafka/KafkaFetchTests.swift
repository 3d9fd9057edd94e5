import Documents
import Foundation
import Testing

@testable import Streaming

@Suite("What is fetched ahead", .timeLimit(.minutes(40)))
struct KafkaFetchTests {
    /// Reads all of a partition, with a queue of one record that has filled each time before it is asked for.
    /// - Returns: how long it took.
    private func read(_ count: Int, of cluster: KafkaTestCluster, wakes: Bool) throws -> Duration {
        let consumer = try cluster.consumer([("queued.min.messages", "1")])
        consumer.assign([PartitionOffset(TopicPartition(cluster.topic(.outcome), 0), offset: nil)])
        let begin = ContinuousClock.now
        var received = 0
        while received < count, ContinuousClock.now - begin < .seconds(120) {
            switch try consumer.poll(waiting: 10) {
            case .record:
                received += 1
                usleep(50_000)
            case .nothing: if wakes { consumer.wakeFetching(except: []) }
            case .end, .removed: break
            }
        }
        #expect(received == count)
        return ContinuousClock.now - begin
    }

    @Test("a partition whose queue was full is read on once there is room, and not a second later each time")
    func readOn() throws {
        let cluster = try KafkaTestCluster()
        defer { cluster.end() }
        let count = 12
        for number in 0..<count {
            // Each by itself, so that each fetch brings one.
            try cluster.publish([
                Record(
                    topic: cluster.topic(.outcome), partition: 0, time: Timestamp(milliseconds: 1_623_240_000_000),
                    key: Array("\(number)".utf8), value: Array("{}".utf8))
            ])
        }
        let left = try read(count, of: cluster, wakes: false)
        let woken = try read(count, of: cluster, wakes: true)
        #expect(woken < left)
    }
}
