import Documents
import EventTesting

@testable import EventProcessing
@testable import Streaming

/// A model server in memory: predicts by a formula, keeps what it is told, and fails as the test asks.
final class MemoryModelClient: ModelClient {
    enum Call: Equatable {
        case predict([Double], String)
        case record([String])
        case train(JSON)
        case model
    }

    private(set) var calls: [Call] = []
    private(set) var recorded: [JSON] = []
    /// What the next calls throw, one each, before they do anything.
    var failures: [ModelClientError] = []
    var value: (_ predictors: [Double], _ level: String, _ trainings: Int) -> Double = { _, _, _ in 5 }
    /// The reason why a row is bad, where it is.
    var problemOfRow: (JSON) -> String? = { _ in nil }
    var refusesLevel: String?
    var answerToTrain: JSON = ["status": "retrained"]
    /// What the model says of itself, its time apart.
    var statement: JSON = ["sigma": 0.1, "rows": 50, "coefficients": ["(Intercept)": 0.5, "length": 0.05]]
    var failureOfStatement: ModelClientError?
    var unseenLevel: String?
    /// The model's time in each answer to a prediction, counted from 1; nil where the training decides.
    var timeOfAnswer: (Int) -> String? = { _ in nil }
    private var answers = 0
    private(set) var trainings = 0

    private var modelTime: String { timeOfAnswer(answers) ?? "2021-06-02 07:48:5\(trainings)" }

    private func fail() throws(ModelClientError) {
        if !failures.isEmpty { throw failures.removeFirst() }
    }

    func predict(predictors: [Double], levels: [String]) throws(ModelClientError) -> Prediction {
        let level = levels[0]
        calls.append(.predict(predictors, level))
        try fail()
        answers += 1
        if level == refusesLevel { throw .refused(status: 422, "\(level) is not known") }
        return Prediction(
            value: value(predictors, level, trainings), modelTime: modelTime, isLevelSeen: level != unseenLevel)
    }

    /// Where it is true, many predictions can be asked for at once.
    var foresees = false
    private(set) var foreseen = 0

    func predict(many measurements: [Measurement]) throws(ModelClientError) -> [Prediction]? {
        guard foresees else { return nil }
        foreseen += measurements.count
        var answers: [Prediction] = []
        for measurement in measurements {
            let question = PredictionQuestion(measurement, by: .fish)
            answers.append(try predict(predictors: question.predictors, levels: question.levels))
        }
        return answers
    }

    func model() throws(ModelClientError) -> JSON {
        calls.append(.model)
        try fail()
        if let failureOfStatement { throw failureOfStatement }
        let time = "\(modelTime.replacing(" ", with: "T")).000Z"
        return .object((statement.members ?? []) + [JSON.Member("time", .string(time))])
    }

    /// Keeps the good rows, as the real one does, and refuses the call where any is bad.
    func record(_ rows: [[UInt8]]) throws(ModelClientError) {
        let observations = rows.map { (try? JSON(parsing: $0)) ?? .null }
        calls.append(.record(observations.map { $0.members?.first?.value.text ?? "" }))
        try fail()
        for row in observations where problemOfRow(row) == nil && !recorded.contains(row) { recorded.append(row) }
        if let problem = observations.lazy.compactMap(problemOfRow).first { throw .refused(status: 422, problem) }
    }

    func train(_ trigger: JSON) throws(ModelClientError) -> JSON {
        calls.append(.train(trigger))
        try fail()
        trainings += 1
        return answerToTrain["status"] == "retrained"
            ? ["status": "retrained", "rows": 50, "ModelTime": .string(modelTime)] : answerToTrain
    }
}

/// Time that passes only while it is waited for.
final class FakeClock: StreamClock {
    let date: Timestamp = 0
    private(set) var now: Duration = .zero
    private(set) var waits: [Duration] = []
    var isStopping = false
    /// Asks for a stop in the course of this wait, counted from 1.
    var stopsAtWait: Int?

    func wait(_ duration: Duration) {
        waits.append(duration)
        if waits.count == stopsAtWait { isStopping = true } else { now += duration }
    }
}

final class MemoryOutput: LineOutput {
    private(set) var lines: [String] = []
    private(set) var flushes = 0
    var closesAfter: Int?

    func write(_ line: String) throws(LineOutputError) {
        if lines.count == closesAfter { throw .closed }
        lines.append(line)
    }

    func flush() throws(LineOutputError) { flushes += 1 }
}

final class MemoryNotices: RunNotices {
    private(set) var texts: [String] = []
    private(set) var progress: RunProgress?

    func say(_ text: String, about request: String?) { texts.append(text) }
    func show(_ progress: RunProgress) { self.progress = progress }
}

struct ScriptedSource: EventSource {
    var deliveries: [Delivery]
    /// Thrown where the script ends.
    var failure: SourceError?

    mutating func next(waiting patience: Duration) throws(SourceError) -> Delivery? {
        guard deliveries.isEmpty else { return deliveries.removeFirst() }
        if let failure { throw failure }
        return nil
    }

    mutating func upcomingMeasurements(among count: Int) -> [Measurement] {
        deliveries.prefix(count).compactMap {
            if case .input(.event(.measurement(let measurement)), _) = $0 { measurement } else { nil }
        }
    }

    var fraction: Double? { nil }
}
