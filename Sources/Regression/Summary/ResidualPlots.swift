/// The first two of the plots that R draws of a fit, in text: what is left, against what was fitted, which shows a curve or a
/// fan; and against the quantiles of a normal distribution, which shows tails.
package struct ResidualPlots: Sendable, CustomStringConvertible {
    private let fitted: [Double]
    private let residuals: [Double]
    /// Each by its own standard deviation, ascending.
    private let standardized: [Double]

    /// - Parameter table: the rows that the model was fitted to.
    package init(of model: LinearModel, fittedTo table: Table) {
        let residuals = model.residuals(of: table)
        self.residuals = residuals
        let responses = table.numbers[model.formula.response.column]!.map {
            model.formula.response.transformed($0) as Double
        }
        fitted = zip(responses, residuals).map { $0 - $1 }
        let numbers = model.row.numbers.map { table.numbers[$0]! }
        let levels = model.row.factors.map { table.levels[$0]! }
        let sigma = model.sigma ?? 0
        standardized = residuals.indices.compactMap { place -> Double? in
            let leverage = model.leverage(numbers: numbers.map { $0[place] }, levels: levels.map { $0[place] }) ?? 0
            // A row that the fit passes through has nothing left to be judged by.
            guard sigma > 0, leverage < 1 - 1e-12 else { return nil }
            return residuals[place] / (sigma * (1 - leverage).squareRoot())
        }.sorted()
    }

    /// Lines of text, each ended.
    package var description: String {
        guard let spread = ScatterText(Array(zip(fitted, residuals)), reference: { _ in 0 }), !standardized.isEmpty
        else { return "Residuals: there is nothing to draw, for no degrees of freedom are left\n" }
        let quantiles = Self.quantiles(standardized.count)
        let normal = ScatterText(Array(zip(quantiles, standardized)), reference: { $0 })
        return
            (["Residuals against fitted values:"] + spread.lines
            + ["", "Standardized residuals against normal quantiles, the line where they would be normal:"]
            + (normal?.lines ?? [])).map { $0 + "\n" }.joined()
    }

    /// Of so many normal values, by their ranks; the places are those of R's `ppoints`.
    static func quantiles(_ count: Int) -> [Double] {
        let offset = count <= 10 ? 3.0 / 8 : 0.5
        return (1...count).map { NormalQuantile.of((Double($0) - offset) / (Double(count) + 1 - 2 * offset)) }
    }
}
