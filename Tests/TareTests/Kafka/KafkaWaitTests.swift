import Documents
import Foundation
import Testing

@testable import EventProcessing
@testable import Streaming

/// The test plays the roles in front of the one that is tried: it commits for them.
@Suite("Kafka: waiting for what comes late", .serialized)
struct KafkaWaitTests {
    private func rows(
        _ fish: some Sequence<Int>, on partition: Int32, of cluster: KafkaTestCluster
    ) -> [Record] {
        fish.map { fish in
            let time = Timestamp(milliseconds: KafkaFactory.begin + Int64(fish) * 2000)
            let value =
                #"{"Key":"weight","Species":"salmon","Length":1.0,"Height":1.0,"PredictedWeight":1.0,"#
                + #""ActualWeight":2.0,"Error":0.5,"ModelTime":"2021-06-02 07:48:52","Timestamp":"\#(time)"}"#
            return Record(
                topic: cluster.topic(.evaluation), partition: partition, time: time, key: Array("\(fish)".utf8),
                value: Array(value.utf8))
        }
    }

    private func source(
        _ cluster: KafkaTestCluster, _ topic: KafkaTestCluster.Topic, _ partition: Int32 = 0
    )
        -> TopicPartition
    {
        TopicPartition(cluster.topic(topic), partition)
    }

    @Test("a partition stays readable when others come and go while thousands of its records wait")
    func paused() throws {
        let count = 10_000
        let cluster = try KafkaTestCluster(partitions: 2)
        defer { cluster.end() }
        // Predictions are still to be made, so that the weighings pile up beyond what is read ahead.
        let factory = KafkaFactory(count: 2 * count)
        try cluster.publish([factory.measurement(0, topic: cluster.topic(.measurement))])
        try cluster.commit([source(cluster, .measurement): CommittedProgress(done: 0)], as: .predict)
        try cluster.commit([source(cluster, .measurement, 1): CommittedProgress(done: 0)], as: .predict)
        try cluster.publish(factory.weighings(to: cluster, partitions: 2))
        let first = try TareProcess(cluster.options(roles: "join"))
        defer { first.end() }
        #expect(first.says("waits: the role predict"))
        let second = try TareProcess(cluster.options(roles: "join"))
        defer { second.end() }
        #expect(second.says("waits: the role predict"))
        second.send(SIGTERM)
        #expect(second.finish().status == 0)
        try cluster.publish(factory.predictions(to: cluster, partitions: 2))
        for partition in Int32(0)...1 {
            let end: Int64 = try cluster.length(.measurement, partition)
            try cluster.commit([source(cluster, .measurement, partition): CommittedProgress(done: end)], as: .predict)
        }
        try cluster.wait(until: .join, hasDone: .prediction, .outcome, within: 180)
        // What a rebalance interrupts is published again, with the same origin.
        #expect(Set(try cluster.records(.evaluation).compactMap { $0.header("source") }).count == 2 * count)
        #expect(try cluster.records(.deadLetter).isEmpty)
    }

    @Test("a topic that appears late is waited for, which is said, and no weighing passes without it")
    func lateTopic() throws {
        let cluster = try KafkaTestCluster(late: [.prediction])
        defer { cluster.end() }
        let factory = KafkaFactory(count: 400)
        try cluster.publish(factory.weighings(to: cluster))
        let tare = try TareProcess(cluster.options(roles: "join", preset: "recipe-quoted"))
        defer { tare.end() }
        #expect(tare.says("join: waits: the topic \(cluster.topic(.prediction)) does not exist yet", within: 15))
        try cluster.create(.prediction)
        try cluster.publish(factory.predictions(to: cluster, form: .number))
        #expect(tare.says("join: goes on", within: 30))
        try cluster.wait(until: .join, hasDone: .prediction, .outcome)
        #expect(try cluster.records(.evaluation).count == 400)
        #expect(try cluster.records(.deadLetter).isEmpty)
    }

