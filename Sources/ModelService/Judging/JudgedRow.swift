import Specification

/// A row that several models are held against: what each of them asks of it, worked out once.
struct JudgedRow: Sendable, Equatable {
    let predictors: [Double]
    /// In the order of the specification, the grouping factor's first.
    let levels: [String]
    /// On its own scale.
    let response: Double
    let mark: RowMark

    init(_ row: TrainingRows.Row, _ specification: ModelSpecification) {
        self.init(
            predictors: row.predictors, levels: row.levels(specification),
            isGrouped: specification.factor != nil, response: row.response)
    }

    /// - Parameter isGrouped: whether the first level is the grouping factor's.
    init(predictors: [Double], levels: [String], isGrouped: Bool, response: Double) {
        self.predictors = predictors
        self.levels = levels
        self.response = response
        let level = isGrouped ? levels[0] : ""
        mark = .of(predictors, response, level: level, otherLevels: isGrouped ? levels.dropFirst() : levels[...])
    }
}
