import Foundation

@testable import EventProcessing

/// What a run on Kafka came to: what the model server keeps, and what stands on the topics.
struct KafkaEnding: Equatable {
    let kept: RecordingModelServer.Kept
    /// Each record once: repeats have equal keys and values.
    let predictions: Set<String>
    let evaluations: Set<String>
    let triggers: Set<String>

    init(_ cluster: KafkaTestCluster, _ server: RecordingModelServer) throws {
        kept = server.kept
        predictions = try Self.texts(cluster.records(.prediction))
        evaluations = try Self.texts(cluster.records(.evaluation))
        triggers = try Self.texts(cluster.records(.trigger))
    }

    /// What differs, in short.
    func differences(from other: KafkaEnding) -> [String] {
        func difference(_ name: String, _ one: some Sequence<String>, _ two: some Sequence<String>) -> [String] {
            let (one, two) = (Set(one), Set(two))
            return one.symmetricDifference(two).sorted().prefix(6).map {
                "\(name): \($0) is \(one.contains($0) ? "too much" : "missing")"
            }
        }
        return difference("row", kept.rows.values, other.kept.rows.values)
            + difference("training", kept.triggers.values, other.kept.triggers.values)
            + difference("contradiction", kept.contradictions, other.kept.contradictions)
            + difference("prediction", predictions, other.predictions)
            + difference("evaluation", evaluations, other.evaluations)
            + difference("trigger", triggers, other.triggers)
    }

    private static func texts(_ messages: [Record]) -> Set<String> {
        Set(messages.map { "\($0.key ?? []) \(String(decoding: $0.value ?? [], as: UTF8.self))" })
    }
}

extension KafkaTestCluster {
    func start(_ server: RecordingModelServer, detector: String = "window") throws -> TareProcess {
        try TareProcess(
            options(roles: "predict,join,window,record,trigger") + ["--server", server.url, "--detector", detector])
    }

    /// Waits until every role has done what is there.
    func settle(detector: String = "window") throws {
        try wait(until: .predict, hasDone: .measurement)
        try wait(until: .join, hasDone: .prediction, .outcome)
        try wait(until: .window, hasDone: .evaluation)
        try wait(until: .record, hasDone: .evaluation)
        if detector == "window" { try wait(until: .trigger, hasDone: .trigger) }
    }

    /// One process, one partition, nothing in its way.
    static func undisturbed(_ factory: KafkaFactory, detector: String = "window") throws -> KafkaEnding {
        let cluster = try KafkaTestCluster()
        defer { cluster.end() }
        let server = try RecordingModelServer()
        defer { server.stop() }
        try factory.publish(to: cluster)
        let tare = try cluster.start(server, detector: detector)
        defer { tare.end() }
        try cluster.settle(detector: detector)
        return try KafkaEnding(cluster, server)
    }
}
