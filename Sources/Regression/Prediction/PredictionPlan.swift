/// What a prediction does, laid out once so that each one is a short loop without allocation.
struct PredictionPlan: Sendable, Equatable {
    private enum Step: Sendable, Equatable {
        case power(variable: Int, exponent: Int, coefficient: Double)
        case effect(factor: Int)
    }

    private let intercept: Double
    private let hasIntercept: Bool
    /// In the order of the formula's terms.
    private let steps: [Step]
    /// For each factor what each of its levels adds; 0 for the reference.
    private let effects: [[String: Double]]
    private let variableCount: Int

    /// - Parameters:
    ///   - estimates: one for each column, 0 where it is aliased.
    ///   - levels: those of each factor in the formula's order.
    init(columns: [DesignLayout.Column], estimates: [Double], levels: [[String]], variableCount: Int) {
        var intercept = 0.0
        var steps: [Step] = []
        var effects = levels.map { Dictionary(uniqueKeysWithValues: $0.map { ($0, 0.0) }) }
        for (column, estimate) in zip(columns, estimates) {
            switch column {
            case .intercept:
                intercept = estimate
            case .power(let variable, let exponent):
                steps.append(.power(variable: variable, exponent: exponent, coefficient: estimate))
            case .indicator(let factor, let level):
                effects[factor][levels[factor][level]] = estimate
                if steps.last != .effect(factor: factor) { steps.append(.effect(factor: factor)) }
            }
        }
        self.intercept = intercept
        hasIntercept = columns.first == .intercept
        self.steps = steps
        self.effects = effects
        self.variableCount = variableCount
    }

    func estimate(numbers: [Double], levels: [String]) -> Double? {
        precondition(numbers.count == variableCount && levels.count == effects.count, "one value for each predictor")
        var sum = intercept
        for step in steps {
            switch step {
            case .power(let variable, let exponent, let coefficient):
                sum += coefficient * numbers[variable].raised(to: exponent)
            case .effect(let factor):
                guard let effect = effects[factor][levels[factor]] else { return nil }
                sum += effect
            }
        }
        return sum
    }

    /// What `estimate` adds up, in its order.
    func contributions(numbers: [Double], levels: [String]) -> [Double]? {
        precondition(numbers.count == variableCount && levels.count == effects.count, "one value for each predictor")
        var values = hasIntercept ? [intercept] : []
        for step in steps {
            switch step {
            case .power(let variable, let exponent, let coefficient):
                values.append(coefficient * numbers[variable].raised(to: exponent))
            case .effect(let factor):
                guard let effect = effects[factor][levels[factor]] else { return nil }
                values.append(effect)
            }
        }
        return values
    }
}

extension Double {
    /// A whole power from 1 up, by repeated multiplication.
    func raised(to exponent: Int) -> Double {
        var power = self
        for _ in 1..<exponent { power *= self }
        return power
    }
}
