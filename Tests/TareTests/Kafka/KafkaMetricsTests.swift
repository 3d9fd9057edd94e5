import EventProcessing
import Foundation
import Testing

@testable import Tare

@Suite("GET /metrics of a companion on Kafka", .timeLimit(.minutes(40)))
struct KafkaMetricsTests {
    private static func scrape(_ port: String) throws -> (text: String, metrics: ScrapedMetrics) {
        let answer = try KeptConnection(port: try #require(UInt16(port))).send(
            "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
        return (answer.text, ScrapedMetrics(answer.text))
    }

    @Test("it tells how far each role is on each partition, and whether the cluster answers")
    func partitions() throws {
        let cluster = try KafkaTestCluster(partitions: 2)
        defer { cluster.end() }
        let factory = KafkaFactory(count: 200)
        let tare = try TareProcess(cluster.options(roles: "join") + ["--metrics-port", "0"])
        defer { tare.end() }
        #expect(tare.says("metrics at"))
        let port = String(
            try #require(tare.errorsSoFar.firstMatch(of: /127\.0\.0\.1:(\d+)\/metrics/)).output.1)
        try cluster.publish(factory.predictions(to: cluster, partitions: 2))
        try cluster.publish(factory.weighings(to: cluster, partitions: 2))
        try cluster.wait(until: .join, hasDone: .prediction, .outcome)
        func label(_ topic: KafkaTestCluster.Topic, _ partition: Int) -> String {
            "{role=\"join\",topic=\"\(cluster.topic(topic))\",partition=\"\(partition)\"}"
        }
        let places = [(KafkaTestCluster.Topic.prediction, 0), (.prediction, 1), (.outcome, 0), (.outcome, 1)]
        func isDone(_ metrics: ScrapedMetrics) -> Bool {
            places.allSatisfy { metrics["tare_stream_partition_lag_records\(label($0, $1))"] == 0 }
                && metrics["tare_stream_evaluations_total"] == 200
        }
        try waitUntil { isDone(try Self.scrape(port).metrics) }
        let (text, metrics) = try Self.scrape(port)
        #expect(isDone(metrics), "\(text)")
        let offsets = places.compactMap { metrics["tare_stream_partition_offset\(label($0, $1))"] }
        #expect(offsets.count == 4 && offsets.reduce(0, +) == 400)
        #expect(metrics["tare_stream_kafka_up"] == 1 && metrics["tare_stream_kafka_absences_total"] == 0)
        if PrometheusTool.isPossible { #expect(try PrometheusTool.check(metrics: text).words == "") }
        cluster.goDown()
        try waitUntil { try Self.scrape(port).metrics["tare_stream_kafka_up"] == 0 }
        let away = try Self.scrape(port).metrics
        #expect(away["tare_stream_kafka_up"] == 0 && away["tare_stream_kafka_absences_total"] == 1)
    }
}
