import Documents
import EventProcessing
import Regression

/// Rows of a process as the detector sees them: a model fitted on the first of them, and then its errors.
///
/// The response is linear in two normal variables, each level has one of its own, and the rows are of a level at random.
struct StudyStream {
    /// Of a response of about 4.6: an error of 2.2 %.
    private static let sigma = 0.1
    private static let long = NormalDistribution(mean: 88, standardDeviation: 5)
    private static let high = NormalDistribution(mean: 19, standardDeviation: 1)
    private static let modelTime = "2021-06-02 07:48:52"

    struct Settings {
        var shape = ErrorProcess.Shape.normal
        /// Of the fit.
        var rows = 50
        var levels = 1
    }

    private struct Row {
        let level: Int
        let (x, y): (Double, Double)
        let response: Double
    }

    private let settings: Settings
    private var errors: ErrorProcess
    private var random: Xoshiro256
    private let intercept: Double
    private let slopes: (Double, Double)
    /// Nil for those that the fit's rows do not hold.
    private var effects: [Double?]
    private var evaluation: Evaluation
    private let names: [String]
    let statement: ModelStatement

    /// - Returns: nil where the rows hold so many levels that no degree of freedom is left.
    init?(_ settings: Settings, seed: UInt64) throws {
        self.settings = settings
        errors = ErrorProcess(settings.shape)
        random = Xoshiro256(seed: seed, stream: 1)
        names = (0..<settings.levels).map { "level\($0 + 1)" }
        var rows: [Row] = []
        for _ in 0..<settings.rows {
            rows.append(Self.draw(settings, error: errors.draw(using: &random), using: &random))
        }
        let seen = Set(rows.map(\.level))
        guard settings.rows > seen.count + 2 else { return nil }
        let names = names
        let model = try LinearModel.fit(
            try Formula("y ~ a + b\(seen.count > 1 ? " + g" : "")", factors: ["g"]),
            to: Table(
                numbers: ["y": rows.map(\.response), "a": rows.map(\.x), "b": rows.map(\.y)],
                levels: seen.count > 1 ? ["g": rows.map { names[$0.level] }] : [:]))
        var estimates: [String: Double] = [:]
        for coefficient in model.coefficients { estimates[coefficient.name] = coefficient.estimate }
        intercept = estimates["(Intercept)"] ?? 0
        slopes = (estimates["a"] ?? 0, estimates["b"] ?? 0)
        effects = names.indices.map { seen.contains($0) ? estimates["g\(names[$0])"] ?? 0 : nil }
        statement = ModelStatement(
            modelTime: Self.modelTime, sigma: model.sigma, rows: model.rowCount, coefficients: model.rank,
            levels: seen.count)
        evaluation = Evaluation(
            identifier: "1", level: nil, predictors: [], predicted: nil, actual: nil, error: nil,
            modelTime: Self.modelTime, timestampText: nil, time: Timestamp(milliseconds: 0))
    }

    private static func draw(_ settings: Settings, error: Double, using random: inout Xoshiro256) -> Row {
        let level = settings.levels > 1 ? Int(random.nextFraction() * Double(settings.levels)) : 0
        let (x, y) = (long.draw(using: &random), high.draw(using: &random))
        let truth = 0.05 * x + 0.01 * y + 0.3 * Double(level % 7)
        return Row(level: level, x: x, y: y, response: truth + sigma * error)
    }

    /// - Parameter change: what has happened to the errors, and how many rows ago.
    mutating func next(_ change: (ErrorChange, rows: Int)? = nil) -> Evaluation {
        let error = errors.draw(using: &random)
        let row = Self.draw(
            settings, error: change.map { $0.0.applied(to: error, rows: $0.rows) } ?? error, using: &random)
        evaluation.level = names[row.level]
        evaluation.predicted = intercept + slopes.0 * row.x + slopes.1 * row.y + (effects[row.level] ?? 0)
        evaluation.actual = row.response
        evaluation.isLevelSeen = effects[row.level] != nil
        return evaluation
    }
}

extension Evaluation {
    /// The error of the prediction, in sigmas of the model: what other detectors are fed.
    func standardisedError(_ model: ModelStatement) -> Double {
        ((actual ?? 0) - (predicted ?? 0)) / (model.sigma ?? 1)
    }
}
