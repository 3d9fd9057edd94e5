import Documents
import Foundation
import Testing

@testable import EventProcessing
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
            case .nothing: if wakes { consumer.wakeFetching(except: [], isQuiet: false) }
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
            try cluster.publish([record(cluster.topic(.outcome), number)])
        }
        let left = try read(count, of: cluster, wakes: false)
        let woken = try read(count, of: cluster, wakes: true)
        #expect(woken < left)
    }

    @Test("a record has its headers, but of a topic of which nobody asks for them")
    func headers() throws {
        let cluster = try KafkaTestCluster()
        defer { cluster.end() }
        let (bare, headed) = (cluster.topic(.outcome), cluster.topic(.prediction))
        let header = Record.Header("source", "t/0/1")
        for topic in [bare, headed] {
            var record = record(topic, 1)
            record.headers = [header]
            try cluster.publish([record])
        }
        let consumer = try cluster.consumer(topicsWithoutHeaders: [bare])
        consumer.assign([bare, headed].map { PartitionOffset(TopicPartition($0, 0), offset: nil) })
        var received: [String: [Record.Header]] = [:]
        let begin = ContinuousClock.now
        while received.count < 2, ContinuousClock.now - begin < .seconds(60) {
            if case .record(let record, let source) = try consumer.poll(waiting: 10) {
                received[source.topic] = record.headers
            }
        }
        #expect(received == [bare: [], headed: [header]])
    }

    private func record(_ topic: String, _ number: Int) -> Record {
        Record(
            topic: topic, partition: 0, time: Timestamp(milliseconds: 1_623_240_000_000), key: Array("\(number)".utf8),
            value: Array("{}".utf8))
    }

    /// Fills the queue with one partition and pauses that, and then waits for a record of another that had ended.
    /// - Returns: how long that took, of some times.
    private func waitBesidePaused(_ cluster: KafkaTestCluster, wakes: Bool) throws -> Duration {
        let (full, other) = (TopicPartition(cluster.topic(.outcome), 0), TopicPartition(cluster.topic(.prediction), 0))
        var waited = Duration.zero
        for number in 0..<4 {
            let consumer = try cluster.consumer([("queued.min.messages", "1")])
            consumer.assign([PartitionOffset(full, offset: nil), PartitionOffset(other, offset: nil)])
            var (hasRead, hasEnded, hasCome) = (false, false, false)
            while !(hasRead && hasEnded) {
                switch try consumer.poll(waiting: 10) {
                case .record(_, let source): hasRead = hasRead || source == full
                case .end(let source, _): hasEnded = hasEnded || source == other
                case .nothing: consumer.wakeFetching(except: [], isQuiet: false)
                case .removed: break
                }
            }
            // For as long as the queue is full nothing is fetched.
            usleep(150_000)
            consumer.setPaused(true, [full])
            try cluster.publish([record(other.topic, number)])
            let begin = ContinuousClock.now
            while !hasCome, ContinuousClock.now - begin < .seconds(30) {
                switch try consumer.poll(waiting: 10) {
                case .record(_, let source): hasCome = source == other
                case .nothing: if wakes { consumer.wakeFetching(except: [full], isQuiet: false) }
                case .end, .removed: break
                }
            }
            #expect(hasCome)
            waited += ContinuousClock.now - begin
        }
        return waited
    }

    @Test("where a partition that is paused had filled the queue, another that had ended is read on without a wait")
    func besidePaused() throws {
        let cluster = try KafkaTestCluster()
        defer { cluster.end() }
        for _ in 0..<20 { try cluster.publish((0..<50).map { record(cluster.topic(.outcome), $0) }) }
        let left = try waitBesidePaused(cluster, wakes: false)
        let woken = try waitBesidePaused(cluster, wakes: true)
        #expect(woken * 2 < left)
    }
}
