import Foundation
import Testing

@Suite("Kafka: away, or asked wrongly", .serialized)
struct KafkaOutageTests {
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
        #expect(tare.says("waiting for Kafka"))
        cluster.comeUp()
        #expect(tare.says("Kafka is back"))
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

    /// Seconds until the words stand on stderr once more.
    private func secondsUntil(_ words: String, stands times: Int, in process: TareProcess) -> Double {
        let begin = Date()
        while count(words, in: process.errorsSoFar) < times, -begin.timeIntervalSinceNow < 60 { usleep(10_000) }
        return -begin.timeIntervalSinceNow
    }

    @Test(
        "an outage while events flow is said within seconds, once, and a stop during it ends within seconds",
        .enabled(if: KafkaTestCluster.isMock, "a real broker is not taken away"))
    func underLoad() throws {
        let cluster = try KafkaTestCluster(partitions: 2)
        defer { cluster.end() }
        let server = try RecordingModelServer()
        defer { server.stop() }
        let factory = KafkaFactory(count: 20_000)
        try factory.publish(to: cluster)
        let tare = try cluster.start(server)
        defer { tare.end() }
        try server.wait(forRows: 500)
        cluster.goDown()
        #expect(secondsUntil("waiting for Kafka", stands: 1, in: tare) < 10)
        cluster.comeUp()
        #expect(secondsUntil("Kafka is back", stands: 1, in: tare) < 10)
        try server.wait(forRows: server.kept.rows.count + 500)
        cluster.goDown()
        #expect(secondsUntil("waiting for Kafka", stands: 2, in: tare) < 10)
        let stop = Date()
        tare.send(SIGTERM)
        let result = tare.finish()
        // The compose file grants 20 seconds.
        #expect(-stop.timeIntervalSinceNow < 15)
        #expect(result.status == 0, "\(result.errors)")
        #expect(count("waiting for Kafka", in: result.errors) == 2, "\(result.errors)")
        #expect(count("Kafka is back", in: result.errors) == 1, "\(result.errors)")
    }

    @Test("a stop signal ends a run whose brokers are away, with status 0")
    func stopWhileAway() throws {
        // Nobody listens on the port 1 of this machine.
        let tare = try TareProcess(["stream", "--source", "kafka://127.0.0.1:1", "--roles", "join"])
        defer { tare.end() }
        #expect(tare.says("waiting for Kafka"))
        tare.send(SIGTERM)
        #expect(tare.finish().status == 0)
    }

    @Test(
        "a listener that takes the connection and does not speak Kafka in plain text is told to be one that may want TLS"
    )
    func otherListener() throws {
        let server = try RecordingModelServer()
        defer { server.stop() }
        let address = server.url.replacing("http", with: "kafka")
        let tare = try TareProcess(["stream", "--source", address, "--roles", "join"])
        defer { tare.end() }
        #expect(tare.says("add --kafka-property security.protocol=SSL"), "\(tare.errorsSoFar)")
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
