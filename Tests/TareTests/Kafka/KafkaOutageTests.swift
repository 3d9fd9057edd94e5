import Foundation
import Testing

@testable import Streaming

@Suite("Kafka: away, or asked wrongly", .serialized)
struct KafkaOutageTests {
    private func wait(for text: String, in process: TareProcess, within seconds: Double = 30) -> Bool {
        let deadline = Date(timeIntervalSinceNow: seconds)
        while Date() < deadline {
            if process.errorsSoFar.contains(text) { return true }
            usleep(20_000)
        }
        return false
    }

    private func count(_ text: String, in errors: String) -> Int {
        errors.split(separator: "\n").count { $0.hasPrefix(text) }
    }

    @Test(
        "brokers that are away at the start and later are waited for; each is said once, and so is their return",
        .enabled(if: KafkaTestCluster.isMock, "a real broker is not taken away"))
    func away() throws {
        let cluster = try KafkaTestCluster()
        defer { cluster.end() }
        let server = try RecordingModelServer()
        defer { server.stop() }
        let factory = KafkaFactory(count: 60)
        try factory.publish(to: cluster, fish: 0..<30)
        cluster.goDown()
        let tare = try cluster.start(server)
        defer { tare.end() }
        #expect(wait(for: "waiting for Kafka", in: tare))
        cluster.comeUp()
        #expect(wait(for: "Kafka is back", in: tare))
        try cluster.settle()
        #expect(server.kept.rows.count == 30)
        cluster.goDown()
        let deadline = Date(timeIntervalSinceNow: 30)
        while count("waiting for Kafka", in: tare.errorsSoFar) < 2, Date() < deadline { usleep(20_000) }
        cluster.comeUp()
        try factory.publish(to: cluster, fish: 30..<60)
        try cluster.settle()
        tare.send(SIGTERM)
        let result = tare.finish()
        #expect(result.status == 0)
        #expect(server.kept.rows.count == 60)
        #expect(count("waiting for Kafka", in: result.errors) == 2)
        #expect(count("Kafka is back", in: result.errors) == 2)
    }

    @Test("a stop signal ends a run whose brokers are away, with status 0")
    func stopWhileAway() throws {
        // Nobody listens on the port 1 of this machine.
        let tare = try TareProcess(["stream", "--source", "kafka://127.0.0.1:1", "--roles", "join"])
        defer { tare.end() }
        #expect(wait(for: "waiting for Kafka", in: tare))
        tare.send(SIGTERM)
        #expect(tare.finish().status == 0)
    }

    @Test("options that are not understood are refused with what is accepted")
    func options() throws {
        for (options, said) in [
            (["--kafka-property", "novalue"], "accepted is name=value"), (["--topic", "fish=x"], "outcome=NAME"),
            (["--kafka-properties", "/nowhere/p"], "/nowhere/p cannot be read"), (["--speed", "2"], "--speed"),
        ] {
            let result = try TareProcess.run(["stream", "--source", "kafka://127.0.0.1:1"] + options)
            #expect(result.status == 64)
            #expect(result.errors.contains(said), "\(result.errors)")
        }
    }
}
