extension LinearModel {
    /// The response that the model expects: the intercept and then what each term adds, summed in the formula's order.
    ///
    /// Aliased columns add nothing, as in R. It allocates nothing, for a server asks on every request.
    ///
    /// - Parameters:
    ///   - numbers: one finite value for each of `row.numbers`, in that order.
    ///   - levels: one for each of `row.factors`, in that order.
    /// - Returns: nil where a level is not among those that the model was fitted on.
    package func estimate(numbers: [Double], levels: [String]) -> Double? {
        plan.estimate(numbers: numbers, levels: levels)
    }

    /// The estimate with its interval, exactly as R's `predict.lm` gives it.
    ///
    /// - Parameters:
    ///   - numbers: as for `estimate`.
    ///   - levels: as for `estimate`.
    ///   - confidence: the probability that the interval covers the truth, between 0 and 1.
    ///   - kind: what it is to cover.
    package func interval(
        numbers: [Double], levels: [String], confidence: Double, kind: Interval.Kind
    ) throws(IntervalRefusal) -> Interval {
        guard confidence > 0, confidence < 1 else { throw .confidence(confidence) }
        let fit = try knownEstimate(numbers: numbers, levels: levels)
        guard let sigma else { throw .noDegreesOfFreedom(rowCount: rowCount, coefficientCount: rank) }
        guard let leverage = leverage(numbers: numbers, levels: levels) else {
            preconditionFailure("there is an estimate, so every level is known")
        }
        let deviation =
            switch kind {
            case .confidence: sigma * leverage.squareRoot()
            case .prediction: sigma * (1 + leverage).squareRoot()
            }
        let quantile = StudentT(degreesOfFreedom: degreesOfFreedom).quantile(upperTail: (1 - confidence) / 2)
        return Interval(
            fit: fit, standardError: sigma * leverage.squareRoot(),
            lower: fit - quantile * deviation, upper: fit + quantile * deviation)
    }

    /// A factor whose level in a row is none of those of the fit.
    package struct UnseenFactor: Sendable, Equatable {
        package let column: String
        /// Of a number that is taken for a level, its text.
        package let level: String
        package let known: [String]

        package init(column: String, level: String, known: [String]) {
            self.column = column
            self.level = level
            self.known = known
        }
    }

    /// - Returns: each column once, in the order of the formula.
    package func unseenFactors(numbers: [Double], levels: [String]) -> [UnseenFactor] {
        var unseen: [UnseenFactor] = []
        for (factor, (holder, known)) in zip(layout.factors, zip(layout.placesOfFactors, layout.levels)) {
            let level = factor.isOfNumbers ? numbers[holder].textOfR : levels[holder]
            guard !known.contains(level), !unseen.contains(where: { $0.column == factor.column }) else { continue }
            unseen.append(UnseenFactor(column: factor.column, level: level, known: known))
        }
        return unseen
    }

    private func knownEstimate(numbers: [Double], levels: [String]) throws(IntervalRefusal) -> Double {
        if let estimate = estimate(numbers: numbers, levels: levels) { return estimate }
        let unseen = unseenFactors(numbers: numbers, levels: levels)
        guard let factor = unseen.first else {
            preconditionFailure("an estimate is missing although every level is known")
        }
        throw .unseenLevel(factor: factor.column, level: factor.level, known: factor.known)
    }
}
