import Documents
import Foundation
import Testing

@testable import EventProcessing

@Suite("tare simulate on Kafka", .serialized, .timeLimit(.minutes(40)))
struct KafkaSimulateTests {
    @Test("the events are those of stdout, on their topics, keyed by the fish, at their own time")
    func sameEvents() throws {
        let cluster = try KafkaTestCluster(partitions: 2)
        defer { cluster.end() }
        let plan = [
            "simulate", "--speed", "max", "--plan", "salmon:300,walleye:300", "--start", "2021-06-09T06:20:00Z",
        ]
        let result = try TareProcess.run(plan + Self.options(cluster))
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.isEmpty)
        let printed = try TareProcess.run(plan).output.split(separator: "\n").map(String.init)
        let measurements = try cluster.records(.measurement)
        let weighings = try cluster.records(.outcome)
        #expect(measurements.count == 600 && weighings.count == 600)
        #expect((measurements + weighings).map(Self.text).sorted() == printed.sorted())
        #expect(Set(measurements.compactMap(\.partition)) == [0, 1])
        for message in measurements + weighings {
            let event = try JSON(parsing: Self.text(message))
            #expect(message.key.map { String(decoding: $0, as: UTF8.self) } == event["Fish_Id"]?.text)
            #expect(event["Timestamp"]?.text == "\(message.time)")
        }
    }

    @Test("what it publishes is predicted, joined and recorded by the other command")
    func roundTrip() throws {
        let cluster = try KafkaTestCluster(partitions: 2)
        defer { cluster.end() }
        let server = try RecordingModelServer()
        defer { server.stop() }
        let process = try cluster.start(server)
        defer { process.end() }
        let result = try TareProcess.run(
            ["simulate", "--speed", "max", "--plan", "salmon:100"] + Self.options(cluster))
        #expect(result.status == 0, "\(result.errors)")
        try cluster.settle()
        #expect(Set(server.kept.rows.keys).count == 100)
    }

    @Test(
        "an address without brokers, another's topic, and rows for Kafka are refused",
        arguments: [
            (["--to", "kafka://"], "accepted is kafka://HOST:PORT"), (["--to", "broker:9092"], "broker:9092"),
            (["--to", "kafka://h:1", "--output", "csv"], "--to kafka://h:1 takes events"),
            (["--to", "kafka://h:1", "--topic", "trigger=x"], "measurement=NAME and outcome=NAME"),
            (["--to", "kafka://h:1", "--kafka-property", "no.such=1"], "no.such"),
        ])
    func refused(_ arguments: [String], _ word: String) throws {
        let result = try TareProcess.run(["simulate", "--plan", "salmon:1"] + arguments)
        #expect(result.status != 0)
        #expect(result.errors.contains(word), "\(result.errors)")
    }

    @Test("while the cluster is away it waits, and a stop ends it with what that means")
    func away() throws {
        let process = try TareProcess(
            ["simulate", "--speed", "max", "--plan", "salmon:5", "--to", "kafka://127.0.0.1:1"])
        defer { process.end() }
        #expect(process.says("waiting for Kafka"))
        process.send(SIGTERM)
        let result = process.finish()
        #expect(result.status == 1)
        #expect(result.errors.contains("the last events have not arrived"), "\(result.errors)")
    }

    private static func options(_ cluster: KafkaTestCluster) -> [String] {
        [
            "--to", "kafka://\(cluster.brokers)", "--topic", "measurement=\(cluster.topic(.measurement))",
            "--topic", "outcome=\(cluster.topic(.outcome))",
        ]
    }

    private static func text(_ message: Record) -> String {
        String(decoding: message.value ?? [], as: UTF8.self)
    }
}
