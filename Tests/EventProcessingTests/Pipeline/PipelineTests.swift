import Documents
import EventTesting
import Regression
import Testing

@testable import EventProcessing

@Suite("The pipeline")
struct PipelineTests {
    /// The kinds of the actions, in their order.
    private func kinds(_ actions: [Action]) -> [String] {
        actions.map { action in
            switch action {
            case .predict: "predict"
            case .ask: "ask"
            case .publish(.prediction): "prediction"
            case .publish(.evaluation): "evaluation"
            case .publish(.drift): "drift"
            case .publish(.withdrawal): "withdrawal"
            case .record: "record"
            case .trigger: "trigger"
            case .setAside: "set aside"
            case .reject: "reject"
            case .abandon: "abandon"
            case .tell: "tell"
            }
        }
    }

    private static let drift = Drift(
        period: Drift.Period(start: 0, end: 60_000), time: 5, levels: ["salmon"], firstIdentifier: "1",
        lastIdentifier: "1", meanError: 0.5, count: 1)

    /// One input for every stage, in the order of the stages; the evaluation closes a window.
    private static let inputs: [Input] = [
        .event(.measurement(.sample("1", at: 0))),
        .predicted(.sample("1", at: 1)),
        .event(.outcome(.sample("1", at: 2))),
        .evaluated(.sample("1", at: 70_000, error: 0.25)),
        .drifted(drift),
    ]

    @Test(
        "each role does its part and nothing else",
        arguments: [
            (Roles.predict, [["predict"], ["prediction"], [], [], []]),
            (.join, [[], [], ["evaluation"], [], []]),
            (.window, [[], [], [], [], []]),
            (.record, [[], [], [], ["record"], []]),
            (.trigger, [[], [], [], [], ["trigger"]]),
            ([.join, .window], [[], [], ["evaluation"], ["drift"], []]),
            (
                .all,
                [["predict"], ["prediction"], ["evaluation", "record"], ["record", "drift", "trigger"], ["trigger"]]
            ),
        ] as [(Roles, [[String]])])
    func roles(_ roles: Roles, _ expected: [[String]]) {
        var pipeline = Pipeline(Preset(.blog, for: .fish), for: .fish, roles: roles)
        #expect(Self.inputs.map { kinds(pipeline.handle($0)) } == expected)
    }

    @Test("what the model before predicted is recorded, moves the time, and counts in no window")
    func retrained() {
        var pipeline = Pipeline(Preset(.blog, for: .fish), for: .fish, roles: .all)
        // Predicted before the training; each is far off.
        for (name, time) in [("1", 0), ("2", 1), ("3", 2), ("4", 70_000)] as [(String, Timestamp)] {
            _ = pipeline.handle(.predicted(.sample(name, at: time)))
        }
        #expect(kinds(pipeline.handle(.event(.outcome(.sample("1", at: 10))))) == ["evaluation", "record"])
        #expect(pipeline.handle(.trained(TrainingReply(status: .retrained))).isEmpty)
        #expect(kinds(pipeline.handle(.event(.outcome(.sample("2", at: 11))))) == ["evaluation", "record"])
        #expect(kinds(pipeline.handle(.event(.outcome(.sample("4", at: 70_000))))) == ["evaluation", "record"])
        // By the new model, and as far off: its window closes at the next minute.
        _ = pipeline.handle(.predicted(.sample("5", at: 70_001)))
        _ = pipeline.handle(.event(.outcome(.sample("5", at: 70_002))))
        _ = pipeline.handle(.predicted(.sample("6", at: 130_000)))
        let actions = pipeline.handle(.event(.outcome(.sample("6", at: 130_001))))
        #expect(kinds(actions) == ["evaluation", "record", "drift", "trigger"])
        guard case .trigger(let drift) = actions.last else { return }
        #expect(drift.firstIdentifier == "5" && drift.lastIdentifier == "5" && drift.count == 1)
    }

    @Test("told as it changes, a window that passes no more is withdrawn without a trigger")
    func withdrawal() {
        var pipeline = Pipeline(Preset(.recipe, for: .fish), for: .fish, roles: [.window, .trigger])
        let actions = [0.3, 0.0].map { kinds(pipeline.handle(.evaluated(.sample(at: 5, error: $0)))) }
        #expect(actions == [["drift", "trigger"], ["withdrawal"]])
    }

    @Test("a row takes the truth and its timestamp from the outcome, all else from the prediction")
    func row() {
        var measurement = Measurement.sample("1", at: 100, level: "salmon")
        measurement.timestampText = "measured"
        var outcome = Outcome.sample("1", at: 50, value: 4)
        outcome.level = "walleye"
        outcome.timestampText = "weighed"
        var pipeline = Pipeline(Preset(.blog, for: .fish), for: .fish, roles: .join)
        _ = pipeline.handle(.event(.outcome(outcome)))
        let predicted = PredictedMeasurement(measurement: measurement, value: 5, modelTime: "model")
        var row = Evaluation(
            identifier: "1", level: "salmon", predictors: [74.25, 17.5], predicted: 5, actual: 4, error: 0.25,
            modelTime: "model", timestampText: "weighed", time: 100)
        row.labelDelay = -50
        #expect(pipeline.handle(.predicted(predicted)) == [.publish(.evaluation(row))])
    }

    @Test("a missing prediction or truth still joins, without an error", arguments: [(nil, 4), (5, nil), (nil, nil)])
    func nulls(_ predicted: Double?, _ actual: Double?) throws {
        var pipeline = Pipeline(Preset(.blog, for: .fish), for: .fish, roles: .join)
        _ = pipeline.handle(.predicted(.sample("1", at: 0, value: predicted)))
        guard
            case .publish(.evaluation(let row))? = pipeline.handle(.event(.outcome(.sample("1", at: 1, value: actual))))
                .first
        else { throw TestFailure("no row") }
        #expect(row.predicted == predicted)
        #expect(row.actual == actual)
        #expect(row.error == nil)
    }

    @Test("what it keeps is bounded, however many events come")
    func bounded() {
        var pipeline = Pipeline(Preset(.blog, for: .fish), for: .fish, roles: [.join, .window], pendingMax: 500)
        for number in 0..<40_000 {
            let time = Timestamp(milliseconds: Int64(number) * 100)
            _ = pipeline.handle(.predicted(.sample("\(number)", at: time)))
            if !number.isMultiple(of: 10) { _ = pipeline.handle(.event(.outcome(.sample("\(number)", at: time)))) }
        }
        #expect(pipeline.joinCounts.left.pending == 500)
        #expect(pipeline.joinCounts.right.pending == 500)
        #expect(pipeline.unmatched == (measurements: 4000, outcomes: 0))
    }

    @Test("and so are the bytes of what it keeps: long texts push the oldest out")
    func boundedBytes() {
        var pipeline = Pipeline(Preset(.blog, for: .fish), for: .fish, roles: [.join, .window])
        let (long, count) = (String(repeating: "🐟", count: 250), 20_000)
        for number in 0..<count {
            let time = Timestamp(milliseconds: Int64(number) * 100)
            var outcome = Outcome.sample("\(number)\(long)", at: time)
            (outcome.level, outcome.timestampText) = (long, long)
            _ = pipeline.handle(.event(.outcome(outcome)))
        }
        // Three texts of 1,000 bytes each, in 32 MB.
        #expect((10_000...11_200).contains(pipeline.joinCounts.right.pending))
        #expect(pipeline.joinCounts.right.evicted == count - pipeline.joinCounts.right.pending)
    }
}
