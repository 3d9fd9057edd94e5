package import Documents
import Regression
package import Specification

/// A prediction held against the truth: one row of the join.
package struct Evaluation: Sendable, Equatable {
    package var identifier: String
    /// Of the grouping factor; empty where there is none.
    package var level: String?
    /// Of the other factors, in the order of the specification.
    package var otherLevels: [String?]
    /// In the order of the specification's predictors.
    package var predictors: [Double?]
    package var predicted: Double?
    /// On the response's own scale, where `predicted` is a mean.
    package var median: Double?
    package var actual: Double?
    /// By the measure of the specification: see `ModelSpecification.streamedError`.
    package var error: Double?
    package var modelTime: String?
    /// False where the model that predicted had not seen the level.
    package var isLevelSeen = true
    /// The text of the outcome's own timestamp field, which is payload only.
    package var timestampText: String?
    /// Event time: the later of the two that were joined.
    package var time: Timestamp
    /// How much later than the measurement its truth is dated, in milliseconds; nil where the two were joined elsewhere.
    package var labelDelay: Int64?
    /// Which records were joined; nil where they did not come from topics.
    package var source: String?

    /// What a detector judges: both numbers as the fit has them, for its sigma is on the scale of a transformed response;
    /// and no truth that the measure of errors cannot hold an estimate against.
    func judged(by specification: ModelSpecification) -> Evaluation {
        let response = specification.formula.response
        let isMeasurable = specification.errorMeasure != .relative || actual.map { $0 > 0 } ?? true
        guard !response.isPlain || !isMeasurable else { return self }
        var judged = self
        judged.predicted = (median ?? predicted).map { response.transformed($0) }
        judged.actual = isMeasurable ? actual.map { response.transformed($0) } : nil
        return judged
    }

    /// The original query takes all but the truth and its timestamp from the side of the prediction.
    package static func of(
        _ predicted: PredictedMeasurement, _ outcome: Outcome, by specification: ModelSpecification
    ) -> Evaluation {
        // All at once: an initialiser that sets one part after the other ends with a copy of them all.
        Evaluation(
            identifier: predicted.measurement.identifier, level: predicted.measurement.level,
            otherLevels: predicted.measurement.otherLevels, predictors: predicted.measurement.predictors,
            predicted: predicted.value, median: predicted.statement?.median, actual: outcome.value,
            error: specification.streamedError(
                predicted: predicted.value, statement: predicted.statement, actual: outcome.value),
            modelTime: predicted.modelTime, isLevelSeen: predicted.isLevelSeen, timestampText: outcome.timestampText,
            time: max(predicted.measurement.time, outcome.time),
            labelDelay: outcome.time.milliseconds - predicted.measurement.time.milliseconds,
            source: RecordPlace.pair(predicted.source, outcome.source))
    }
}

extension Evaluation {
    package init(
        identifier: String, level: String?, otherLevels: [String?] = [], predictors: [Double?], predicted: Double?,
        actual: Double?, error: Double?, modelTime: String?, timestampText: String?, time: Timestamp
    ) {
        self.init(
            identifier: identifier, level: level, otherLevels: otherLevels, predictors: predictors,
            predicted: predicted, median: nil, actual: actual, error: error, modelTime: modelTime,
            timestampText: timestampText, time: time, labelDelay: nil, source: nil)
    }
}
