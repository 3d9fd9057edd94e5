package import Documents

/// An observation as it is sent to `POST /observations`, and as its row stands in a store: the document of the topic
/// `price-diff` and the collection `TrainingData`, with the names of a specification and in that order.
///
/// What is missing stands there as null, as ksqlDB and the sink connector write it, so that every row has the same
/// columns. Only the identifier is left out: their rows do not know that field.
package enum ObservationDocument {
    /// - Parameters:
    ///   - level: of the grouping factor, which stands there where the specification has one.
    ///   - otherLevels: in the order of the specification's.
    ///   - predictors: in the order of the specification's.
    package static func json(
        _ specification: ModelSpecification, identifier: String?, level: String?, otherLevels: [String?],
        predictors: [Double?], predicted: Double?, actual: Double?, error: Double?, modelTime: String?,
        timestamp: String?
    ) -> JSON {
        let (fields, response) = (specification.fields, specification.response)
        var members: [JSON.Member] = []
        if let identifier { members.append(JSON.Member(fields.identifier, .string(identifier))) }
        if let factor = specification.factor { members.append(JSON.Member(factor.field, JSON(level))) }
        for (factor, level) in zip(specification.otherFactors, otherLevels) {
            members.append(JSON.Member(factor.field, JSON(level)))
        }
        for (predictor, value) in zip(specification.predictors, predictors) {
            members.append(JSON.Member(predictor.field, JSON(value)))
        }
        members.append(JSON.Member(response.predictedField, JSON(predicted)))
        members.append(JSON.Member(response.actualField, JSON(actual)))
        members.append(JSON.Member(fields.error, JSON(error)))
        members.append(JSON.Member(fields.modelTime, JSON(modelTime)))
        members.append(JSON.Member(fields.timestamp, JSON(timestamp)))
        return .object(members)
    }
}
