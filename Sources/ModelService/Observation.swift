package import Documents

/// A joined row: what was measured, what was predicted from it, and the truth that arrived later.
package struct Observation: Sendable, Equatable {
    /// The subject's own identifier (`House_Id`). Rows that a sink connector wrote have none.
    package var identifier: String?
    /// The level of the specification's grouping factor (`District`); empty where it has none.
    package var level: String?
    /// Those of its other factors, in its order.
    package var otherLevels: [String?]
    /// In the order of the specification's predictors; nil where the document had no usable number.
    package var predictors: [Double?]
    package var predicted: Double?
    package var actual: Double?
    /// By the specification's measure, rounded to three places as the stream computes it.
    package var error: Double?
    package var modelTime: String?
    /// When the truth was told. Nil only in rows that others wrote to the store.
    package var timestamp: Timestamp?

    package init(
        identifier: String? = nil, level: String?, otherLevels: [String?] = [], predictors: [Double?],
        predicted: Double? = nil, actual: Double?, error: Double? = nil, modelTime: String? = nil,
        timestamp: Timestamp?
    ) {
        self.identifier = identifier
        self.level = level
        self.otherLevels = otherLevels
        self.predictors = predictors
        self.predicted = predicted
        self.actual = actual
        self.error = error
        self.modelTime = modelTime
        self.timestamp = timestamp
    }

    /// Whether both tell the same measurement and the same truth. What was predicted may differ: a row that is delivered
    /// again after a crash may have been predicted again by another model.
    package func isMeasured(as other: Observation) -> Bool {
        level == other.level && otherLevels == other.otherLevels && predictors == other.predictors
            && actual == other.actual
    }
}

/// Why a document is not an observation.
package struct ObservationProblem: Error, Equatable, CustomStringConvertible {
    /// The field's name in documents, such as `Length`.
    package let field: String
    /// What stood there, shortened: `"95" (a string)`, or `nothing`.
    package let given: String
    package let accepted: String

    package init(field: String, given: String, accepted: String) {
        self.field = field
        self.given = given
        self.accepted = accepted
    }

    package var description: String { "\(field): \(given) was given, \(accepted) is accepted" }
}
