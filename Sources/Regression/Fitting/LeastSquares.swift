/// The least-squares solution of a scaled design, in double-double and in the scaled units.
struct LeastSquares {
    let design: Design
    let factor: CholeskyFactor
    /// For the kept columns of `factor`, of the shifted response.
    let estimates: [DoubleDouble]
    let residualSumOfSquares: DoubleDouble
    /// Of the fitted values about their mean, or about zero without an intercept.
    let explainedSumOfSquares: DoubleDouble

    /// The solution is refined once with residuals formed in double-double, which brings back digits that squaring the
    /// condition cost (Å. Björck, *Iterative refinement of linear least squares solutions*, BIT 7, 1967). The sums are
    /// then taken over rows, so that those of a near-exact fit keep their digits.
    init(_ design: Design, tolerance: Double) {
        let equations = NormalEquations(design)
        let factor = CholeskyFactor(equations, tolerance: tolerance)
        let first = factor.solve(equations.moments)
        var gradient = Array(repeating: DoubleDouble.zero, count: equations.columnCount)
        design.forEachRow(kept: factor.kept, estimates: first) { cells, _, residual in
            for column in factor.kept { gradient[column] += cells[column] * residual }
        }
        let estimates = zip(first, factor.solve(gradient)).map { $0 + $1 }

        // With an intercept, whose column comes first, the mean of the fitted values is that of the response.
        let hasIntercept = design.layout.columns.first?.isIntercept == true
        let mean = hasIntercept ? equations.moments[0] / DoubleDouble(Double(design.rowCount)) : .zero
        var residualSum = DoubleDouble.zero
        var explainedSum = DoubleDouble.zero
        design.forEachRow(kept: factor.kept, estimates: estimates) { _, fitted, residual in
            residualSum += residual * residual
            explainedSum += (fitted - mean) * (fitted - mean)
        }
        self.design = design
        self.factor = factor
        self.estimates = estimates
        // Where nothing is left to vary, the exact sums are zero, whatever the last bits say.
        residualSumOfSquares = factor.kept.count == design.rowCount ? .zero : residualSum
        explainedSumOfSquares = hasIntercept && factor.kept.count == 1 ? .zero : explainedSum
    }
}

extension Design {
    /// Calls `body` with the cells, the fitted value and the residual of each row.
    fileprivate func forEachRow(
        kept: [Int], estimates: [DoubleDouble], _ body: ([DoubleDouble], DoubleDouble, DoubleDouble) -> Void
    ) {
        var cells = Array(repeating: DoubleDouble.zero, count: layout.columns.count)
        var (basis, codes) = (emptyBasis, emptyCodes)
        for row in 0..<rowCount {
            fill(&cells, &basis, &codes, row: row)
            var fitted = DoubleDouble.zero
            for (place, column) in kept.enumerated() { fitted += cells[column] * estimates[place] }
            body(cells, fitted, shiftedResponse(row: row) - fitted)
        }
    }
}
