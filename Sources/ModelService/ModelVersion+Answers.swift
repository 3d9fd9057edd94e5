package import Regression

/// What an answer can tell besides the estimate. A level that the rows did not hold is answered as `estimate` does it:
/// from the same rows without the factor.
extension ModelVersion {
    /// The interval that a single new response lies in with a probability of `confidence`, exactly R's.
    ///
    /// - Parameter predictors: in the order of the specification.
    package func interval(
        predictors: [Double], level: String, confidence: Double
    ) throws(IntervalRefusal) -> Interval {
        let (model, levels) = fit(for: level)
        return try model.interval(
            numbers: predictors, levels: levels, confidence: confidence, kind: .prediction)
    }

    /// What each term adds: summed from the first to the last, the estimate to the last bit.
    package func contributions(predictors: [Double], level: String) -> [Contribution] {
        let (model, levels) = fit(for: level)
        guard let contributions = model.contributions(numbers: predictors, levels: levels) else {
            preconditionFailure("the fit was chosen by the level")
        }
        return contributions
    }

    /// The fit that prices a level, and the levels that it asks for.
    func fit(for level: String) -> (model: LinearModel, levels: [String]) {
        guard levels.count > 1 else { return (model, []) }
        return levels.contains(level) ? (model, [level]) : (withoutFactor ?? model, [])
    }
}
