package import Documents

/// An observation as it is sent to `POST /observations`, and as its row stands in a store: the document of the topic
/// `price-diff` and the collection `TrainingData`, with the names of a specification and in that order.
///
/// What is missing stands there as null, as ksqlDB and the sink connector write it, so that every row has the same
/// columns. Only the identifier is left out: their rows do not know that field.
package struct ObservationDocument {
    private enum Value {
        case text(String?), number(Double?)
    }

    private var members: [(name: String, value: Value)] = []

    /// - Parameters:
    ///   - level: of the grouping factor, which stands there where the specification has one.
    ///   - otherLevels: in the order of the specification's.
    ///   - predictors: in the order of the specification's.
    package init(
        _ specification: ModelSpecification, identifier: String?, level: String?, otherLevels: [String?],
        predictors: [Double?], predicted: Double?, actual: Double?, error: Double?, modelTime: String?,
        timestamp: String?
    ) {
        let (fields, response) = (specification.fields, specification.response)
        members.reserveCapacity(otherLevels.count + predictors.count + 7)
        if let identifier { members.append((fields.identifier, .text(identifier))) }
        if let factor = specification.factor { members.append((factor.field, .text(level))) }
        for (factor, level) in zip(specification.otherFactors, otherLevels) {
            members.append((factor.field, .text(level)))
        }
        for (predictor, value) in zip(specification.predictors, predictors) {
            members.append((predictor.field, .number(value)))
        }
        members.append((response.predictedField, .number(predicted)))
        members.append((response.actualField, .number(actual)))
        members.append((fields.error, .number(error)))
        members.append((fields.modelTime, .text(modelTime)))
        members.append((fields.timestamp, .text(timestamp)))
    }

    package var json: JSON {
        .object(
            members.map { name, value in
                switch value {
                case .text(let text): JSON.Member(name, JSON(text))
                case .number(let number): JSON.Member(name, JSON(number))
                }
            })
    }

    /// The bytes of `json` in one line, made without a tree.
    package var text: [UInt8] {
        var object = ObjectText()
        for (name, value) in members {
            switch value {
            case .text(let text): object.add(name, text)
            case .number(let number): object.add(name, number)
            }
        }
        return object.closed
    }
}
