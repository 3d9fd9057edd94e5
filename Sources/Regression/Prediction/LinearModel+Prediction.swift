extension LinearModel {
    /// The response that the model expects: the intercept and then what each term adds, summed in the formula's order.
    ///
    /// Aliased columns add nothing, as in R. It allocates nothing, for a server asks on every request.
    ///
    /// - Parameters:
    ///   - numbers: one finite value for each of `formula.variables`, in that order.
    ///   - levels: one for each of `formula.factors`, in that order.
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
        let leverage = leverage(numbers: numbers, levels: levels)
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

    private func knownEstimate(numbers: [Double], levels: [String]) throws(IntervalRefusal) -> Double {
        if let estimate = estimate(numbers: numbers, levels: levels) { return estimate }
        for (factor, level) in zip(formula.factors, levels) {
            let known = self.levels[factor]!
            if !known.contains(level) { throw .unseenLevel(factor: factor, level: level, known: known) }
        }
        preconditionFailure("an estimate is missing although every level is known")
    }

    /// xᵀ(XᵀX)⁻¹x, which is the squared length of the solution v of Rᵀv = x.
    ///
    /// - Precondition: every level is known.
    private func leverage(numbers: [Double], levels: [String]) -> Double {
        let row = designRow(numbers: numbers, levels: levels)
        var solution: [Double] = []
        var sum = 0.0
        for j in row.indices {
            var left = row[j]
            var place = j
            for i in 0..<j {
                left -= triangularFactor[place] * solution[i]
                place += row.count - 1 - i
            }
            let value = left / triangularFactor[place]
            solution.append(value)
            sum += value * value
        }
        return sum
    }

    /// The cells of the columns that are not aliased.
    private func designRow(numbers: [Double], levels: [String]) -> [Double] {
        let factors = formula.factors
        return zip(layout.columns, coefficients).compactMap { column, coefficient in
            guard coefficient.estimate != nil else { return nil }
            return switch column {
            case .intercept: 1
            case .power(let variable, let exponent): numbers[variable].raised(to: exponent)
            case .indicator(let factor, let level): self.levels[factors[factor]]![level] == levels[factor] ? 1 : 0
            }
        }
    }
}
