/// The columns of a formula for a `QuickDesign`.
extension QuickDesign {
    /// - Parameters:
    ///   - formula: its polynomials are made orthogonal on these rows, which spans the same fits as any others.
    ///   - row: how the rows are told.
    ///   - numbers: of each row.
    ///   - levels: of each row; asked for where the formula needs them.
    ///   - groups: of each row; the levels of the factor `group` where there is one.
    ///   - responses: on the scale of the fit.
    package init(
        _ formula: Formula, row: RowColumns, numbers: [[Double]], levels: () -> [[String]], groups: [String],
        group: String?, responses: [Double]
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
            : Self.columns(formula, row: row, numbers: numbers, levels: levels(), leavingOut: isGroupAlone)
        self.init(
            predictors: columns, levels: groups, responses: responses, hasIntercept: spansIntercept,
            hasIndicators: formula.terms.contains(where: isGroupAlone))
    }

    /// All but the intercept and the columns of some terms.
    private static func columns(
        _ formula: Formula, row: RowColumns, numbers: [[Double]], levels: [[String]],
        leavingOut isLeftOut: (Formula.Term) -> Bool
    ) -> [[Double]] {
        var known: [String: [String]] = [:]
        var polynomials: [String: PolynomialBasis] = [:]
        for atom in formula.atoms {
            if let factor = atom.factor {
                let texts = factor.texts(row: row, numbers: numbers, levels: levels)
                known[atom.name] = Set(texts).sorted { factor.precedes($0, $1) }
            }
            if let polynomial = atom.orthogonalPolynomial {
                let places = polynomial.argument.columns.map { row.numbers.firstIndex(of: $0)! }
                let values: [DoubleDouble] = numbers.map { numbers in
                    polynomial.argument.value { DoubleDouble(numbers[places[$0]]) }
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
        let plan = PredictionPlan(formula, row: row, layout, estimates: layout.columns.map { _ in 0 })
        return zip(numbers, levels).map { numbers, levels in
            let codes = plan.codes(numbers: numbers, levels: levels) ?? []
            let basis = plan.basis(numbers)
            return kept.map { layout.cell($0, basis: basis, codes: codes) }
        }
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
    fileprivate func texts(row: RowColumns, numbers: [[Double]], levels: [[String]]) -> [String] {
        isOfNumbers
            ? row.numbers.firstIndex(of: column).map { place in numbers.map { $0[place].textOfR } } ?? []
            : row.factors.firstIndex(of: column).map { place in levels.map { $0[place] } } ?? []
    }
}

extension PolynomialBasis {
    fileprivate static func monomials(degree: Int) -> PolynomialBasis {
        PolynomialBasis(
            alpha: Array(repeating: 0, count: degree), squaredNorms: Array(repeating: 1, count: degree + 1))
    }
}
