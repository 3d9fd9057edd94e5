package import Documents
import Regression
package import Specification

extension Event {
    /// The event as the machines write it, its members in their order:
    /// identifier, level, the predictors or the response, and the timestamp.
    package func document(_ specification: ModelSpecification) -> JSON {
        let fields = specification.fields
        switch self {
        case .measurement(let measurement):
            var members = [JSON.Member(fields.identifier, .string(measurement.identifier))]
            for (factor, level) in zip(
                specification.factors, specification.levels(measurement.level, measurement.otherLevels))
            {
                members.append(JSON.Member(factor.field, JSON(level)))
            }
            for (predictor, value) in zip(specification.predictors, measurement.predictors) {
                members.append(JSON.Member(predictor.field, JSON(value)))
            }
            members.append(JSON.Member(fields.timestamp, JSON(measurement.timestampText)))
            return .object(members)
        case .outcome(let outcome):
            let level = specification.factor.map { [JSON.Member($0.field, JSON(outcome.level))] } ?? []
            return .object(
                [JSON.Member(fields.identifier, .string(outcome.identifier))] + level + [
                    JSON.Member(specification.response.field, JSON(outcome.value)),
                    JSON.Member(fields.timestamp, JSON(outcome.timestampText)),
                ])
        }
    }
}
