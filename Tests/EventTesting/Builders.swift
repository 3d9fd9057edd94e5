package import Documents
package import EventProcessing
import Regression
package import Specification

extension Timestamp: ExpressibleByIntegerLiteral {
    public init(integerLiteral milliseconds: Int64) { self.init(milliseconds: milliseconds) }
}

extension Measurement {
    package static func sample(_ identifier: String, at time: Timestamp, level: String? = "salmon") -> Measurement {
        Measurement(
            identifier: identifier, level: level, predictors: [74.25, 17.5], timestampText: time.description, time: time
        )
    }
}

extension PredictedMeasurement {
    package static func sample(_ identifier: String, at time: Timestamp, value: Double? = 5) -> PredictedMeasurement {
        PredictedMeasurement(
            measurement: .sample(identifier, at: time), value: value, modelTime: "2021-05-18 09:00:00")
    }
}

extension Outcome {
    package static func sample(_ identifier: String, at time: Timestamp, value: Double? = 4) -> Outcome {
        Outcome(identifier: identifier, level: "salmon", value: value, timestampText: time.description, time: time)
    }
}

extension Evaluation {
    package static func sample(
        _ identifier: String = "1", at time: Timestamp, error: Double?, level: String? = "salmon"
    ) -> Evaluation {
        Evaluation(
            identifier: identifier, level: level, predictors: [74.25, 17.5], predicted: 5, actual: 4, error: error,
            modelTime: "2021-05-18 09:00:00", timestampText: time.description, time: time)
    }
}

extension Pipeline {
    package init(
        _ preset: Preset, for specification: ModelSpecification, roles: Roles = .all, pendingMax: Int = 50_000,
        time: TimeRules? = nil, detector: DetectorRules? = nil
    ) {
        self.init(
            specification: specification, roles: roles,
            join: StreamJoin.Bounds(
                within: preset.join.within, retention: preset.join.retention, pendingMax: pendingMax),
            time: time, detector: (detector ?? .window(preset.window)).detector())
    }
}

extension Drift {
    /// The mean error of two fish, one of which is of no level.
    package static let ofTwo = Drift(
        period: Drift.Period(start: 1_623_246_060_000, end: 1_623_246_120_000), time: 1_623_246_065_000,
        levels: [nil, "salmon"], firstIdentifier: "f2", lastIdentifier: "f3", meanError: 0.151, count: 2)
}
