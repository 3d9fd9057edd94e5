/// Where a model may be relied on: the numbers that lie no farther from the rows of its fit than `leverageMax`, for one
/// choice of levels.
///
/// The average leverage of the p coefficients' n rows is p/n. Past 3p/n a row is called influential (P. F. Velleman and
/// R. E. Welsch, *Efficient Computing of Regression Diagnostics*, The American Statistician 35, 1981), and a prediction
/// an extrapolation (A. Tropsha, P. Gramatica and V. K. Gombar, *The Importance of Being Earnest*, QSAR & Combinatorial
/// Science 22, 2003). Of rows that are drawn as those of the fit were, that would be one in fifty. What every answer is
/// held to must be farther out, so it is twice that: some two ordinary rows in ten thousand.
///
/// A class, as `PredictionPlan` is.
package final class ApplicabilityDomain: Sendable {
    /// Rᵀv = x, scaled so that the domain is the ball of radius 1: v is `offset` and the columns of `slopes` times the
    /// products. Column by column.
    private let offset: [Double]
    private let slopes: [Double]
    private let products: [Product]
    /// What holds on the rows of the fit between an aliased column and those that carry its effect.
    private let ties: [Tie]
    private let plan: PredictionPlan
    private let needsBasis: Bool

    /// What a column is of a row's numbers, where its indicators are 1.
    private enum Product: Sendable, Hashable {
        case power(number: Int, exponent: Int)
        /// Of basis functions, by their places.
        case basis([Int])
    }

    /// `constant` and the sum of the products times their factors is 0, up to `tolerance` of the largest of them.
    private struct Tie: Sendable, Equatable {
        var constant = 0.0
        var products: [Product] = []
        var factors: [Double] = []
    }

    private static let tieTolerance = 1e-6

    fileprivate init(_ model: LinearModel, codes: [Int]) {
        let layout = model.layout
        let estimated = model.estimatedColumns
        let scale = 1 / model.leverageMax.squareRoot()
        var constants = Array(repeating: 0.0, count: estimated.count)
        var products: [Product] = []
        var units: [[Double]] = []
        for (place, column) in estimated.enumerated() where Self.isOn(layout.columns[column], codes) {
            guard let product = Self.product(layout.columns[column], in: layout) else {
                constants[place] = 1
                continue
            }
            let known = products.firstIndex(of: product) ?? products.count
            if known == products.count {
                products.append(product)
                units.append(Array(repeating: 0, count: estimated.count))
            }
            units[known][place] = 1
        }
        offset = model.forwardSolution(constants).map { $0 * scale }
        slopes = units.flatMap { model.forwardSolution($0).map { $0 * scale } }
        self.products = products
        ties = model.aliases.map { Self.tie($0, model, codes) }
        plan = model.plan
        needsBasis = (products + ties.flatMap(\.products)).contains { if case .basis = $0 { true } else { false } }
    }

    /// What it takes, about.
    package var byteCount: Int { (offset.count + slopes.count) * 8 }

    /// Whether the numbers lie in the domain. For a formula of plain columns it allocates nothing, for a server asks on
    /// every request.
    ///
    /// - Parameter numbers: as for `LinearModel.estimate`.
    package func contains(_ numbers: [Double]) -> Bool {
        var basis: [Double] = []
        return contains(numbers, basis: &basis)
    }

    /// - Parameter basis: room that one row after the other is worked out in.
    package func contains(_ numbers: [Double], basis: inout [Double]) -> Bool {
        if needsBasis { plan.fill(&basis, numbers) }
        var square = 0.0
        for row in offset.indices {
            var sum = offset[row]
            for column in products.indices {
                sum += slopes[column * offset.count + row] * Self.value(products[column], numbers, basis)
            }
            square += sum * sum
        }
        return square <= 1 && ties.allSatisfy { Self.holds($0, numbers, basis) }
    }

    @inline(__always)
    private static func value(_ product: Product, _ numbers: [Double], _ basis: [Double]) -> Double {
        switch product {
        case .power(let number, let exponent): numbers[number].raised(to: exponent)
        case .basis(let places): places.reduce(1) { $0 * basis[$1] }
        }
    }

    private static func holds(_ tie: Tie, _ numbers: [Double], _ basis: [Double]) -> Bool {
        var (sum, largest) = (tie.constant, abs(tie.constant))
        for place in tie.products.indices {
            let part = tie.factors[place] * value(tie.products[place], numbers, basis)
            sum += part
            largest = max(largest, abs(part))
        }
        return abs(sum) <= tieTolerance * largest
    }
}

extension LinearModel {
    /// Past this leverage, 6p/n, a row lies outside of the applicability domain.
    var leverageMax: Double { 6 * Double(rank) / Double(rowCount) }

    /// The domain of a row's levels.
    ///
    /// - Parameters:
    ///   - numbers: as for `estimate`; those that factors are made of are looked at. None are needed where there are none.
    ///   - levels: one for each of `row.factors`, in that order.
    /// - Returns: nil where a level is not among those that the model was fitted on.
    package func applicabilityDomain(numbers: [Double] = [], levels: [String]) -> ApplicabilityDomain? {
        plan.codes(numbers: numbers, levels: levels).map { ApplicabilityDomain(self, codes: $0) }
    }
}

extension ApplicabilityDomain {
    private static func tie(_ alias: LinearModel.Alias, _ model: LinearModel, _ codes: [Int]) -> Tie {
        let before = model.estimatedColumns.prefix { $0 < alias.column }
        var tie = Tie()
        for (column, factor) in [(alias.column, -1)] + zip(before, alias.factors)
        where isOn(model.layout.columns[column], codes) {
            guard let product = product(model.layout.columns[column], in: model.layout) else {
                tie.constant += factor
                continue
            }
            tie.products.append(product)
            tie.factors.append(factor)
        }
        return tie
    }

    private static func isOn(_ column: DesignLayout.Column, _ codes: [Int]) -> Bool {
        column.indicators.allSatisfy { codes[$0.factor] == $0.level }
    }

    /// Nil of a column that is 1 wherever it is on.
    private static func product(_ column: DesignLayout.Column, in layout: DesignLayout) -> Product? {
        guard !column.basis.isEmpty else { return nil }
        if column.basis.count == 1, layout.basisCount == layout.sources.count,
            case .power(let number, let exponent) = layout.sources[column.basis[0]]
        {
            return .power(number: number, exponent: exponent)
        }
        return .basis(column.basis)
    }
}
