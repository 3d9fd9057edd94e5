import Documents
import Regression

@testable import Streaming

extension ModelStatement {
    /// Sigma is 0.1; from so many rows that nothing need be allowed for.
    static let exact = ModelStatement(
        modelTime: "2021-05-18 09:00:00", sigma: 0.1, rows: 1_000_000_000, coefficients: 3)
    /// The same from fifty.
    static let ofFifty = ModelStatement(modelTime: "2021-05-18 09:00:00", sigma: 0.1, rows: 50, coefficients: 3)
}

extension Evaluation {
    /// - Parameter off: the truth less the prediction, in sigmas of the samples.
    static func off(
        _ off: Double, at time: Timestamp = 0, level: String? = "salmon", isLevelSeen: Bool = true,
        modelTime: String? = ModelStatement.exact.modelTime
    ) -> Evaluation {
        let actual = 5 + 0.1 * off
        var evaluation = Evaluation(
            identifier: "1", level: level, predictors: [80, 18], predicted: 5, actual: actual,
            error: RelativeError.of(predicted: 5, actual: actual), modelTime: modelTime, timestampText: nil, time: time)
        evaluation.isLevelSeen = isLevelSeen
        return evaluation
    }
}

extension DriftChange {
    var drift: Drift? { if case .found(let drift) = self { drift } else { nil } }
}

extension SequentialDetector {
    init(_ rules: SequentialRules = SequentialRules(), for model: ModelStatement?) {
        self.init(rules)
        restart(for: model)
    }

    /// The places, counted from 1, at which something is told, and why.
    mutating func places(_ evaluations: some Sequence<Evaluation>) -> [Place] {
        evaluations.enumerated().flatMap { index, evaluation in
            observe(evaluation).compactMap { $0.drift.map { Place(number: index + 1, cause: $0.cause) } }
        }
    }

    struct Place: Equatable {
        let number: Int
        let cause: Drift.Cause
    }
}
