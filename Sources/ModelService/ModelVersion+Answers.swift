package import Regression
import Specification

// Of a row, `predictors` and `levels` are in the order of the specification, the grouping factor's level first.
extension ModelVersion {
    package struct Estimate: Sendable, Equatable {
        /// On the response's own scale: the median, or the mean where the specification asks for that.
        package let value: Double
        package let median: Double
        /// The columns whose levels the rows did not hold; the estimate does without them.
        package let unseen: [String]

        package var isLevelSeen: Bool { unseen.isEmpty }
    }

    /// - Returns: nil where a level was not seen and the formula has too many factors for fallbacks.
    package func estimate(predictors: [Double], levels: [String]) -> Estimate? {
        if let value = model.estimate(numbers: predictors, levels: levels),
            constantFactors.allSatisfy({ $0.knows(levels) })
        {
            return estimate(value, smearing, unseen: [])
        }
        guard let answering = answering(predictors: predictors, levels: levels),
            let value = answering.fit.estimate(numbers: predictors, levels: levels)
        else { return nil }
        return estimate(value, answering.smearing, unseen: answering.unseen)
    }

    /// The fit that answers rows of some levels, and the columns whose levels it does without; nil where there is none.
    func answering(
        predictors: [Double], levels: [String]
    ) -> (fit: LinearModel, smearing: Smearing?, unseen: [String])? {
        let unseen = unseenFactors(predictors: predictors, levels: levels).map(\.column)
        return fit(without: unseen).map { ($0.model, $0.smearing, unseen) }
    }

    /// - Parameter value: on the scale of the fit.
    @inline(__always)
    private func estimate(_ value: Double, _ smearing: Smearing?, unseen: [String]) -> Estimate {
        guard !isResponsePlain else { return Estimate(value: value, median: value, unseen: unseen) }
        let median = specification.formula.response.original(value)
        let mean = smearing.map { $0.mean(value, by: specification.formula.response) }
        return Estimate(value: mean ?? median, median: median, unseen: unseen)
    }

    /// The interval that a single new response lies in with a probability of `confidence`, exactly R's, with its ends on
    /// the response's own scale.
    package func interval(
        predictors: [Double], levels: [String], confidence: Double
    ) throws(IntervalRefusal) -> (lower: Double, upper: Double)? {
        guard let fit = fit(predictors: predictors, levels: levels) else { return nil }
        let interval = try fit.interval(
            numbers: predictors, levels: levels, confidence: confidence, kind: .prediction)
        return specification.formula.response.original(lower: interval.lower, upper: interval.upper)
    }

    /// What each term adds on the scale of the fit: summed from the first to the last, the estimate to the last bit where
    /// the response is not transformed.
    package func contributions(predictors: [Double], levels: [String]) -> [Contribution] {
        fit(predictors: predictors, levels: levels)?.contributions(numbers: predictors, levels: levels) ?? []
    }

    /// The fit that answers a row; nil where there is none.
    func fit(predictors: [Double], levels: [String]) -> LinearModel? {
        answering(predictors: predictors, levels: levels)?.fit
    }

    private func fit(without factors: [String]) -> (model: LinearModel, smearing: Smearing?)? {
        // Of a factor that the model does without already there is nothing to leave out.
        let left = Set(factors).intersection(model.formula.factorColumns)
        guard !left.isEmpty else { return (model, smearing) }
        return fallbacks.first { $0.factors == left }.map { ($0.model, $0.smearing) }
    }

    /// The factors of the specification's formula whose levels the rows did not hold; those that had one level in all rows
    /// are not in the model, and their other levels are unseen all the same.
    package func unseenFactors(predictors: [Double], levels: [String]) -> [LinearModel.UnseenFactor] {
        let ofModel = model.unseenFactors(numbers: predictors, levels: levels)
        let ofConstant = constantFactors.compactMap { constant -> LinearModel.UnseenFactor? in
            let (level, column) = (levels[constant.place], specification.factors[constant.place].name)
            guard !constant.levels.contains(level) else { return nil }
            return LinearModel.UnseenFactor(column: column, level: level, known: constant.levels)
        }
        return ofModel + ofConstant
    }
}
