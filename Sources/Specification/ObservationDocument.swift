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

    private func eachMember(_ body: (_ name: MemberName, Value) -> Void) {
        let names = specification.observationNames
        if let identifier { body(names.identifier, .text(identifier)) }
        if let name = names.level { body(name, .text(level)) }
        for (name, level) in zip(names.otherLevels, otherLevels) { body(name, .text(level)) }
        for (name, value) in zip(names.predictors, predictors) { body(name, .number(value)) }
        body(names.predicted, .number(predicted))
        body(names.actual, .number(actual))
        body(names.error, .number(error))
        body(names.modelTime, .text(modelTime))
        body(names.timestamp, .text(timestamp))
    }

    package var json: JSON {
        var members: [JSON.Member] = []
        members.reserveCapacity(otherLevels.count + predictors.count + 7)
        eachMember { name, value in
            switch value {
            case .text(let text): members.append(JSON.Member(name.text, JSON(text)))
            case .number(let number): members.append(JSON.Member(name.text, JSON(number)))
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

/// What the members of an observation are called. A class, as it is asked for with every event.
final class ObservationNames: Sendable {
    let (identifier, level, modelTime, timestamp): (MemberName, MemberName?, MemberName, MemberName)
    let otherLevels: [MemberName]
    let predictors: [MemberName]
    let (predicted, actual, error): (MemberName, MemberName, MemberName)

    init(
        _ fields: ModelSpecification.Fields, _ response: ModelSpecification.Response,
        _ predictors: [ModelSpecification.Predictor], factor: ModelSpecification.Factor?,
        otherFactors: [ModelSpecification.Factor]
    ) {
        (identifier, level) = (MemberName(fields.identifier), factor.map { MemberName($0.field) })
        (modelTime, timestamp) = (MemberName(fields.modelTime), MemberName(fields.timestamp))
        otherLevels = otherFactors.map { MemberName($0.field) }
        self.predictors = predictors.map { MemberName($0.field) }
        (predicted, actual) = (MemberName(response.predictedField), MemberName(response.actualField))
        error = MemberName(fields.error)
    }
}
