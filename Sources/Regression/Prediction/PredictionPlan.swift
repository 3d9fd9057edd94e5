/// What a prediction does, laid out once so that one of a plain formula is a short loop without allocation. A class, so that
/// whoever predicts holds it alone: a caller in another module copies the model around it for each prediction.
package final class PredictionPlan: Sendable {
    /// What a term adds.
    enum Step: Sendable, Equatable {
        case power(number: Int, exponent: Int, coefficient: Double)
        /// Of a factor alone: a place in `effects`.
        case effect(factor: Int, holder: Int)
        /// Of any other term, the sum over these columns.
        case columns(Range<Int>)
    }

    let intercept: Double
    private let hasIntercept: Bool
    /// In the order of the formula's terms.
    let steps: [Step]
    /// For each factor what each of its levels adds by itself, in their order; 0 for the reference.
    let effects: [[Double]]
    /// For each of the layout's factors.
    let places: [LevelPlaces]
    private let layout: DesignLayout
    private let estimates: [Double]
    private let numberCount: Int
    private let levelCount: Int
    let isPlain: Bool

    /// - Parameter estimates: one for each column, 0 where it is aliased.
    init(_ formula: Formula, row: RowColumns, _ layout: DesignLayout, estimates: [Double]) {
        var steps: [Step] = []
        var effects = layout.levels.map { Array(repeating: 0.0, count: $0.count) }
        for place in formula.terms.indices {
            let columns = layout.columns.indices.filter { layout.columns[$0].term == place }
            guard let first = columns.first, let last = columns.last else { continue }
            switch Self.kind(of: layout.columns[first], in: layout) {
            case .power(let number, let exponent, _) where columns.count == 1:
                steps.append(.power(number: number, exponent: exponent, coefficient: estimates[first]))
            case .effect(let factor, let holder):
                steps.append(.effect(factor: factor, holder: holder))
                for column in columns {
                    effects[factor][layout.columns[column].indicators[0].level] = estimates[column]
                }
            case .power, .columns: steps.append(.columns(first..<last + 1))
            }
        }
        hasIntercept = formula.hasIntercept
        intercept = formula.hasIntercept ? estimates[0] : 0
        self.steps = steps
        self.effects = effects
        places = layout.levels.map(LevelPlaces.init)
        self.layout = layout
        self.estimates = estimates
        numberCount = row.numbers.count
        levelCount = row.factors.count
        isPlain = steps.allSatisfy { if case .columns = $0 { false } else { true } }
    }

    private static func kind(of column: DesignLayout.Column, in layout: DesignLayout) -> Step {
        if column.basis.isEmpty, column.indicators.count == 1 {
            let factor = column.indicators[0].factor
            // A number's level is told by its text, which is made once for the whole row.
            if !layout.factors[factor].isOfNumbers {
                return .effect(factor: factor, holder: layout.placesOfFactors[factor])
            }
        }
        if column.indicators.isEmpty, column.basis.count == 1, case let place = column.basis[0],
            layout.basisCount == layout.sources.count, case .power(let number, let exponent) = layout.sources[place]
        {
            return .power(number: number, exponent: exponent, coefficient: 0)
        }
        return .columns(0..<0)
    }

    /// - Returns: as `LinearModel.estimate`.
    package func estimate(numbers: [Double], levels: [String]) -> Double? {
        precondition(numbers.count == numberCount && levels.count == levelCount, "one value for each predictor")
        guard isPlain else { return generalEstimate(numbers: numbers, levels: levels) }
        var sum = intercept
        for step in steps {
            switch step {
            case .power(let number, let exponent, let coefficient):
                sum += coefficient * numbers[number].raised(to: exponent)
            case .effect(let factor, let holder):
                guard let place = places[factor].place(of: levels[holder]) else { return nil }
                sum += effects[factor][place]
            case .columns: preconditionFailure("a plain formula has powers and factors only")
            }
        }
        return sum
    }

    private func generalEstimate(numbers: [Double], levels: [String]) -> Double? {
        guard let codes = codes(numbers: numbers, levels: levels) else { return nil }
        var basis: [Double] = []
        return estimate(numbers: numbers, codes: codes, basis: &basis)
    }

    /// The estimate of a row whose levels were looked up before, for whoever has many rows: it allocates nothing.
    ///
    /// - Parameters:
    ///   - codes: as `codes(numbers:levels:)` gives them.
    ///   - basis: room that one row after the other is worked out in.
    /// - Returns: as `LinearModel.estimate`, to the last bit.
    package func estimate(numbers: [Double], codes: [Int], basis: inout [Double]) -> Double {
        if !isPlain { fill(&basis, numbers) }
        var sum = intercept
        var isBegun = isPlain || hasIntercept
        for step in steps {
            let value = value(of: step, numbers: numbers, codes: codes, basis: basis)
            // Not 0 and the value: of -0 that is 0.
            sum = isBegun ? sum + value : value
            isBegun = true
        }
        return sum
    }

    /// What `estimate` adds up, in its order.
    func contributions(numbers: [Double], levels: [String]) -> [Double]? {
        precondition(numbers.count == numberCount && levels.count == levelCount, "one value for each predictor")
        guard let codes = codes(numbers: numbers, levels: levels) else { return nil }
        let basis = basis(numbers)
        return (hasIntercept ? [intercept] : [])
            + steps.map { value(of: $0, numbers: numbers, codes: codes, basis: basis) }
    }

    @inline(__always)
    private func value(of step: Step, numbers: [Double], codes: [Int], basis: [Double]) -> Double {
        switch step {
        case .power(let number, let exponent, let coefficient): coefficient * numbers[number].raised(to: exponent)
        case .effect(let factor, _): effects[factor][codes[factor]]
        case .columns(let columns):
            columns.reduce(0) { sum, column in
                // What is aliased adds nothing, even where its cell is beyond a double's range.
                let estimate = estimates[column]
                return estimate == 0 ? sum : sum + estimate * layout.cell(column, basis: basis, codes: codes)
            }
        }
    }

    /// The basis functions of a row.
    func basis(_ numbers: [Double]) -> [Double] {
        var basis: [Double] = []
        fill(&basis, numbers)
        return basis
    }

    func fill(_ basis: inout [Double], _ numbers: [Double]) {
        if basis.count != layout.basisCount { basis = Array(repeating: 0, count: layout.basisCount) }
        layout.fillBasis(&basis, numbers)
    }

    /// The places of a row's levels; nil where one is unknown.
    package func codes(numbers: [Double], levels: [String]) -> [Int]? {
        var codes: [Int] = []
        return fill(&codes, numbers: numbers, levels: levels) ? codes : nil
    }

    /// The same in room that one row after the other has.
    /// - Returns: false where a level is unknown.
    func fill(_ codes: inout [Int], numbers: [Double], levels: [String]) -> Bool {
        if codes.count != places.count { codes = Array(repeating: 0, count: places.count) }
        for factor in places.indices {
            let holder = layout.placesOfFactors[factor]
            let code =
                layout.factors[factor].isOfNumbers
                ? places[factor].place(of: numbers[holder].textOfR) : places[factor].place(of: levels[holder])
            guard let code else { return false }
            codes[factor] = code
        }
        return true
    }
}

extension PredictionPlan: Equatable {
    package static func == (one: PredictionPlan, other: PredictionPlan) -> Bool {
        one === other
            || one.layout == other.layout && one.estimates == other.estimates && one.steps == other.steps
                && one.hasIntercept == other.hasIntercept && one.numberCount == other.numberCount
    }
}
