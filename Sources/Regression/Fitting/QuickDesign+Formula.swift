/// The columns of a formula for a `QuickDesign`.
extension QuickDesign {
    /// - Parameters:
    ///   - formula: its polynomials are made orthogonal on these rows, which spans the same fits as any others.
    ///   - row: how the rows are told.
    ///   - numbers: by its columns of numbers.
    ///   - levels: by its factors.
    ///   - group: the factor whose levels are the groups; nil where all rows are one.
    ///   - responses: on the scale of the fit.
    package init(
        _ formula: Formula, row: RowColumns, numbers: [[Double]], levels: [FactorColumn], group: String?,
        responses: [Double]
    ) {
        let isGroupAlone = { (term: Formula.Term) in
            term.atoms.count == 1 && formula.atoms[term.atoms[0]].factor.map { $0.column == group } ?? false
        }
        let spansIntercept =
            formula.hasIntercept
            || formula.terms.contains { $0.atoms.count == 1 && formula.atoms[$0.atoms[0]].factor != nil }
        let columns =
            formula.isPlain(in: row)
            ? numbers
            : Self.columns(
                formula, row: row, numbers: numbers, levels: levels, rowCount: responses.count,
                leavingOut: isGroupAlone)
        self.init(
            columns: columns, groups: group.flatMap { row.factors.firstIndex(of: $0) }.map { levels[$0] },
            responses: responses, hasIntercept: spansIntercept,
            hasIndicators: formula.terms.contains(where: isGroupAlone))
    }

    /// All but the intercept and the columns of some terms.
    private static func columns(
        _ formula: Formula, row: RowColumns, numbers: [[Double]], levels: [FactorColumn], rowCount: Int,
        leavingOut isLeftOut: (Formula.Term) -> Bool
    ) -> [[Double]] {
        var known: [String: [String]] = [:]
        var factors: [Atom.Factor: FactorColumn] = [:]
        var polynomials: [String: PolynomialBasis] = [:]
        for atom in formula.atoms {
            if let factor = atom.factor {
                let column = factor.column(row: row, numbers: numbers, levels: levels)
                factors[factor] = column
                known[atom.name] = Set(column.usedNames).sorted { factor.precedes($0, $1) }
            }
            if let polynomial = atom.orthogonalPolynomial {
                let places = polynomial.argument.columns.map { row.numbers.firstIndex(of: $0)! }
                let values: [DoubleDouble] = (0..<rowCount).map { row in
                    polynomial.argument.value { DoubleDouble(numbers[places[$0]][row]) }
                }
                // Of too few different values any basis of the degree is as good.
                polynomials[atom.name] =
                    PolynomialBasis(of: values, degree: polynomial.degree) ?? .monomials(degree: polynomial.degree)
            }
        }
        let layout = DesignLayout(formula, row: row, levels: known, polynomials: polynomials)
        let kept = layout.columns.indices.filter { place in
            layout.columns[place].term.map { !isLeftOut(formula.terms[$0]) } ?? false
        }
        return cells(
            kept, of: layout, numbers: numbers, factors: layout.factors.map { factors[$0]! }, rowCount: rowCount)
    }

    private static func cells(
        _ kept: [Int], of layout: DesignLayout, numbers: [[Double]], factors: [FactorColumn], rowCount: Int
    ) -> [[Double]] {
        // Of each factor, the place of a code's name among the layout's levels.
        let places = zip(factors, layout.levels).map { factor, levels in
            let known = LevelPlaces(levels)
            return factor.names.map { known.place(of: $0) ?? 0 }
        }
        var values = Array(repeating: 0.0, count: numbers.count)
        var codes = Array(repeating: 0, count: factors.count)
        var basis = Array(repeating: 0.0, count: layout.basisCount)
        var columns = kept.map { _ in Array(repeating: 0.0, count: rowCount) }
        for row in 0..<rowCount {
            for place in numbers.indices { values[place] = numbers[place][row] }
            for place in factors.indices { codes[place] = places[place][Int(factors[place].codes[row])] }
            layout.fillBasis(&basis, values)
            for (place, column) in kept.enumerated() {
                columns[place][row] = layout.cell(column, basis: basis, codes: codes)
            }
        }
        return columns
    }
}

extension Formula {
    /// Whether its columns of numbers are those of a row, as they stand, and one factor at the most stands beside them.
    fileprivate func isPlain(in row: RowColumns) -> Bool {
        let expressions = atoms.filter { $0.factor == nil }
        return hasIntercept && terms.allSatisfy { $0.atoms.count == 1 } && expressions.map(\.name) == row.numbers
            && atoms.count - expressions.count <= 1 && numbers == row.numbers
    }
}

extension Atom.Factor {
    fileprivate func column(row: RowColumns, numbers: [[Double]], levels: [FactorColumn]) -> FactorColumn {
        isOfNumbers
            ? FactorColumn(numbers[row.numbers.firstIndex(of: column)!])
            : levels[row.factors.firstIndex(of: column)!]
    }
}

extension PolynomialBasis {
    fileprivate static func monomials(degree: Int) -> PolynomialBasis {
        PolynomialBasis(
            alpha: Array(repeating: 0, count: degree), squaredNorms: Array(repeating: 1, count: degree + 1))
    }
}
