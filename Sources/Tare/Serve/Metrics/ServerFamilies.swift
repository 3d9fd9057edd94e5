import Documents
import HTTPServer
import Metrics
import ModelService

/// What the server tells of itself, as metrics: values in, values out.
enum ServerFamilies {
    private typealias Sample = MetricFamily.Sample

    static func http(_ counts: HTTPStatistics.Counts, held: Int, _ bounds: ServerBounds) -> [MetricFamily] {
        [
            .counter(
                "tare_http_refusals_total",
                "Requests and connections that were refused before a route saw them, by status.",
                counts.refusals.sorted { $0.key < $1.key }.map {
                    Sample([.init("status", "\($0.key)")], Double($0.value))
                }),
            .counter(
                "tare_http_closed_connections_total",
                "Connections that the server closed: idle or request or response took too long, excess had no room.",
                HTTPStatistics.Close.allCases.map {
                    Sample([.init("reason", $0.rawValue)], Double(counts.closes[$0] ?? 0))
                }),
            .counter(
                "tare_http_opened_connections_total", "Connections that were let in.",
                [Sample([], Double(counts.opened))]),
            .gauge("tare_http_connections", "Connections that are open.", Double(counts.open)),
            .gauge(
                "tare_http_connections_limit", "Connections that may be open, by --connections-max.",
                Double(bounds.connectionsMax)),
            .gauge(
                "tare_http_request_memory_bytes",
                "Memory that requests hold: bodies, what is made of them, and large answers.", Double(held)),
            .gauge(
                "tare_http_request_memory_limit_bytes", "Memory that requests may hold together.",
                Double(bounds.requestBytes)),
        ]
    }

    static func predictions(_ counts: [PredictionCount]) -> [MetricFamily] {
        [
            .counter(
                "tare_predictions_total",
                "Predictions, by the model's version and the group; groups without a name here are together under 'other'.",
                counts.map {
                    Sample([.init("version", $0.version), .init("group", $0.group)], Double($0.count))
                })
        ]
    }

    static func observations(_ tally: ObservationTally) -> [MetricFamily] {
        let results = [
            ("new", tally.new), ("repeated", tally.repeated), ("conflicting", tally.conflicting),
            ("journaled", tally.journaled), ("refused", tally.refused),
        ]
        return [
            .counter(
                "tare_observations_total", "Rows that senders gave, by what they were told became of them.",
                results.map { Sample([.init("result", $0.0)], Double($0.1)) })
        ]
    }

    static func errors(_ rolling: RollingError?, _ coverage: Coverage.Count?) -> [MetricFamily] {
        let share = coverage.flatMap { $0.observed == 0 ? nil : Double($0.covered) / Double($0.observed) }
        return [
            .gauge(
                "tare_rolling_error",
                "Mean error of the serving model on the newest rows since it went into service, in the model's measure.",
                rolling?.mean),
            .gauge(
                "tare_rolling_error_rows",
                "Rows that tare_rolling_error is the mean of, at most \(RollingError.rowsMax).",
                rolling.map { Double($0.rows) }),
            .gauge(
                "tare_interval_coverage_ratio",
                "Share of rows since the model went into service that lay within its interval of 95 %.", share),
            .gauge(
                "tare_interval_coverage_rows", "Rows that tare_interval_coverage_ratio is a share of.",
                coverage.map { Double($0.observed) }),
        ]
    }

    static func trainings(_ tally: TrainingTally) -> [MetricFamily] {
        let samples = TrainingTally.verdicts.compactMap { verdict in
            tally.durations[verdict].map { MetricFamily.HistogramSample([.init("verdict", verdict)], $0) }
        }
        return [
            .counter(
                "tare_trainings_total", "Trainings, each once however many asked for it, by verdict.",
                samples.map { Sample($0.labels, Double($0.histogram.count)) }),
            .histogram("tare_training_duration_seconds", "Time that a training took, by verdict.", samples),
            .counter(
                "tare_rollbacks_total", "Models that failed their probation, so that their parent serves again.",
                [Sample([], Double(tally.rollbacks))]),
        ]
    }

    static func model(_ model: ModelVersion?, now: Timestamp) -> [MetricFamily] {
        [
            .gauge(
                "tare_model_info", "Always 1; the label is the version of the model that serves.",
                model.map { [Sample([.init("version", $0.version)], 1)] } ?? []),
            .gauge(
                "tare_model_age_seconds", "Time since the model that serves was fitted.",
                model.map { Double(now.milliseconds - $0.time.milliseconds) / 1000 }),
            .gauge("tare_model_rows", "Rows that the model that serves was fitted on.", model.map { Double($0.rows) }),
        ]
    }

    static func stores(_ health: [StoreHealth]) -> [MetricFamily] {
        [
            .gauge(
                "tare_store_up", "Whether the last calls of a store went well: 1, or 0 where it has a fault.",
                health.map { Sample([.init("store", $0.part.rawValue)], $0.fault == nil ? 1 : 0) }),
            .counter(
                "tare_store_errors_total", "Calls of a store that failed.",
                health.map { Sample([.init("store", $0.part.rawValue)], Double($0.faults)) }),
        ]
    }

    static func journal(_ state: (rows: Int, bytes: Int, bytesMax: Int, fault: String?)?) -> [MetricFamily] {
        [
            .gauge("tare_journal_rows", "Rows that wait in the journal for the store.", state.map { Double($0.rows) }),
            .gauge("tare_journal_bytes", "Size of the journal.", state.map { Double($0.bytes) }),
            .gauge("tare_journal_limit_bytes", "Size that the journal may have.", state.map { Double($0.bytesMax) }),
        ]
    }
}
