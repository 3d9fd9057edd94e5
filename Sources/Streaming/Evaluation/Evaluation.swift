package import Documents

/// A prediction held against the truth: one row of the join.
package struct Evaluation: Sendable, Equatable {
    package var identifier: String
    package var level: String?
    /// In the order of the specification's predictors.
    package var predictors: [Double?]
    package var predicted: Double?
    package var actual: Double?
    /// `RelativeError` of the two.
    package var error: Double?
    package var modelTime: String?
    /// False where the model that predicted had not seen the level.
    package var isLevelSeen = true
    /// The text of the outcome's own timestamp field, which is payload only.
    package var timestampText: String?
    /// Event time: the later of the two that were joined.
    package var time: Timestamp
    /// Which records were joined; nil where they did not come from topics.
    package var source: String?

    package init(
        identifier: String, level: String?, predictors: [Double?], predicted: Double?, actual: Double?, error: Double?,
        modelTime: String?, timestampText: String?, time: Timestamp
    ) {
        self.identifier = identifier
        self.level = level
        self.predictors = predictors
        self.predicted = predicted
        self.actual = actual
        self.error = error
        self.modelTime = modelTime
        self.timestampText = timestampText
        self.time = time
    }

    /// The original query takes all but the truth and its timestamp from the side of the prediction.
    package init(_ predicted: PredictedMeasurement, _ outcome: Outcome) {
        self.init(
            identifier: predicted.measurement.identifier, level: predicted.measurement.level,
            predictors: predicted.measurement.predictors, predicted: predicted.value, actual: outcome.value,
            error: RelativeError.of(predicted: predicted.value, actual: outcome.value),
            modelTime: predicted.modelTime, timestampText: outcome.timestampText,
            time: max(predicted.measurement.time, outcome.time))
        isLevelSeen = predicted.isLevelSeen
        if let left = predicted.source, let right = outcome.source { source = "\(left) \(right)" }
    }
}
