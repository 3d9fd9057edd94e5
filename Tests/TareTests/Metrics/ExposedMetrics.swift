import Metrics
import Streaming

@testable import Companion
@testable import Tare

/// What server and companion tell of themselves, those without a sample too.
enum ExposedMetrics {
    static func text() async throws -> String {
        let ofStream = StreamFamilies.all(StreamTally()) + StreamFamilies.kafka(isAway: false, KafkaPresence.Counts())
        return try await RouteHarness().send("GET", "/metrics").text
            + String(decoding: PrometheusText.bytes(ofStream), as: UTF8.self)
    }

    static func names() async throws -> Set<String> {
        Set(
            try await text().split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }
                .map { String($0.split(separator: " ")[2]) })
    }
}
