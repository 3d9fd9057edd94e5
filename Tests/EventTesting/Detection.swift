package import Documents
package import EventProcessing
import Regression

extension ModelStatement {
    /// Sigma is 0.1; from fifty rows.
    package static let ofFifty = ModelStatement(modelTime: "2021-05-18 09:00:00", sigma: 0.1, rows: 50, coefficients: 3)

    package func with(modelTime: String, levels: Int = 1) -> ModelStatement {
        var other = self
        (other.modelTime, other.levels) = (modelTime, levels)
        return other
    }
}

extension Evaluation {
    /// - Parameter off: the truth less the prediction, in sigmas of the samples.
    package static func off(
        _ off: Double, at time: Timestamp = 0, level: String? = "salmon", isLevelSeen: Bool = true,
        modelTime: String? = ModelStatement.ofFifty.modelTime
    ) -> Evaluation {
        let actual = 5 + 0.1 * off
        var evaluation = Evaluation(
            identifier: "1", level: level, predictors: [80, 18], predicted: 5, actual: actual,
            error: RelativeError.of(predicted: 5, actual: actual), modelTime: modelTime, timestampText: nil, time: time)
        evaluation.isLevelSeen = isLevelSeen
        return evaluation
    }

    /// So many that are normal about a shift.
    package static func normal(
        _ count: Int, shift: Double = 0, spread: Double = 1, seed: UInt64 = 1, level: String = "salmon"
    ) -> [Evaluation] {
        let errors = NormalDistribution(mean: shift, standardDeviation: spread)
        var random = Xoshiro256(seed: seed)
        return (0..<count).map { _ in .off(errors.draw(using: &random), level: level) }
    }
}

extension DriftChange {
    package var drift: Drift? { if case .found(let drift) = self { drift } else { nil } }
}

extension SequentialRules {
    package static func testing(every interval: Double = 1_000_000, checkInterval: Int? = nil) -> SequentialRules {
        var rules = SequentialRules()
        rules.falseAlarmInterval = interval
        rules.checkInterval = checkInterval
        return rules
    }
}

extension SequentialDetector {
    /// Without checks on a schedule, where none are asked for.
    package init(_ rules: SequentialRules = .testing(), for model: ModelStatement?) {
        self.init(rules)
        restart(for: model)
    }

    /// The places, counted from 1, at which something is told, and why.
    /// - Parameter reply: of the server, to what is told there.
    package mutating func places(
        _ evaluations: some Sequence<Evaluation>, reply: (Int) -> TrainingReply? = { _ in nil }
    ) -> [Place] {
        var places: [Place] = []
        for (index, evaluation) in evaluations.enumerated() {
            for drift in observe(evaluation).compactMap(\.drift) {
                places.append(Place(number: index + 1, cause: drift.cause))
                if let reply = reply(index + 1) { take(reply) }
            }
        }
        return places
    }

    package struct Place: Equatable {
        package let number: Int
        package let cause: Drift.Cause?

        package init(number: Int, cause: Drift.Cause?) {
            self.number = number
            self.cause = cause
        }
    }
}
