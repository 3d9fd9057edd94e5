import Documents
import Foundation

@testable import EventProcessing
@testable import Streaming

/// A cluster for one test: librdkafka's mock in a process of its own, or the broker that `TARE_TEST_KAFKA` names. Topics
/// and groups have names of their own, so that a real broker can serve many tests.
final class KafkaTestCluster {
    enum Topic: String, CaseIterable {
        case measurement, prediction, outcome, evaluation, trigger
        case deadLetter = "dead-letter"
    }

    let brokers: String
    let name = "tare-test-\(UUID().uuidString.prefix(8))"
    private let process: Process?
    private let input = Pipe()
    private var producer: KafkaProducer?
    private var watchers: [Roles: KafkaConsumer] = [:]

    private let partitions: Int

    /// - Parameter late: topics that do not exist before `create`.
    init(partitions: Int = 1, late: Set<Topic> = []) throws {
        self.partitions = partitions
        if let brokers = ProcessInfo.processInfo.environment["TARE_TEST_KAFKA"] {
            (self.brokers, process) = (brokers, nil)
            for topic in Topic.allCases where !late.contains(topic) { try create(topic) }
            return
        }
        let process = Process()
        let output = Pipe()
        let name = name
        process.executableURL = TareProcess.path.deletingLastPathComponent().appending(path: "KafkaBroker")
        process.arguments =
            ["1"]
            + Topic.allCases.map { "\(name)-\($0.rawValue):\(partitions)\(late.contains($0) ? ":late" : "")" }
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        self.process = process
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        brokers = line.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !brokers.isEmpty else { throw KafkaError("the broker does not start") }
    }

    /// Only the mock can be taken away.
    static let isMock = ProcessInfo.processInfo.environment["TARE_TEST_KAFKA"] == nil

    /// On a real broker through its admin API, because what it makes by itself has as many partitions as it likes.
    func create(_ topic: Topic) throws {
        guard process == nil else {
            return input.fileHandleForWriting.write(Data("show \(self.topic(topic))\n".utf8))
        }
        let producer = try self.producer ?? KafkaProducer(cluster)
        self.producer = producer
        try producer.client.createTopic(self.topic(topic), partitions: partitions)
    }

    func goDown() { input.fileHandleForWriting.write(Data("down\n".utf8)) }

    func comeUp() { input.fileHandleForWriting.write(Data("up\n".utf8)) }

    func end() {
        try? input.fileHandleForWriting.close()
        process?.waitUntilExit()
    }

    func topic(_ topic: Topic) -> String { "\(name)-\(topic.rawValue)" }

    /// The options with which `tare stream` reads and writes this cluster.
    func options(roles: String, preset: String = "blog") -> [String] {
        var options = [
            "stream", "--source", "kafka://\(brokers)", "--roles", roles, "--preset", preset, "--kafka-group", name,
        ]
        for topic in Topic.allCases { options += ["--topic", "\(topic.rawValue)=\(self.topic(topic))"] }
        return options
    }

    private var cluster: KafkaCluster {
        KafkaCluster(brokers: brokers, properties: KafkaProperties(), presence: KafkaPresence { _ in })
    }

    /// One that reads what it is assigned.
    func consumer(
        _ settings: [(name: String, value: String)] = [], topicsWithoutHeaders: [String] = []
    ) throws -> KafkaConsumer {
        try KafkaConsumer(
            cluster, group: "\(name)-reader", settings: settings, topicsWithoutHeaders: topicsWithoutHeaders)
    }

    // MARK: Records

    func publish(_ records: [Record]) throws {
        let producer = try self.producer ?? KafkaProducer(cluster)
        self.producer = producer
        for record in records {
            while try !producer.publish(record) { try producer.serve(waiting: 10) }
        }
        guard try producer.flush(waiting: 60_000) else { throw KafkaError("the broker does not take the records") }
    }

    /// All that stands on a topic now, partition by partition.
    func records(_ topic: Topic) throws -> [Record] {
        let consumer = try consumer()
        let count = try consumer.client.partitionCount(self.topic(topic)) ?? 0
        let partitions = (0..<Int32(count)).map { TopicPartition(self.topic(topic), $0) }
        consumer.assign(partitions.map { PartitionOffset($0, offset: nil) })
        var records: [Record] = []
        var ended: Set<TopicPartition> = []
        let deadline = Date(timeIntervalSinceNow: 60)
        while ended.count < partitions.count {
            guard Date() < deadline else { throw KafkaError("\(topic) cannot be read to its end") }
            switch try consumer.poll(waiting: 50) {
            case .record(let record, _): records.append(record)
            case .end(let source, _): ended.insert(source)
            case .removed(let source): throw KafkaError("\(source) loses records while it is read")
            case .nothing: consumer.wakeFetching(except: [], isQuiet: false)
            }
        }
        return records.sorted { ($0.partition ?? 0, $0.offset ?? 0) < ($1.partition ?? 0, $1.offset ?? 0) }
    }

    // MARK: Progress

    /// Waits until a role has committed the effects of all that stands on a topic.
    func wait(until role: Roles, hasDone topics: Topic..., within seconds: Double = 60) throws {
        let consumer = try watchers[role] ?? KafkaConsumer(cluster, group: "\(name)-\(role)")
        watchers[role] = consumer
        let deadline = Date(timeIntervalSinceNow: seconds)
        for topic in topics {
            while true {
                // A cluster that has just come up again, or a busy machine, may not answer one question in its time.
                let answer = Result { try hasDone(topic, consumer) }
                if case .success(true) = answer { break }
                guard Date() < deadline else {
                    throw KafkaError("\(role) has not done \(topic) in \(seconds) s; the last answer was \(answer)")
                }
                usleep(5_000)
            }
        }
    }

    /// Commits for a role as if it were played.
    func commit(_ progress: [TopicPartition: CommittedProgress], as role: Roles) throws {
        let consumer = try watchers[role] ?? KafkaConsumer(cluster, group: "\(name)-\(role)")
        watchers[role] = consumer
        try consumer.commit(progress.map { $1.committed(on: $0) })
        switch consumer.commitOutcome(waiting: 10_000) {
        case .success: break
        case .failure(let error): throw error
        case nil: throw KafkaError("the broker does not answer a commit")
        }
    }

    /// What a role has committed on each partition of a topic.
    func committed(_ topic: Topic, by role: Roles) throws -> [PartitionOffset] {
        let consumer = try watchers[role] ?? KafkaConsumer(cluster, group: "\(name)-\(role)")
        watchers[role] = consumer
        let count = try consumer.client.partitionCount(self.topic(topic)) ?? 0
        return try consumer.client.committed((0..<Int32(count)).map { TopicPartition(self.topic(topic), $0) })
    }

    /// The offset after the last record.
    func length(_ topic: Topic, _ partition: Int32) throws -> Int64 {
        let consumer = try consumer()
        return try consumer.client.bounds(TopicPartition(self.topic(topic), partition)).upperBound
    }

    private func hasDone(_ topic: Topic, _ consumer: KafkaConsumer) throws -> Bool {
        let count = try consumer.client.partitionCount(self.topic(topic)) ?? 0
        let partitions = (0..<Int32(count)).map { TopicPartition(self.topic(topic), $0) }
        return try zip(consumer.client.committed(partitions), partitions).allSatisfy { committed, partition in
            // This is what operators see as a lag of 0.
            try committed.offset ?? 0 == consumer.client.bounds(partition).upperBound
        }
    }
}
