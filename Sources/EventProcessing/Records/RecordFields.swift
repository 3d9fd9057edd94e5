/// The columns of one JSON object, by their names. Null and missing are the same.
protocol RecordFields {
    func number(_ name: String) throws(RecordProblem) -> Double?
    func text(_ name: String) throws(RecordProblem) -> String?

    /// The columns of the object in a column; nil where there is none.
    func object(_ name: String) throws(RecordProblem) -> Self?

    /// What a model says beside its estimate.
    var statement: PredictionStatement? { get }
}
