import Documents
import EventTesting
import Testing

@testable import EventProcessing

/// A process that changes for good, a model of its mean, and a server that fits, judges and puts off as Tare's does.
private struct ClosedLoop {
    static let noise = 0.1
    /// Rows that must be new since the last training, as of `--train-new-rows`.
    var newRowsMin = 0
    /// As of `--train-cooldown`, in milliseconds of the rows' own clock.
    var coolDown: Int64 = 0
    private static let fitRows = 50

    private var detector = SequentialDetector(SequentialRules())
    private var rows: [(time: Timestamp, truth: Double)] = []
    private var model = ModelStatement(modelTime: "0", sigma: noise, rows: fitRows, coefficients: 1)
    private var estimate = 5.0
    private var trainings = 0
    private var rowsAtTraining = 0
    private var timeOfTraining: Timestamp?

    init() { detector.restart(for: model) }

    /// - Parameter level: of the process at a row, as a multiple of what it was.
    /// - Returns: the mean error of the last 400 rows, as a multiple of the process's own.
    mutating func run(_ count: Int, seed: UInt64, level: (Int) -> Double) -> Double {
        let normal = NormalDistribution(mean: 0, standardDeviation: Self.noise)
        var random = Xoshiro256(seed: seed)
        var (errors, own) = (0.0, 0.0)
        for number in 0..<count {
            let (mean, error) = (5 * level(number), normal.draw(using: &random))
            if number >= count - 400 {
                errors += abs(mean + error - estimate)
                own += abs(error)
            }
            observe(truth: mean + error, number)
        }
        return errors / own
    }

    private mutating func observe(truth: Double, _ number: Int) {
        let time = Timestamp(milliseconds: Int64(number) * 2000)
        rows.append((time, truth))
        let evaluation = Evaluation(
            identifier: String(number), level: "a", predictors: [], predicted: estimate, actual: truth, error: nil,
            modelTime: model.modelTime, timestampText: nil, time: time)
        for drift in detector.observe(evaluation).compactMap(\.drift) { detector.take(train(drift, at: time)) }
        if model != detector.model { detector.restart(for: model) }
    }

    private mutating func train(_ drift: Drift, at time: Timestamp) -> TrainingReply {
        if let timeOfTraining, case let left = coolDown - (time.milliseconds - timeOfTraining.milliseconds), left > 0 {
            return TrainingReply(status: .skipped, retryAfterSeconds: Double(left) / 1000)
        }
        guard rows.count - rowsAtTraining >= newRowsMin else {
            return TrainingReply(status: .skipped, retryAfterRows: newRowsMin - (rows.count - rowsAtTraining))
        }
        (rowsAtTraining, timeOfTraining) = (rows.count, time)
        let newest = rows.suffix(Self.fitRows).map(\.truth)
        let sinceChange = rows.filter { $0.time >= drift.period.start }.map(\.truth).suffix(Self.fitRows)
        let candidates = sinceChange.count >= 4 ? [Array(sinceChange), newest] : [newest]
        for fit in candidates where isBetter(Self.mean(fit), on: fit, needsMargin: drift.cause == .schedule) {
            trainings += 1
            estimate = Self.mean(fit)
            let squares = fit.reduce(0) { $0 + ($1 - estimate) * ($1 - estimate) }
            model = ModelStatement(
                modelTime: String(trainings), sigma: (squares / Double(fit.count - 1)).squareRoot(), rows: fit.count,
                coefficients: 1)
            return TrainingReply(status: .retrained, modelTime: model.modelTime)
        }
        return TrainingReply(status: .refused)
    }

    private func isBetter(_ candidate: Double, on rows: [Double], needsMargin: Bool) -> Bool {
        // A row that was fitted is nearer to its own fit than a new one, by this much.
        let leftOut = Double(rows.count) / Double(rows.count - 1)
        let gains = rows.map { abs($0 - estimate) - leftOut * abs($0 - candidate) }
        let gain = Self.mean(gains)
        let variance = gains.reduce(0) { $0 + ($1 - gain) * ($1 - gain) } / Double(gains.count - 1)
        return gain > (needsMargin ? (variance / Double(gains.count)).squareRoot() : 0)
    }

    private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
}

@Suite("Whatever lasts is mended")
struct ClosedLoopTests {
    private static let seeds: ClosedRange<UInt64> = 1...5

    @Test(
        "a drift that creeps in and then stays does not become normal",
        arguments: [(0.0005, 1000), (0.002, 250), (0.004, 125), (0.0001, 2000)])
    func gradual(_ rate: Double, _ rows: Int) {
        for seed in Self.seeds {
            var loop = ClosedLoop()
            let error = loop.run(3500, seed: seed) { 1 + rate * Double(min(max($0 - 300, 0), rows)) }
            #expect(error < 1.4, "seed \(seed)")
        }
    }

    @Test("an abrupt one is mended, large or small", arguments: [0.6, 0.9, 0.98, 1.02, 1.1, 1.5])
    func abrupt(_ factor: Double) {
        for seed in Self.seeds {
            var loop = ClosedLoop()
            #expect(loop.run(2000, seed: seed) { $0 < 300 ? 1 : factor } < 1.4, "seed \(seed)")
        }
    }

    @Test("a training that is put off, for new rows or for a time, is no refit that failed", arguments: [0.9, 1.3])
    func putOff(_ factor: Double) {
        for seed in Self.seeds {
            var fewRows = ClosedLoop()
            fewRows.newRowsMin = 400
            #expect(fewRows.run(2000, seed: seed) { $0 < 100 ? 1 : factor } < 1.4, "seed \(seed)")
            var slow = ClosedLoop()
            slow.coolDown = 600_000
            #expect(slow.run(2000, seed: seed) { $0 < 100 ? 1 : factor } < 1.4, "seed \(seed)")
        }
    }

    @Test("errors that only scatter more do not make it ask with every row")
    func spread() {
        var detector = SequentialDetector(SequentialRules())
        detector.restart(for: .ofFifty)
        let rows = Evaluation.normal(300) + Evaluation.normal(3000, spread: 3, seed: 2)
        let questions = detector.places(rows) { _ in TrainingReply(status: .refused) }
        #expect(questions.count < 40 && questions.count > 15)
    }
}
