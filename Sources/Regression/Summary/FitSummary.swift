/// What a statistician wants to read of a fit, laid out much like R's `summary(lm)`.
package struct FitSummary: Sendable, CustomStringConvertible {
    private let model: LinearModel
    private let quartiles: Quartiles?
    private let rowsLeftOut: Int
    private let isPerfect: Bool

    /// - Parameters:
    ///   - table: the rows that the model was fitted to.
    ///   - rowsLeftOut: how many more rows there were, which could not be used.
    package init(of model: LinearModel, fittedTo table: Table, rowsLeftOut: Int) {
        self.model = model
        let residuals = model.residuals(of: table)
        isPerfect = model.isPerfect(of: table, residuals)
        quartiles = Quartiles(residuals)
        self.rowsLeftOut = rowsLeftOut
    }

    /// Lines of text, each ended.
    package var description: String {
        let parts = [[heading], residualLines, coefficientLines, fitLines]
        return parts.filter { !$0.isEmpty }.map { $0.map { $0 + "\n" }.joined() }.joined(separator: "\n")
    }

    private var heading: String {
        "\(model.formula)   (\(counted(model.rowCount, "row")) used, \(rowsLeftOut) left out)"
    }

    private var residualLines: [String] {
        guard model.degreesOfFreedom > 0 else {
            return ["Residuals: all 0, for no degrees of freedom are left"]
        }
        guard let quartiles else { return [] }
        let table = TextTable([
            ["Min", "1Q", "Median", "3Q", "Max"],
            quartiles.values.map { $0.text(significantDigits: 4) },
        ])
        return ["Residuals:"] + table.lines
    }

    private var coefficientLines: [String] {
        let aliased = model.coefficients.count - model.rank
        let note = aliased > 0 ? " (\(counted(aliased, "coefficient")) aliased: a combination of those before)" : ""
        let header = ["", "Estimate", "Std. Error", "t value", "Pr(>|t|)", ""]
        let table = TextTable([header] + model.coefficients.map(cells), leftAligned: [0, 5])
        let legend = model.degreesOfFreedom > 0 ? ["---", "Signif.: *** below 0.001, ** 0.01, * 0.05, . 0.1"] : []
        return ["Coefficients:\(note)"] + table.lines + legend
    }

    private func cells(_ coefficient: LinearModel.Coefficient) -> [String] {
        guard let estimate = coefficient.estimate else { return [coefficient.name, "aliased", "", "", "", ""] }
        let p = model.pValue(of: coefficient)
        return [
            coefficient.name, estimate.text(significantDigits: 5), text(coefficient.standardError),
            text(model.tValue(of: coefficient)), p.map(probability) ?? "-", p.map(stars) ?? "",
        ]
    }

    private var fitLines: [String] {
        guard let sigma = model.sigma else {
            return ["Residual standard error: none, for no degrees of freedom are left"]
        }
        var lines = isPerfect ? ["The fit is essentially perfect: what is said of errors here is rounding."] : []
        lines += [
            "Residual standard error: \(sigma.text(significantDigits: 4)) on "
                + counted(model.degreesOfFreedom, "degree") + " of freedom",
            "Multiple R-squared: \(text(model.rSquared)), adjusted R-squared: \(text(model.adjustedRSquared))",
        ]
        if let f = model.fStatistic {
            lines.append(
                "F-statistic: \(text(f.value)) on \(f.numeratorDegreesOfFreedom) and \(f.denominatorDegreesOfFreedom)"
                    + " degrees of freedom, p-value: \(probability(f.pValue))")
        }
        return lines
    }

    private func text(_ value: Double?) -> String { value?.text(significantDigits: 4) ?? "-" }

    /// R's way with what is too small to matter.
    private func probability(_ value: Double) -> String {
        value < .ulpOfOne ? "<2e-16" : value.text(significantDigits: 3)
    }

    private func stars(_ probability: Double) -> String {
        switch probability {
        case ..<0.001: "***"
        case ..<0.01: "**"
        case ..<0.05: "*"
        case ..<0.1: "."
        default: ""
        }
    }

    private func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
