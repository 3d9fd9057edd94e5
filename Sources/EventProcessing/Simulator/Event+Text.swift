import Documents
import Regression
package import Specification

extension Event {
    /// The event as the machines write it, an object of JSON in one line, its members in their order: identifier, level,
    /// the predictors or the response, and the timestamp.
    package func text(_ specification: ModelSpecification) -> [UInt8] {
        let fields = specification.fields
        var text = ObjectText()
        text.add(fields.identifier, identifier)
        switch self {
        case .measurement(let measurement):
            if let factor = specification.factor { text.add(factor.field, measurement.level) }
            for (factor, level) in zip(specification.otherFactors, measurement.otherLevels) {
                text.add(factor.field, level)
            }
            for (predictor, value) in zip(specification.predictors, measurement.predictors) {
                text.add(predictor.field, value)
            }
            text.add(fields.timestamp, measurement.timestampText)
        case .outcome(let outcome):
            if let factor = specification.factor { text.add(factor.field, outcome.level) }
            text.add(specification.response.field, outcome.value)
            text.add(fields.timestamp, outcome.timestampText)
        }
        return text.closed
    }
}
