/// A measurement with what the model made of it: a record of the prediction topic.
package struct PredictedMeasurement: Sendable, Equatable {
    package var measurement: Measurement
    /// Nil where the record had null: the row still joins, only what is computed from it becomes null.
    package var value: Double?
    package var modelTime: String?
    /// The measurement's record; nil where it did not come from a topic.
    package var source: RecordSource?
    /// How often the model had been trained when it predicted, as far as this process knows.
    var modelGeneration = 0

    package init(measurement: Measurement, value: Double?, modelTime: String?) {
        self.measurement = measurement
        self.value = value
        self.modelTime = modelTime
    }
}
