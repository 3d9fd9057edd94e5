/// Where a model may be relied on: the numbers that lie no farther from the rows of its fit than `leverageMax`, for one
/// choice of levels.
///
/// The average leverage of the p coefficients' n rows is p/n. Past 3p/n a row is called influential (P. F. Velleman and
/// R. E. Welsch, *Efficient Computing of Regression Diagnostics*, The American Statistician 35, 1981), and a prediction
/// an extrapolation (A. Tropsha, P. Gramatica and V. K. Gombar, *The Importance of Being Earnest*, QSAR & Combinatorial
/// Science 22, 2003). Of rows that are drawn as those of the fit were, that would be one in fifty. What every answer is
/// held to must be farther out, so it is twice that: some two ordinary rows in ten thousand.
package struct ApplicabilityDomain: Sendable, Equatable {
    /// Rᵀv = x, scaled so that the domain is the ball of radius 1: v is `offset` and the columns of `slopes` times the
    /// variables' powers. Column by column.
    private let offset: [Double]
    private let slopes: [Double]
    private let powers: [Power]

    /// What holds on the rows of the fit between an aliased column and those that carry its effect.
    private let ties: [Tie]

    private struct Power: Sendable, Equatable {
        let variable: Int
        let exponent: Int
    }

    /// `constant` and the sum of the powers times their factors is 0, up to `tolerance` of the largest of them.
    private struct Tie: Sendable, Equatable {
        static let tolerance = 1e-6

        let constant: Double
        let powers: [Power]
        let factors: [Double]

        func holds(_ numbers: [Double]) -> Bool {
            var (sum, largest) = (constant, abs(constant))
            for place in powers.indices {
                let term = factors[place] * numbers[powers[place].variable].raised(to: powers[place].exponent)
                sum += term
                largest = max(largest, abs(term))
            }
            return abs(sum) <= Self.tolerance * largest
        }
    }

    /// Whether the numbers lie in the domain. It allocates nothing, for a server asks on every request.
    ///
    /// - Parameter numbers: as for `LinearModel.estimate`.
    package func contains(_ numbers: [Double]) -> Bool {
        var square = 0.0
        for row in offset.indices {
            var sum = offset[row]
            for column in powers.indices {
                let power = powers[column]
                sum += slopes[column * offset.count + row] * numbers[power.variable].raised(to: power.exponent)
            }
            square += sum * sum
        }
        return square <= 1 && ties.allSatisfy { $0.holds(numbers) }
    }
}

extension LinearModel {
    /// Past this leverage, 6p/n, a row lies outside of the applicability domain.
    package var leverageMax: Double { 6 * Double(rank) / Double(rowCount) }

    /// - Parameter levels: one for each of `formula.factors`, in that order.
    /// - Returns: nil where a level is not among those that the model was fitted on.
    package func applicabilityDomain(levels: [String]) -> ApplicabilityDomain? {
        ApplicabilityDomain(self, levels: levels)
    }
}

extension ApplicabilityDomain {
    fileprivate init?(_ model: LinearModel, levels: [String]) {
        let factors = model.formula.factors
        for (factor, level) in zip(factors, levels) where !model.levels[factor]!.contains(level) { return nil }
        let columns = zip(model.layout.columns, model.coefficients).filter { $0.1.estimate != nil }.map(\.0)
        let scale = 1 / model.leverageMax.squareRoot()
        var constants: [Double] = []
        var powers: [Power] = []
        var slopes: [Double] = []
        for (place, column) in columns.enumerated() {
            switch column {
            case .intercept: constants.append(1)
            case .indicator(let factor, let level):
                constants.append(model.levels[factors[factor]]![level] == levels[factor] ? 1 : 0)
            case .power(let variable, let exponent):
                constants.append(0)
                var unit = [Double](repeating: 0, count: columns.count)
                unit[place] = 1
                powers.append(Power(variable: variable, exponent: exponent))
                slopes += model.forwardSolution(unit).map { $0 * scale }
            }
        }
        ties = model.aliases.map { alias in
            let before = model.coefficients.indices.prefix(alias.column).filter {
                model.coefficients[$0].estimate != nil
            }
            var (constant, powers, factors) = (0.0, [Power](), [Double]())
            for (column, factor) in [(alias.column, -1)] + zip(before, alias.factors) {
                switch model.layout.columns[column] {
                case .intercept: constant += factor
                case .indicator(let place, let level):
                    constant += model.levels[model.formula.factors[place]]![level] == levels[place] ? factor : 0
                case .power(let variable, let exponent):
                    powers.append(Power(variable: variable, exponent: exponent))
                    factors.append(factor)
                }
            }
            return Tie(constant: constant, powers: powers, factors: factors)
        }
        offset = model.forwardSolution(constants).map { $0 * scale }
        self.powers = powers
        self.slopes = slopes
    }
}
