/// A response and the terms that it is regressed on, as R reads `log(price) ~ area + rooms * district`.
package struct Formula: Sendable, Hashable {
    /// As R writes it, with the columns in place of a point.
    package let description: String
    package let response: Response
    /// False for R's `- 1` and `0 +`.
    let hasIntercept: Bool
    /// In the order in which the formula names them.
    package let atoms: [Atom]
    package let terms: [Term]
    /// The columns of numbers that a prediction needs, each once, in the order in which the atoms first name them.
    package let numbers: [String]
    /// The columns of levels that a prediction needs, in the same order.
    package let factors: [String]
    /// The columns that are taken for levels, whether they hold names or numbers.
    package let factorColumns: [String]

    /// A product of atoms.
    package struct Term: Sendable, Hashable {
        /// As R labels it: `area`, `district:log(area)`.
        package let name: String
        /// Places of `Formula.atoms`, in their order.
        let atoms: [Int]
    }

    /// The highest power of a column that is accepted.
    static let powerMax = 32
    /// The most columns of a design, levels included, that are accepted.
    package static let columnsMax = 1000

    /// - Parameters:
    ///   - text: by R's grammar; see `FormulaParser`.
    ///   - columns: of the data, in their order: what a point stands for, less the response's.
    ///   - factors: those of the columns that hold levels; all others are numbers.
    /// - Throws: `FormulaError` with the place.
    package init(_ text: String, columns: [String] = [], factors: Set<String> = []) throws(FormulaError) {
        let (left, right) = try FormulaParser.sides(of: text)
        let response = try Response(left, factors: factors, in: text)
        self.response = response
        let others = columns.filter { $0 != response.column }
        var expansion = TermExpansion(text: text, factors: factors, others: others)
        let places = try expansion.terms(of: right)
        if let place = places.flatMap({ $0 }).first(where: { expansion.atoms[$0].reads(response.column) }) {
            throw FormulaError(
                text: text, place: right.place,
                problem: "the response '\(response.column)' stands among the terms as well, in"
                    + " '\(expansion.atoms[place].name)'; it cannot be predicted from itself")
        }
        hasIntercept = expansion.hasIntercept
        // Atoms of terms that were removed are asked of nobody.
        let used = Set(places.flatMap { $0 })
        let kept = expansion.atoms.indices.filter(used.contains)
        let newPlace = Dictionary(uniqueKeysWithValues: zip(kept, kept.indices))
        let atoms = kept.map { expansion.atoms[$0] }
        self.atoms = atoms
        (numbers, self.factors, factorColumns) = atoms.columns
        terms = places.map { term in Term(term.map { newPlace[$0]! }, of: atoms) }
        description = "\(left.text) ~ \((others.isEmpty ? right : right.expandingPoint(others)).text)"
        guard hasIntercept || !terms.isEmpty else {
            throw FormulaError(
                text: text, place: right.place,
                problem: "the formula has neither terms nor an intercept, so there is nothing to estimate")
        }
    }

    /// The same formula without the terms that hold a factor.
    ///
    /// Where indicators of the factor stood in for an intercept, there is one instead: without it, all that the factor
    /// explained would be forced through the origin.
    ///
    /// - Parameter columns: of levels, or of numbers that are taken for levels.
    package func without(factors columns: Set<String>) -> Formula {
        let isOut = { (place: Int) in atoms[place].factor.map { columns.contains($0.column) } ?? false }
        let left = terms.filter { !$0.atoms.contains(where: isOut) }
        guard left.count < terms.count else { return self }
        let used = Set(left.flatMap(\.atoms))
        let kept = atoms.indices.filter(used.contains)
        let newPlace = Dictionary(uniqueKeysWithValues: zip(kept, kept.indices))
        let stoodIn = terms.first { term in term.atoms.contains { atoms[$0].factor != nil } }
        let needsIntercept = left.isEmpty || stoodIn.map { $0.atoms.contains(where: isOut) } ?? false
        return Formula(
            response: response, hasIntercept: hasIntercept || needsIntercept, atoms: kept.map { atoms[$0] },
            terms: left.map { Term($0.atoms.map { newPlace[$0]! }, of: kept.map { atoms[$0] }) })
    }

    private init(response: Response, hasIntercept: Bool, atoms: [Atom], terms: [Term]) {
        self.response = response
        self.hasIntercept = hasIntercept
        self.atoms = atoms
        (numbers, factors, factorColumns) = atoms.columns
        self.terms = terms
        let right = (terms.isEmpty ? ["1"] : terms.map(\.name)).joined(separator: " + ")
        description = "\(response.name) ~ \(right)\(hasIntercept ? "" : " - 1")"
    }
}

extension Formula.Term {
    fileprivate init(_ places: [Int], of atoms: [Atom]) {
        name = places.map { atoms[$0].name }.joined(separator: ":")
        self.atoms = places
    }
}

extension Formula: CustomStringConvertible {}

extension [Atom] {
    fileprivate var columns: (numbers: [String], factors: [String], factorColumns: [String]) {
        let factors = compactMap(\.factor)
        return (
            FormulaSyntax.distinct(flatMap(\.numbers)),
            FormulaSyntax.distinct(factors.filter { !$0.isOfNumbers }.map(\.column)),
            FormulaSyntax.distinct(factors.map(\.column))
        )
    }
}

extension Atom {
    fileprivate func reads(_ column: String) -> Bool { factor?.column == column || numbers.contains(column) }
}

extension Formula {
    /// How many columns its design has, for so many levels of each factor's column.
    package func columnCount(levels counts: [String: Int]) -> Int {
        var levels: [String: [String]] = [:]
        var polynomials: [String: PolynomialBasis] = [:]
        for atom in atoms {
            if let factor = atom.factor { levels[atom.name] = (0..<counts[factor.column, default: 0]).map(String.init) }
            if let polynomial = atom.orthogonalPolynomial {
                polynomials[atom.name] = PolynomialBasis(
                    alpha: Array(repeating: 0, count: polynomial.degree),
                    squaredNorms: Array(repeating: 1, count: polynomial.degree + 1))
            }
        }
        return DesignLayout(self, row: RowColumns(of: self), levels: levels, polynomials: polynomials).columns.count
    }

    /// Whether a column stands in a logarithm by itself, so that it must be above 0.
    package func takesLogarithm(of column: String) -> Bool {
        atoms.contains { atom in
            switch atom.kind {
            case .number(let expression): expression.isLogarithm(of: column)
            case .polynomial(let polynomial): polynomial.argument.isLogarithm(of: column)
            case .factor: false
            }
        }
    }

    /// Whether every number is a column of a row, so that a formula is defined wherever its numbers are.
    package var takesNumbersAsTheyAre: Bool {
        atoms.allSatisfy { atom in
            switch atom.kind {
            case .number(let expression): expression.plainColumn != nil
            case .polynomial(let polynomial): polynomial.argument.plainColumn != nil
            case .factor: true
            }
        }
    }

    /// Whether all that the formula makes of a row's numbers is a finite number.
    ///
    /// - Parameter numbers: in the order of `row`.
    package func isDefined(numbers: [Double], row: RowColumns) -> Bool {
        atoms.allSatisfy { atom in
            let expression: Expression
            switch atom.kind {
            case .number(let number): expression = number
            case .polynomial(let polynomial): expression = polynomial.argument
            case .factor: return true
            }
            if expression.plainColumn != nil { return true }
            let places = expression.columns.map { row.numbers.firstIndex(of: $0)! }
            let value: Double = expression.value { numbers[places[$0]] }
            return value.isFinite
        }
    }
}
