package import Documents
package import Specification

/// What a prediction is made of, in the order of the specification; the grouping factor's level comes first.
package struct PredictionQuestion: Sendable, Equatable {
    package let predictors: [Double]
    package let levels: [String]

    package init(predictors: [Double], levels: [String]) {
        self.predictors = predictors
        self.levels = levels
    }

    /// Of a measurement that misses nothing.
    package init(_ measurement: Measurement, by specification: ModelSpecification) {
        let level = specification.factor == nil ? nil : measurement.level
        self.init(
            predictors: measurement.predictors.compactMap(\.self),
            levels: ([level] + measurement.otherLevels).compactMap(\.self))
    }
}

extension ModelSpecification {
    /// The field of a variable that a measurement misses, so that it cannot be predicted; nil where it misses none.
    package func missing(in measurement: Measurement) -> String? {
        for (predictor, value) in zip(predictors, measurement.predictors) where value == nil { return predictor.field }
        if let factor, measurement.level == nil { return factor.field }
        for (factor, level) in zip(otherFactors, measurement.otherLevels) where level == nil { return factor.field }
        return nil
    }
}

package struct Prediction: Sendable, Equatable {
    package let value: Double
    /// As the server prints it: `2021-06-02 07:48:52`.
    package let modelTime: String
    /// False where the model has not seen the level, which the answer says in one more field.
    package let isLevelSeen: Bool
    package let statement: PredictionStatement?

    package init(
        value: Double, modelTime: String, isLevelSeen: Bool = true, statement: PredictionStatement? = nil
    ) {
        self.value = value
        self.modelTime = modelTime
        self.isLevelSeen = isLevelSeen
        self.statement = statement
    }
}

/// What a model says beside an estimate, without which its error could not be measured or judged.
package struct PredictionStatement: Sendable, Equatable {
    /// On the response's own scale, where the estimate is a mean: what the detector judges is on the scale of the fit.
    package let median: Double?
    /// The standard deviation of the model's residuals on the scale of its fit, where errors are measured by it.
    package let sigma: Double?

    /// - Returns: nil where there is neither.
    package init?(median: Double?, sigma: Double?) {
        guard median != nil || sigma != nil else { return nil }
        self.median = median
        self.sigma = sigma
    }
}

extension PredictionStatement {
    /// - Returns: nil where the answer says neither.
    package init?(_ answer: JSON) {
        self.init(
            median: answer[ModelSpecification.medianField]?.double,
            sigma: answer[ModelSpecification.sigmaField]?.double)
    }

    var members: [JSON.Member] {
        (median.map { [JSON.Member(ModelSpecification.medianField, JSON($0))] } ?? [])
            + (sigma.map { [JSON.Member(ModelSpecification.sigmaField, JSON($0))] } ?? [])
    }
}
