/// A measurement with what the model made of it: a record of the prediction topic.
package struct PredictedMeasurement: Sendable, Equatable {
    package var measurement: Measurement
    /// Nil where the record had null: the row still joins, only what is computed from it becomes null.
    package var value: Double?
    package var modelTime: String?
    /// What the answer says beside the estimate where the specification needs it.
    package var statement: PredictionStatement?
    /// False where the answer says that the model has not seen the level.
    package var isLevelSeen = true
    /// The measurement's record; nil where it did not come from a topic.
    package var source: RecordPlace?
    /// Which of the models that this process has seen predicted it.
    var modelGeneration = 0
}

extension PredictedMeasurement {
    package init(measurement: Measurement, value: Double?, modelTime: String?) {
        self.init(measurement: measurement, value: value, modelTime: modelTime, statement: nil)
    }

    /// Of what is kept of it beside its key.
    var textBytes: Int { measurement.textBytes + (modelTime?.utf8.count ?? 0) }
}
