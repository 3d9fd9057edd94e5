package import Documents

/// An observation as it is sent to `POST /observations`, and as its row stands in a store: the document of the topic
/// `price-diff` and the collection `TrainingData`, with the names of a specification and in that order.
///
/// What is missing stands there as null, as ksqlDB and the sink connector write it, so that every row has the same
/// columns. Only the identifier is left out: their rows do not know that field.
package struct ObservationDocument {
    private let specification: ModelSpecification
    private let (identifier, level, modelTime, timestamp): (String?, String?, String?, String?)
    private let otherLevels: [String?]
    private let predictors: [Double?]
    private let (predicted, actual, error): (Double?, Double?, Double?)

    /// - Parameters:
    ///   - level: of the grouping factor, which stands there where the specification has one.
    ///   - otherLevels: in the order of the specification's.
    ///   - predictors: in the order of the specification's.
    package init(
        _ specification: ModelSpecification, identifier: String?, level: String?, otherLevels: [String?],
        predictors: [Double?], predicted: Double?, actual: Double?, error: Double?, modelTime: String?,
        timestamp: String?
    ) {
        self.specification = specification
        (self.identifier, self.level, self.otherLevels) = (identifier, level, otherLevels)
        (self.predictors, self.predicted, self.actual, self.error) = (predictors, predicted, actual, error)
        (self.modelTime, self.timestamp) = (modelTime, timestamp)
    }

    private enum Value {
        case text(String?), number(Double?)
    }

    private func eachMember(_ body: (_ name: String, Value) -> Void) {
        let (fields, response) = (specification.fields, specification.response)
        if let identifier { body(fields.identifier, .text(identifier)) }
        if let factor = specification.factor { body(factor.field, .text(level)) }
        for (factor, level) in zip(specification.otherFactors, otherLevels) { body(factor.field, .text(level)) }
        for (predictor, value) in zip(specification.predictors, predictors) { body(predictor.field, .number(value)) }
        body(response.predictedField, .number(predicted))
        body(response.actualField, .number(actual))
        body(fields.error, .number(error))
        body(fields.modelTime, .text(modelTime))
        body(fields.timestamp, .text(timestamp))
    }

    package var json: JSON {
        var members: [JSON.Member] = []
        members.reserveCapacity(otherLevels.count + predictors.count + 7)
        eachMember { name, value in
            switch value {
            case .text(let text): members.append(JSON.Member(name, JSON(text)))
            case .number(let number): members.append(JSON.Member(name, JSON(number)))
            }
        }
        return .object(members)
    }

    /// The bytes of `json` in one line, made without a tree.
    package var text: [UInt8] {
        var object = ObjectText()
        eachMember { name, value in
            switch value {
            case .text(let text): object.add(name, text)
            case .number(let number): object.add(name, number)
            }
        }
        return object.closed
    }
}
