import Documents
import Foundation
import Testing

@testable import EventProcessing

@Suite(
    "What real engines answered, through Kafka", .serialized,
    .enabled(if: Capture.isThere, "../shared/data/kafka is not there"))
struct KafkaCaptureTests {
    private func expect(_ topic: KafkaTestCluster.Topic, of cluster: KafkaTestCluster, toBe file: String) throws {
        let found = try cluster.records(topic).map { Capture.Record($0) }
        let wanted = try Capture.records(file)
        #expect(found.count == wanted.count)
        let different = zip(found, wanted).first { $0 != $1 }
        #expect(different == nil, "\(file): \(String(describing: different))")
    }

    @Test("the live run gives the captured evaluations and triggers")
    func liveRun() throws {
        let cluster = try KafkaTestCluster()
        defer { cluster.end() }
        for (topic, file) in [(KafkaTestCluster.Topic.prediction, "weight-prediction"), (.outcome, "machine-weight")] {
            try cluster.publish(Capture.records("run/\(file)").map { $0.outgoing(cluster.topic(topic)) })
        }
        let tare = try TareProcess(cluster.options(roles: "join,window"))
        defer { tare.end() }
        try cluster.wait(until: .join, hasDone: .prediction, .outcome)
        try cluster.wait(until: .window, hasDone: .evaluation)
        tare.send(SIGTERM)
        #expect(tare.finish().status == 0)
        try expect(.evaluation, of: cluster, toBe: "run/weight-diff")
        try expect(.trigger, of: cluster, toBe: "run/weight-retrain")
    }

    /// The outcome depends on the order in which the two topics are read, so each record waits for those before it.
    @Test(
        "a scenario of hard input gives the engine's records",
        arguments: ["recipe-manual"]
            + (Capture.isLong
                ? [
                    "blog-join", "blog-random", "blog-steady", "blog-window", "recipe-join", "recipe-random",
                    "recipe-window",
                ] : []))
    func scenario(_ name: String) throws {
        let cluster = try KafkaTestCluster()
        defer { cluster.end() }
        let preset = name.hasPrefix("blog") ? "blog" : "recipe"
        let tare = try TareProcess(cluster.options(roles: "join,window", preset: preset))
        defer { tare.end() }
        let records = try Capture.records("hard/\(name)/input")
        for run in Capture.runs(records) {
            let topic: KafkaTestCluster.Topic = run[0].topic.hasSuffix("prediction") ? .prediction : .outcome
            try cluster.publish(run.map { $0.outgoing(cluster.topic(topic)) })
            try cluster.wait(until: .join, hasDone: topic)
        }
        try cluster.wait(until: .window, hasDone: .evaluation)
        tare.send(SIGTERM)
        #expect(tare.finish().status == 0)
        try expect(.evaluation, of: cluster, toBe: "hard/\(name)/diff")
        let every = "hard/\(name)/retrain-every-window"
        try expect(.trigger, of: cluster, toBe: Capture.has(every) ? every : "hard/\(name)/retrain")
    }
}
