import Documents
import EventProcessing
import Metrics
import Streaming
import Testing

@testable import Companion

@Suite("What the companion counts")
struct StreamTallyTests {
    private static func evaluation(_ group: String?, error: Double?, delay: Int64? = nil) -> RunEvent {
        var evaluation = Evaluation(
            identifier: "1", level: group, predictors: [], predicted: 1, actual: 1, error: error, modelTime: nil,
            timestampText: nil, time: Timestamp(milliseconds: 0))
        evaluation.labelDelay = delay
        return .evaluated(evaluation)
    }

    private static func tally(_ events: [RunEvent]) -> StreamTally {
        events.reduce(into: StreamTally()) { $0.take($1) }
    }

    private static func metrics(_ tally: StreamTally) -> ScrapedMetrics {
        ScrapedMetrics(String(decoding: PrometheusText.bytes(StreamFamilies.all(tally)), as: UTF8.self))
    }

    @Test("however many groups, facilities or partitions come, the samples stay as few")
    func bounded() {
        var standing = RunStanding(role: .join)
        standing.partitions = (0..<1000).map { .init(topic: "t", partition: $0, offset: 1, lag: 1) }
        standing.levels = (0..<1000).map { LevelStanding(level: "\($0)", state: .watching, evidence: 0) }
        let tally = Self.tally(
            (0..<1000).map { Self.evaluation("group \($0)", error: 0.1) } + [.standing(standing)])
        let values = Self.metrics(tally).values
        func count(_ prefix: String) -> Int { values.keys.count { $0.hasPrefix(prefix) } }
        #expect(count("tare_stream_rolling_error{") == 51)
        #expect(values["tare_stream_rolling_error_rows{group=\"other\"}"] == 50)
        #expect(count("tare_stream_detector_evidence_ratio{") == 50)
        #expect(count("tare_stream_partition_lag_records{") == 200)
        #expect(values.count < 800)
    }

    @Test("the rolling error of a group is the mean of its newest 50 rows that have one")
    func rollingError() throws {
        let events =
            (0..<30).map { _ in Self.evaluation("a", error: 0.5) }
            + (0..<50).map { _ in Self.evaluation("a", error: 0.1) }
            + [Self.evaluation("a", error: nil), Self.evaluation(nil, error: 0.3)]
        let metrics = Self.metrics(Self.tally(events))
        #expect(abs(try #require(metrics["tare_stream_rolling_error{group=\"a\"}"]) - 0.1) < 1e-12)
        #expect(metrics["tare_stream_rolling_error{group=\"all\"}"] == 0.3)
        #expect(metrics["tare_stream_evaluations_total"] == 82)
    }

    @Test("what a stage has lost stays counted where it counts anew, as with other partitions")
    func lost() {
        func standing(_ role: Roles, unmatched: Int, pending: Int) -> RunEvent {
            var standing = RunStanding(role: role)
            (standing.unmatchedMeasurements, standing.pendingMeasurements) = (unmatched, pending)
            return .standing(standing)
        }
        let metrics = Self.metrics(
            Self.tally([
                standing(.join, unmatched: 5, pending: 3), standing(.join, unmatched: 7, pending: 4),
                standing(.join, unmatched: 2, pending: 1), standing(.window, unmatched: 1, pending: 9),
            ]))
        #expect(metrics["tare_stream_unmatched_total{kind=\"measurement\"}"] == 10)
        #expect(metrics["tare_stream_pending{kind=\"measurement\"}"] == 10)
    }

    @Test("a verdict, a cause and a request each fall under their own label")
    func labels() {
        let drift = Drift(
            cause: .unseenLevel, period: .init(start: Timestamp(milliseconds: 0), end: Timestamp(milliseconds: 1)),
            time: Timestamp(milliseconds: 0), levels: [], firstIdentifier: nil, lastIdentifier: nil, meanError: 1,
            count: 1)
        var ofWindow = drift
        ofWindow.cause = nil
        let metrics = Self.metrics(
            Self.tally([
                .drift(drift), .drift(ofWindow), .trained(["status": "retrained"]), .trained(["status": "done"]),
                .trained([]),
                .asked(.train, .unavailable), .asked(.train, .answered), .server(isAway: true), .taken(.outcome),
                Self.evaluation("a", error: 0, delay: 10_000),
            ]))
        for name in [
            "triggers_total{cause=\"unseen\"}", "triggers_total{cause=\"window\"}",
            "trainings_total{verdict=\"retrained\"}",
            "server_requests_total{request=\"train\",outcome=\"unavailable\"}", "events_total{kind=\"outcome\"}",
            "label_delay_seconds_bucket{le=\"10\"}",
        ] { #expect(metrics["tare_stream_\(name)"] == 1, "\(name)") }
        #expect(metrics["tare_stream_trainings_total{verdict=\"other\"}"] == 2)
        #expect(metrics["tare_stream_label_delay_seconds_bucket{le=\"5\"}"] == 0)
        #expect(metrics["tare_stream_server_up"] == 0)
    }
}
