extension LinearModel {
    /// The smallest tolerance that is accepted: what is left of a column is known to about 10⁻¹⁵ of its norm.
    package static let toleranceMin = 1e-14
    /// R's.
    package static let defaultTolerance = 1e-7

    /// Ordinary least squares by the normal equations, formed and solved in double-double, with the results of R's `lm`.
    ///
    /// - Parameters:
    ///   - row: how rows are told to the model; nil where they have the columns of the formula and no others.
    ///   - tolerance: a column is aliased where, after the columns before it, less than this part of its norm is
    ///   left: R's rule and default. From `toleranceMin` up to but excluding 1.
    package static func fit(
        _ formula: Formula, to table: Table, row: RowColumns? = nil, tolerance: Double = defaultTolerance
    ) throws(FitRefusal) -> LinearModel {
        try fit(formula, and: [], to: table, row: row, tolerance: tolerance)[0]
    }

    /// The same for a formula and for others whose columns are mostly among its own, so that the normal equations of these
    /// are a part of its own.
    ///
    /// - Returns: the model of the formula, then those of the others.
    package static func fit(
        _ formula: Formula, and others: [Formula], to table: Table, row: RowColumns? = nil,
        tolerance: Double = defaultTolerance
    ) throws(FitRefusal) -> [LinearModel] {
        guard tolerance >= toleranceMin, tolerance < 1 else { throw .tolerance(tolerance) }
        let row = row ?? RowColumns(of: formula)
        let design = try Design(formula, row: row, table: table)
        let equations = NormalEquations(design)
        var models = [try LinearModel(formula, row, LeastSquares(design, equations, tolerance: tolerance))]
        for other in others {
            let smaller = try Design(other, row: row, table: table)
            let part = design.hasIntercept == smaller.hasIntercept ? equations.part(smaller, of: design) : nil
            let solution = LeastSquares(smaller, part ?? NormalEquations(smaller), tolerance: tolerance)
            models.append(try LinearModel(other, row, solution))
        }
        return models
    }

    private init(_ formula: Formula, _ row: RowColumns, _ solution: LeastSquares) throws(FitRefusal) {
        guard !solution.factor.kept.isEmpty else { throw .nothingToFit }
        self.init(
            unchecked: formula, row: row, solution.design.layout,
            levels: solution.design.levels,
            polynomials: solution.design.polynomials,
            coefficients: try solution.coefficients(),
            rowCount: solution.design.rowCount,
            tolerance: solution.tolerance,
            residualSumOfSquares: try solution.residualSum(),
            explainedSumOfSquares: try solution.explainedSum(),
            triangularFactor: try solution.triangularFactor(),
            aliases: solution.aliases())
    }
}

/// The results in the units of the data.
extension LeastSquares {
    fileprivate func coefficients() throws(FitRefusal) -> [LinearModel.Coefficient] {
        let columns = design.layout.columns
        let errors = scaledStandardErrors()
        var coefficients = design.layout.names.map {
            LinearModel.Coefficient(name: $0, estimate: nil, standardError: nil)
        }
        for (place, column) in factor.kept.enumerated() {
            let name = design.layout.names[column]
            let exponent = design.response.exponent - design.exponent(of: column)
            var estimate = estimates[place]
            if columns[column].isIntercept { estimate += DoubleDouble(design.responseShift) }
            coefficients[column] = LinearModel.Coefficient(
                name: name,
                estimate: try estimate.inRange(exponent, "the coefficient of '\(name)'"),
                standardError: try errors?[place].inRange(exponent, "the standard error of '\(name)'"))
        }
        return coefficients
    }

    /// None whose factors are out of range, as of a column that is nearly 0: it is carried by nothing then.
    fileprivate func aliases() -> [LinearModel.Alias] {
        factor.combinations.compactMap { column, factors in
            let inUnits = zip(factors, factor.kept).map { factor, kept in
                Double(factor.scaled(byPowerOfTwo: design.exponent(of: column) - design.exponent(of: kept)))
            }
            return inUnits.allSatisfy(\.isFinite) ? LinearModel.Alias(column: column, factors: inUnits) : nil
        }
    }

    /// Nil where no degrees of freedom are left.
    private func scaledStandardErrors() -> [DoubleDouble]? {
        let degreesOfFreedom = design.rowCount - factor.kept.count
        guard degreesOfFreedom > 0 else { return nil }
        let variance = residualSumOfSquares / DoubleDouble(Double(degreesOfFreedom))
        return factor.inverseDiagonal().map { (variance * $0).squareRoot() }
    }

    fileprivate func residualSum() throws(FitRefusal) -> Double {
        try residualSumOfSquares.inRange(2 * design.response.exponent, "the residual sum of squares")
    }

    fileprivate func explainedSum() throws(FitRefusal) -> Double {
        try explainedSumOfSquares.inRange(2 * design.response.exponent, "the explained sum of squares")
    }

    /// Row by row without the zeros, as `LinearModel` keeps it.
    fileprivate func triangularFactor() throws(FitRefusal) -> [Double] {
        var rows: [Double] = []
        for i in factor.kept.indices {
            for j in i..<factor.kept.count {
                let exponent = design.exponent(of: factor.kept[j])
                rows.append(try factor.entries[Triangle.place(i, j)].inRange(exponent, "the triangular factor"))
            }
        }
        return rows
    }
}

extension DoubleDouble {
    /// This number times 2 to a power as a double, refused where that is infinite or has lost digits.
    fileprivate func inRange(_ exponent: Int, _ result: String) throws(FitRefusal) -> Double {
        let value = Double(scaled(byPowerOfTwo: exponent))
        guard value.isNormal || high == 0 else { throw .outOfRange(result) }
        return value
    }
}
