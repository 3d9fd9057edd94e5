import Documents
import HTTPServer
import Metrics
import Program
import Streaming
import Threading

/// What the companion counts, from any of its threads.
final class StreamMetrics: Sendable {
    private let tally = Lock(StreamTally())

    var current: StreamTally { tally.withLock { $0 } }

    @Sendable func note(_ event: RunEvent) { tally.withLock { $0.take(event) } }
}

/// Answers `GET /metrics` on the loopback address, for a Prometheus on the same machine, and `GET /status` for `tare status`.
struct StreamMetricsServer {
    private let server: HTTPServer

    var address: String { "http://127.0.0.1:\(server.port)" }

    /// - Parameters:
    ///   - port: 0 lets the system choose.
    ///   - presence: nil where no Kafka is read.
    init(
        port: UInt16, _ metrics: StreamMetrics, presence: KafkaPresence?
    ) throws(HTTPServerError) {
        server = try HTTPServer(
            host: "127.0.0.1", port: port, threads: 1, limits: Self.limits, log: { _ in },
            refuse: { refusal, _ in Problem(refusal.status, refusal.detail).response },
            handler: { request in .now(Self.answer(request, metrics, presence)) })
    }

    func stop() { server.stop() }

    /// One Prometheus or two, and somebody who looks.
    private static var limits: HTTPLimits {
        var limits = HTTPLimits()
        (limits.connectionsMax, limits.connectionsPerAddressMax) = (16, 16)
        (limits.bodyBytesMax, limits.bufferedBytesMax) = (1024, 1 << 20)
        limits.graceSecondsMax = 1
        return limits
    }

    private static func answer(
        _ request: HTTPRequest, _ metrics: StreamMetrics, _ presence: KafkaPresence?
    ) -> HTTPResponse {
        guard ["GET", "HEAD"].contains(request.method) else {
            return Problem(
                405, "\(request.path.shortened()) does not take \(request.method.shortened()); accepted: GET, HEAD",
                headers: [HTTPField("Allow", "GET, HEAD")]
            ).response
        }
        switch request.path {
        case "/metrics":
            let families =
                StreamFamilies.all(metrics.current)
                + (presence.map { StreamFamilies.kafka(isAway: $0.isAway, $0.counts) } ?? [])
                + ProcessFamilies.all(ProcessStatistics.now)
            return HTTPResponse(
                status: 200, headers: [HTTPField("Content-Type", PrometheusText.mediaType)],
                body: PrometheusText.bytes(families))
        case "/status": return .json(200, metrics.current.document(isKafkaAway: presence?.isAway))
        default:
            return Problem(404, "there is no \(request.path.shortened()); accepted are /metrics and /status").response
        }
    }
}

extension StreamTally {
    /// What `tare status` shows.
    /// - Parameter isKafkaAway: nil where no Kafka is read.
    func document(isKafkaAway: Bool?) -> JSON {
        var members: [JSON.Member] = [
            .init("events", .integer(Int64(inputs.values.reduce(0, +)))), .init("predicted", JSON(predicted)),
            .init("evaluated", JSON(evaluated)), .init("recorded", JSON(recorded)), .init("setAside", JSON(setAside)),
            .init("pendingMeasurements", JSON(sum(\.pendingMeasurements))),
            .init("pendingOutcomes", JSON(sum(\.pendingOutcomes))),
            .init("unmatchedMeasurements", JSON(lost.measurements)), .init("unmatchedOutcomes", JSON(lost.outcomes)),
            .init("late", JSON(lost.joined + lost.judged)),
            .init("triggers", JSON(triggers.values.reduce(0, +))),
            .init("retrained", JSON(trainings["retrained"] ?? 0)),
            .init("serverAnswers", .bool(!isServerAway)),
        ]
        if let isKafkaAway { members.append(.init("kafkaAnswers", .bool(!isKafkaAway))) }
        members.append(
            .init("lag", JSON(standings.values.flatMap(\.partitions).reduce(0) { $0 + Int($1.lag) })))
        members.append(
            .init(
                "groups",
                .array(
                    errors.groups.map { group in
                        [
                            "group": .string(group.name), "rollingError": JSON(group.mean),
                            "rows": JSON(group.errors.count),
                        ]
                    })))
        return .object(members)
    }
}
