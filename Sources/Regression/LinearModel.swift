/// A fitted linear regression: a pure value that predicts, and says how sure it is.
///
/// It holds what predictions, intervals and the summary need; all else is derived from that. `fit` makes one from rows;
/// the initializer takes one back from a document, checked.
package struct LinearModel: Sendable, Equatable {
    package let formula: Formula
    /// How rows are told to it.
    package let row: RowColumns
    /// The levels of each factor by its name in the formula, names in byte order and numbers in theirs; the first is the
    /// reference.
    package let levels: [String: [String]]
    /// The bases of the formula's orthogonal polynomials by their names in it.
    package let polynomials: [String: PolynomialBasis]
    /// One for each column of the design, in its order, the aliased ones included.
    package let coefficients: [Coefficient]
    package let rowCount: Int
    /// What a column was aliased by.
    package let tolerance: Double
    /// 0 where no degrees of freedom are left.
    package let residualSumOfSquares: Double
    /// The sum of squares of the fitted values: about their mean with an intercept, about zero without one.
    package let explainedSumOfSquares: Double
    /// The factor R of X = QR over the columns that are not aliased: upper triangular with a positive diagonal, row by
    /// row, without the zeros.
    package let triangularFactor: [Double]
    /// How the aliased columns follow from the others on the rows of the fit; empty where there are none, and of a model
    /// that was stored without.
    package let aliases: [Alias]
    let layout: DesignLayout
    package let plan: PredictionPlan

    package struct Coefficient: Sendable, Equatable {
        /// R's name: `(Intercept)`, `area`, `districtnorth`, `I(area^2)`.
        package let name: String
        /// Nil where the column is aliased: a linear combination of those before it, up to the tolerance.
        package let estimate: Double?
        /// Nil where aliased, and where no degrees of freedom are left.
        package let standardError: Double?

        package init(name: String, estimate: Double?, standardError: Double?) {
            self.name = name
            self.estimate = estimate
            self.standardError = standardError
        }
    }

    /// A column that is, on the rows of the fit, a linear combination of others, which carry its effect there.
    package struct Alias: Sendable, Equatable {
        /// Its place among `coefficients`.
        package let column: Int
        /// One for each of the columns before it that are not aliased: the column is their sum, each times its factor.
        package let factors: [Double]

        package init(column: Int, factors: [Double]) {
            self.column = column
            self.factors = factors
        }
    }

    /// A model as it was stored.
    ///
    /// - Throws: `ModelDefect` where the parts do not make a model, so that a document read back is checked before it
    ///   serves. Not checked is whether the numbers are those that the rows would give.
    package init(
        formula: Formula, row: RowColumns? = nil, levels: [String: [String]],
        polynomials: [String: PolynomialBasis] = [:],
        coefficients: [Coefficient], rowCount: Int, tolerance: Double, residualSumOfSquares: Double,
        explainedSumOfSquares: Double, triangularFactor: [Double], aliases: [Alias] = []
    ) throws(ModelDefect) {
        try Self.checkStructure(formula: formula, levels: levels)
        try Self.checkPolynomials(polynomials, formula: formula)
        let row = row ?? RowColumns(of: formula)
        guard row.holdsAll(of: formula) else {
            throw ModelDefect("the formula '\(formula)' reads columns that a row does not have")
        }
        let layout = DesignLayout(formula, row: row, levels: levels, polynomials: polynomials)
        try Self.checkNames(coefficients.map(\.name), layout)
        self.init(
            unchecked: formula, row: row, layout, levels: levels, polynomials: polynomials, coefficients: coefficients,
            rowCount: rowCount, tolerance: tolerance,
            residualSumOfSquares: residualSumOfSquares, explainedSumOfSquares: explainedSumOfSquares,
            triangularFactor: triangularFactor, aliases: aliases)
        try checkCoefficients()
        try checkAliases()
        try checkNumbers()
    }

    /// - Precondition: `layout` is that of the formula with these levels and polynomials, and `coefficients` has one for
    ///   each of its columns.
    init(
        unchecked formula: Formula, row: RowColumns, _ layout: DesignLayout, levels: [String: [String]],
        polynomials: [String: PolynomialBasis],
        coefficients: [Coefficient], rowCount: Int, tolerance: Double, residualSumOfSquares: Double,
        explainedSumOfSquares: Double, triangularFactor: [Double], aliases: [Alias]
    ) {
        self.formula = formula
        self.row = row
        self.levels = levels
        self.polynomials = polynomials
        self.coefficients = coefficients
        self.rowCount = rowCount
        self.tolerance = tolerance
        self.residualSumOfSquares = residualSumOfSquares
        self.explainedSumOfSquares = explainedSumOfSquares
        self.triangularFactor = triangularFactor
        self.aliases = aliases
        self.layout = layout
        plan = PredictionPlan(formula, row: row, layout, estimates: coefficients.map { $0.estimate ?? 0 })
    }
}
