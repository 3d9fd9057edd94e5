/// What one term adds to an estimate.
package struct Contribution: Sendable, Equatable {
    /// The term as R writes it: `(Intercept)`, `area`, `I(area^2)`, `district`.
    package let term: String
    package let value: Double
}

extension LinearModel {
    /// What the intercept and each term add to the estimate, in the order in which `estimate` adds them: their sum from
    /// the first to the last is the estimate to the last bit.
    ///
    /// An aliased term adds 0, and so does a factor's reference level.
    ///
    /// - Returns: nil where a level is not among those that the model was fitted on.
    package func contributions(numbers: [Double], levels: [String]) -> [Contribution]? {
        guard let values = plan.contributions(numbers: numbers, levels: levels) else { return nil }
        let names = (formula.hasIntercept ? ["(Intercept)"] : []) + formula.terms.map(\.name)
        return zip(names, values).map { Contribution(term: $0, value: $1) }
    }
}
