/// The least-squares solution of a scaled design, in double-double and in the scaled units.
struct LeastSquares {
    let design: Design
    let tolerance: Double
    let factor: CholeskyFactor
    /// For the kept columns of `factor`, of the shifted response.
    let estimates: [DoubleDouble]
    let residualSumOfSquares: DoubleDouble
    /// Of the fitted values about their mean, or about zero without an intercept.
    let explainedSumOfSquares: DoubleDouble

    /// The solution is refined once with residuals formed in double-double, which brings back digits that squaring the
    /// condition cost (Å. Björck, *Iterative refinement of linear least squares solutions*, BIT 7, 1967). The sums are
    /// then taken over rows, so that those of a near-exact fit keep their digits.
    ///
    /// - Parameter equations: those of the design.
    init(_ design: Design, _ equations: NormalEquations, tolerance: Double) {
        let factor = CholeskyFactor(equations, tolerance: tolerance)
        let first = factor.solve(equations.moments)
        var gradient = Array(repeating: DoubleDouble.zero, count: equations.columnCount)
        var sums = CrossProducts(design.families, columnCount: 0, rowCount: design.rowCount)
        var fitted = FittedBlock(design.families, rowCount: design.rowCount, kept: factor.kept, estimates: first)
        design.forEachBlock { block in
            fitted.form(block)
            for group in 0..<block.groupCount {
                let residual = block.response(group) - fitted.values[group]
                block.setResult(block.masked(residual, group), group)
            }
            sums.addMoments(with: block.resultPlace, block, to: &gradient)
        }
        let estimates = zip(first, factor.solve(gradient)).map { $0 + $1 }

        // With an intercept, whose column comes first, the mean of the fitted values is that of the response.
        let hasIntercept = design.hasIntercept
        let mean = hasIntercept ? equations.moments[0] / DoubleDouble(Double(design.rowCount)) : .zero
        var (residualSum, explainedSum) = (DoubleDouble.zero, DoubleDouble.zero)
        fitted = FittedBlock(design.families, rowCount: design.rowCount, kept: factor.kept, estimates: estimates)
        design.forEachBlock { block in
            fitted.form(block)
            let squares = fitted.squares(block, mean: mean)
            residualSum += squares.residual
            explainedSum += squares.explained
        }
        self.design = design
        self.tolerance = tolerance
        self.factor = factor
        self.estimates = estimates
        // Where nothing is left to vary, the exact sums are zero, whatever the last bits say.
        residualSumOfSquares = factor.kept.count == design.rowCount ? .zero : residualSum
        explainedSumOfSquares = hasIntercept && factor.kept.count == 1 ? .zero : explainedSum
    }
}

extension Design {
    /// Calls `body` with the rows, a block at a time, in order.
    func forEachBlock(_ body: (inout DesignBlock) -> Void) {
        var block = DesignBlock(families, rowCount: rowCount)
        for start in stride(from: 0, to: rowCount, by: DesignBlock.rowsMax) {
            block.fill(self, from: start)
            body(&block)
        }
    }
}
