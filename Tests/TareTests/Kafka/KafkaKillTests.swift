import Foundation
import Testing

@testable import EventProcessing

@Suite("Kafka: a process that dies", .serialized)
struct KafkaKillTests {
    /// `make test-kill` asks for 50.
    private static let kills = ProcessInfo.processInfo.environment["TARE_TEST_KILLS"].flatMap(Int.init) ?? 3

    /// `TARE_TEST_SEED` gives the moments of an earlier run again, as far as the machine does.
    private static let seed =
        ProcessInfo.processInfo.environment["TARE_TEST_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 0...UInt64.max)

    private func run(_ factory: KafkaFactory, detector: String, kills: Int) throws -> KafkaEnding {
        print("the kills of this run: TARE_TEST_SEED=\(Self.seed)")
        var moments = Xoshiro256(seed: Self.seed)
        let cluster = try KafkaTestCluster()
        defer { cluster.end() }
        let server = try RecordingModelServer()
        defer { server.stop() }
        for life in 0..<kills {
            try factory.publish(
                to: cluster, fish: factory.count * life / kills..<factory.count * (life + 1) / kills)
            let tare = try cluster.start(server, detector: detector)
            defer { tare.end() }
            // It dies while it works: after its first rows of this life, or while it takes its partitions over.
            let before = server.kept.rows.count
            let deadline = Date(timeIntervalSinceNow: Double.random(in: 0.2...20, using: &moments))
            while server.kept.rows.count == before, Date() < deadline { usleep(1_000) }
            usleep(UInt32.random(in: 0...50_000, using: &moments))
            tare.send(SIGKILL)
        }
        let tare = try cluster.start(server, detector: detector)
        defer { tare.end() }
        try cluster.settle(detector: detector)
        tare.send(SIGTERM)
        #expect(tare.finish().status == 0)
        return try KafkaEnding(cluster, server)
    }

    @Test(
        "a run that is killed again and again ends with the rows and triggers of an undisturbed one",
        arguments: ["window", "sequential"])
    func kill(_ detector: String) throws {
        let factory = KafkaFactory(count: 600)
        let undisturbed = try KafkaTestCluster.undisturbed(factory, detector: detector)
        #expect(undisturbed.kept.rows.count == 600)
        #expect(undisturbed.kept.triggers.count >= 6)
        #expect(undisturbed.kept.contradictions.isEmpty)
        let differences = try run(factory, detector: detector, kills: Self.kills).differences(from: undisturbed)
        #expect(differences == [], "TARE_TEST_SEED=\(Self.seed)")
    }
}
