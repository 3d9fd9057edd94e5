import Specification

/// A row that several models are held against: what each of them asks of it, worked out once.
struct JudgedRow: Sendable {
    let predictors: [Double]
    /// In the order of the specification, the grouping factor's first.
    let levels: [String]
    /// On its own scale.
    let response: Double
    let mark: RowMark

    init(_ row: TrainingRows.Row, _ specification: ModelSpecification) {
        predictors = row.predictors
        levels = row.levels(specification)
        response = row.response
        mark = row.mark
    }
}