    @Test(
        "a partition that an earlier role has never committed is waited for, which is said, and no row comes too late")
    func neverCommitted() throws {
        let cluster = try KafkaTestCluster(partitions: 2)
        defer { cluster.end() }
        // Fish of both partitions fall into the same windows; those of the second come when the first's are done.
        try cluster.publish(rows(stride(from: 0, to: 600, by: 2), on: 0, of: cluster))
        let factory = KafkaFactory(count: 1)
        for partition in Int32(0)...1 {
            try cluster.publish(factory.predictions(to: cluster).map { $0.on(partition) })
        }
        try cluster.commit([source(cluster, .prediction, 0): CommittedProgress(done: 1)], as: .join)
        let tare = try TareProcess(cluster.options(roles: "window"))
        defer { tare.end() }
        #expect(
            tare.says(
                "window: waits: the role join (group \(cluster.name)-join) has not begun with "
                    + "\(cluster.topic(.prediction))/1"))
        try cluster.publish(rows(stride(from: 1, to: 600, by: 2), on: 1, of: cluster))
        try cluster.commit([source(cluster, .prediction, 1): CommittedProgress(done: 1)], as: .join)
        try cluster.wait(until: .window, hasDone: .evaluation)
        tare.send(SIGTERM)
        let result = tare.finish()
        #expect(result.errors.contains("window: goes on"))
        #expect(!result.errors.contains("came too late"), "\(result.errors)")
        // 600 fish in twenty minutes; the last window stays open.
        #expect(try cluster.records(.trigger).count == 19)
    }

    @Test(
        "unread records that retention removed are told of, and what is left is done",
        .enabled(if: KafkaTestCluster.isMock, "the mock lets go of what is beyond 5 MB"))
    func retention() throws {
        let cluster = try KafkaTestCluster()
        defer { cluster.end() }
        try cluster.commit([source(cluster, .evaluation): CommittedProgress(done: 0)], as: .window)
        let padding = String(repeating: "x", count: 10_000)
        try cluster.publish(
            rows(0..<1000, on: 0, of: cluster).map { row in
                var row = row
                row.value = (row.value ?? []).dropLast() + Array(#","Padding":"\#(padding)"}"#.utf8)
                return row
            })
        let first = try #require(try cluster.records(.evaluation).first?.offset)
        #expect(first > 0)
        let tare = try TareProcess(cluster.options(roles: "window"))
        defer { tare.end() }
        #expect(
            tare.says(
                "window: up to \(first) records of \(cluster.topic(.evaluation))/0 are lost: the offsets 0 to \(first - 1)"
            ))
        try cluster.wait(until: .window, hasDone: .evaluation)
    }

    @Test(
        "records that are removed while a role waits are told of, and it reads on behind them",
        .enabled(if: KafkaTestCluster.isMock, "the mock lets go of what is beyond 5 MB"))
    func retentionMeanwhile() throws {
        let cluster = try KafkaTestCluster(partitions: 2)
        defer { cluster.end() }
        // As far ahead as a role reads is 8,000 records; then the log loses some that were not read.
        try cluster.publish(rows(0..<12_000, on: 0, of: cluster))
        let factory = KafkaFactory(count: 1)
        for partition in Int32(0)...1 {
            try cluster.publish(factory.predictions(to: cluster).map { $0.on(partition) })
        }
        try cluster.commit([source(cluster, .prediction, 0): CommittedProgress(done: 1)], as: .join)
        let tare = try TareProcess(cluster.options(roles: "window"))
        defer { tare.end() }
        #expect(tare.says("window: waits: the role join"))
        try cluster.publish(rows(12_000..<50_000, on: 0, of: cluster))
        try cluster.commit([source(cluster, .prediction, 1): CommittedProgress(done: 1)], as: .join)
        #expect(tare.says("records of \(cluster.topic(.evaluation))/0 are lost: the offsets"), "\(tare.errorsSoFar)")
        try cluster.wait(until: .window, hasDone: .evaluation)
    }
}
