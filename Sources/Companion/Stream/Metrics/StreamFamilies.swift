import EventProcessing
import Metrics
import Streaming

/// What the companion tells of itself, as metrics: values in, values out. In the order of docs/metrics.md.
enum StreamFamilies {
    private typealias Sample = MetricFamily.Sample

    /// Partitions with samples of their own; one process seldom reads as many.
    private static let partitionsMax = 200

    static func all(_ tally: StreamTally) -> [MetricFamily] {
        events(tally) + errors(tally) + asking(tally) + waiting(tally) + partitions(tally)
    }

    private static func events(_ tally: StreamTally) -> [MetricFamily] {
        [
            counter(
                "tare_stream_events_total", "Events that were taken from the source, by kind.",
                InputKind.allCases.map { Sample([.init("kind", $0.rawValue)], Double(tally.inputs[$0] ?? 0)) }),
            counter("tare_stream_predictions_total", "Predictions that the model server gave.", tally.predicted),
            counter(
                "tare_stream_evaluations_total", "Predictions that were held against their truth.", tally.evaluated),
            counter("tare_stream_recorded_rows_total", "Rows that the model server has recorded.", tally.recorded),
            counter("tare_stream_set_aside_total", "Events and rows that cannot be used.", tally.setAside),
            counter(
                "tare_stream_held_total", "Events that were held because they are dated far ahead of all others.",
                tally.held),
            counter(
                "tare_stream_unmatched_total", "Events that were let go because no partner came for them, by kind.",
                [
                    Sample([.init("kind", "measurement")], Double(tally.lost.measurements)),
                    Sample([.init("kind", "outcome")], Double(tally.lost.outcomes)),
                ]),
            counter(
                "tare_stream_late_total", "Events that came too late: to be joined, or for the window of their time.",
                [
                    Sample([.init("for", "join")], Double(tally.lost.joined)),
                    Sample([.init("for", "window")], Double(tally.lost.judged)),
                ]),
        ]
    }

    private static func errors(_ tally: StreamTally) -> [MetricFamily] {
        let levels = tally.standings.values.flatMap(\.levels).prefix(GroupLabels.groupsMax)
        func group(_ name: String?) -> MetricFamily.Label { .init("group", name ?? GroupLabels.all) }
        return [
            .histogram(
                "tare_stream_label_delay_seconds", "How much later than its measurement a truth is dated.",
                [.init([], tally.labelDelay)]),
            .gauge(
                "tare_stream_rolling_error",
                "Mean error of the newest predictions of a group, in the model's measure, whichever model made them.",
                tally.errors.groups.compactMap { errors in errors.mean.map { Sample([group(errors.name)], $0) } }),
            .gauge(
                "tare_stream_rolling_error_rows",
                "Rows that tare_stream_rolling_error is the mean of, at most \(RollingErrors.rowsMax).",
                tally.errors.groups.map { Sample([group($0.name)], Double($0.errors.count)) }),
            .gauge(
                "tare_stream_detector_evidence_ratio",
                "Evidence of the detector that errors have changed, as a share of what is an alarm.",
                levels.map { Sample([group($0.level)], $0.evidence) }),
            .gauge(
                "tare_stream_detector_asking",
                "Whether the detector has found a change and asks for another model: 1, or 0 where it watches.",
                levels.map { Sample([group($0.level)], $0.state == .asking ? 1 : 0) }),
        ]
    }

    private static func asking(_ tally: StreamTally) -> [MetricFamily] {
        [
            counter(
                "tare_stream_triggers_total", "Triggers for a training, by what the detector tells them for.",
                StreamTally.causes.map { Sample([.init("cause", $0)], Double(tally.triggers[$0] ?? 0)) }),
            counter(
                "tare_stream_trainings_total", "Answers of the model server to triggers, by verdict.",
                StreamTally.verdicts.map { Sample([.init("verdict", $0)], Double(tally.trainings[$0] ?? 0)) }),
            counter(
                "tare_stream_server_requests_total", "Requests to the model server, by what became of them.",
                ModelRequest.allCases.flatMap { kind in
                    ModelRequest.Outcome.allCases.map { outcome in
                        Sample(
                            [.init("request", kind.rawValue), .init("outcome", outcome.rawValue)],
                            Double(tally.requests[.init(kind: kind, outcome: outcome)] ?? 0))
                    }
                }),
            .gauge(
                "tare_stream_server_up", "Whether the model server answers: 1, or 0 where it is waited for.",
                tally.isServerAway ? 0 : 1),
        ]
    }

    private static func waiting(_ tally: StreamTally) -> [MetricFamily] {
        [
            .gauge(
                "tare_stream_pending", "Events that wait for their partner, by kind.",
                [
                    Sample([.init("kind", "measurement")], Double(tally.sum(\.pendingMeasurements))),
                    Sample([.init("kind", "outcome")], Double(tally.sum(\.pendingOutcomes))),
                ]),
            .gauge(
                "tare_stream_unrecorded_rows", "Rows that the model server has not confirmed so far.",
                Double(tally.sum(\.unrecorded))),
        ]
    }

    private static func partitions(_ tally: StreamTally) -> [MetricFamily] {
        let partitions = tally.standings.values.flatMap { standing in
            standing.partitions.map { (role: standing.role, partition: $0) }
        }.sorted { ($0.role.description, $0.partition) < ($1.role.description, $1.partition) }.prefix(partitionsMax)
        func samples(_ value: (RunStanding.Partition) -> Int64) -> [Sample] {
            partitions.map { role, partition in
                Sample(
                    [
                        .init("role", role.description), .init("topic", partition.topic),
                        .init("partition", "\(partition.partition)"),
                    ], Double(value(partition)))
            }
        }
        return [
            .gauge("tare_stream_partition_offset", "Offset of the record that is handled next.", samples(\.offset)),
            .gauge(
                "tare_stream_partition_lag_records", "Records of the partition that are not handled so far.",
                samples(\.lag)),
        ]
    }

    static func kafka(isAway: Bool, _ counts: KafkaPresence.Counts) -> [MetricFamily] {
        [
            .gauge(
                "tare_stream_kafka_up", "Whether the Kafka cluster answers: 1, or 0 where it is waited for.",
                isAway ? 0 : 1),
            counter("tare_stream_kafka_absences_total", "How often the Kafka cluster went away.", counts.absences),
            counter(
                "tare_stream_kafka_messages_total", "What librdkafka logged, by the facility that it names.",
                counts.messages.sorted { $0.key < $1.key }.map { Sample([.init("facility", $0.key)], Double($0.value)) }
            ),
        ]
    }

    private static func counter(_ name: String, _ help: String, _ count: Int) -> MetricFamily {
        .counter(name, help, [Sample([], Double(count))])
    }

    private static func counter(_ name: String, _ help: String, _ samples: [Sample]) -> MetricFamily {
        .counter(name, help, samples)
    }
}

extension RunStanding.Partition: Comparable {
    static func < (left: Self, right: Self) -> Bool {
        (left.topic, left.partition) < (right.topic, right.partition)
    }
}
