extension LinearModel {
    /// What the model would have expected of a row of its own fit, had it been fitted without that row: exact, from the
    /// row's leverage h and its residual e, as y - e/(1 - h) (R. D. Cook and S. Weisberg, *Residuals and Influence in
    /// Regression*, 1982, section 2.2).
    ///
    /// - Parameters:
    ///   - numbers: as for `estimate`.
    ///   - levels: as for `estimate`.
    ///   - response: of the row.
    ///   - scratch: room that one row after the other is worked out in.
    /// - Returns: nil where a level is unknown, and where the row alone determines a coefficient: without the row, there
    ///   would be no such coefficient.
    package func leaveOneOutEstimate(
        numbers: [Double], levels: [String], response: Double, scratch: inout LeverageScratch
    ) -> Double? {
        guard plan.fill(&scratch.codes, numbers: numbers, levels: levels) else { return nil }
        let leverage = leverage(numbers: numbers, in: &scratch)
        guard leverage < Self.leverageOfItsOwn else { return nil }
        let estimate = plan.estimate(numbers: numbers, codes: scratch.codes, basis: &scratch.basis)
        return response - (response - estimate) / (1 - leverage)
    }

    /// A leverage that is 1 but for rounding.
    static let leverageOfItsOwn = 1 - 1e-9
}
