/// The columns of a design matrix, in R's order and under R's names: the intercept, then those of each term.
///
/// A column is a product of basis functions, which are numbers made of a row's numbers, and of indicators, each of a
/// factor's level. All that forms columns (fit, prediction, leverage, applicability) does it by `fillBasis` and `cell`.
struct DesignLayout: Sendable, Equatable {
    struct Column: Sendable, Equatable {
        /// Places of the formula's terms; nil of the intercept.
        let term: Int?
        /// Places among the values of `fillBasis`.
        let basis: [Int]
        let indicators: [Indicator]

        var isIntercept: Bool { term == nil }
    }

    /// 1 where a factor, by its place in `factors`, has a level, by its place among the levels; else 0.
    struct Indicator: Sendable, Hashable {
        let factor: Int
        let level: Int
    }

    /// What makes one or more basis functions of a row's numbers.
    enum Source: Sendable, Equatable {
        /// A number, by its place in the row, raised to a whole power.
        case power(number: Int, exponent: Int)
        case expression(Expression, numbers: [Int])
        case polynomial(Expression, numbers: [Int], PolynomialBasis)

        var count: Int { if case .polynomial(_, _, let basis) = self { basis.degree } else { 1 } }
    }

    /// The atoms that are factors: the first of `Column.indicators`' places.
    let factors: [Atom.Factor]
    /// Of each factor where a row tells its level: a place in its factors, or in its numbers.
    let placesOfFactors: [Int]
    /// Of each factor, in its order; the first is the reference.
    let levels: [[String]]
    let sources: [Source]
    let basisCount: Int
    let columns: [Column]
    /// `(Intercept)`, `area`, `I(area^2)`, `districtnorth`, `poly(area, 2)1:districtnorth`.
    let names: [String]

    /// - Parameters:
    ///   - row: where a row has the columns of the formula.
    ///   - levels: those of each factor by its atom's name; an atom that is missing has none.
    ///   - polynomials: the bases of the orthogonal polynomials by their atoms' names.
    init(
        _ formula: Formula, row: RowColumns, levels: [String: [String]], polynomials: [String: PolynomialBasis]
    ) {
        var builder = LayoutBuilder(formula, row: row, levels: levels, polynomials: polynomials)
        builder.build()
        factors = builder.factors
        placesOfFactors = builder.placesOfFactors
        self.levels = builder.levels
        sources = builder.sources
        basisCount = builder.basisCount
        columns = builder.columns
        names = builder.names
    }

    /// A name that two columns would share, if there is one: a document could not tell their coefficients apart.
    var repeatedName: String? {
        var seen: Set<String> = []
        return names.first { !seen.insert($0).inserted }
    }

    /// Works out the basis functions of a row.
    ///
    /// - Parameters:
    ///   - values: has a place for each of them.
    ///   - numbers: the row's.
    func fillBasis(_ values: inout [Double], _ numbers: [Double]) {
        var place = 0
        for source in sources {
            switch source {
            case .power(let column, let exponent): values[place] = numbers[column].raised(to: exponent)
            case .expression(let expression, let places): values[place] = expression.value { numbers[places[$0]] }
            case .polynomial(let expression, let places, let basis):
                let first = place
                let argument: Double = expression.value { numbers[places[$0]] }
                basis.forEachValue(at: argument) { values[first + $0] = $1 }
            }
            place += source.count
        }
    }

    /// A column's value for a row.
    ///
    /// - Parameters:
    ///   - basis: the row's, by `fillBasis`.
    ///   - codes: the place of the row's level for each of `factors`.
    @inline(__always)
    func cell(_ column: Int, basis: [Double], codes: [Int]) -> Double {
        let column = columns[column]
        for indicator in column.indicators where codes[indicator.factor] != indicator.level { return 0 }
        guard let first = column.basis.first else { return 1 }
        var product = basis[first]
        for place in column.basis.dropFirst() { product = product * basis[place] }
        return product
    }
}

/// Lays the columns of a formula out.
private struct LayoutBuilder {
    private let formula: Formula
    private let row: RowColumns
    private let levelsByName: [String: [String]]
    private let polynomials: [String: PolynomialBasis]
    private(set) var factors: [Atom.Factor] = []
    private(set) var placesOfFactors: [Int] = []
    private(set) var levels: [[String]] = []
    private(set) var sources: [DesignLayout.Source] = []
    private(set) var basisCount = 0
    private(set) var columns: [DesignLayout.Column] = []
    private(set) var names: [String] = []

    /// What an atom adds to a term's columns: of a number one alternative, of a factor one for each level.
    private struct Alternative {
        let name: String
        var basis: [Int] = []
        var indicators: [DesignLayout.Indicator] = []
    }

    init(
        _ formula: Formula, row: RowColumns, levels: [String: [String]], polynomials: [String: PolynomialBasis]
    ) {
        self.formula = formula
        self.row = row
        levelsByName = levels
        self.polynomials = polynomials
    }

    mutating func build() {
        if formula.hasIntercept {
            columns.append(DesignLayout.Column(term: nil, basis: [], indicators: []))
            names.append("(Intercept)")
        }
        let ofAtoms = formula.atoms.map { atom in alternatives(of: atom) }
        let full = ContrastRule.full(in: formula)
        for (place, term) in formula.terms.enumerated() {
            var products = [Alternative(name: "")]
            // The first atom's alternatives change fastest.
            for (position, atom) in term.atoms.enumerated() {
                let isReferenceLeftOut = formula.atoms[atom].factor != nil && !full[place].contains(atom)
                products = ofAtoms[atom].dropFirst(isReferenceLeftOut ? 1 : 0).flatMap { alternative in
                    products.map { product in
                        Alternative(
                            name: position == 0 ? alternative.name : "\(product.name):\(alternative.name)",
                            basis: product.basis + alternative.basis,
                            indicators: product.indicators + alternative.indicators)
                    }
                }
            }
            columns += products.map { DesignLayout.Column(term: place, basis: $0.basis, indicators: $0.indicators) }
            names += products.map(\.name)
        }
    }

    private mutating func alternatives(of atom: Atom) -> [Alternative] {
        switch atom.kind {
        case .number(let expression):
            let place = add(source(of: expression))
            return [Alternative(name: atom.name, basis: [place])]
        case .polynomial(let polynomial):
            let names = (1...polynomial.degree).map { polynomial.degree == 1 ? atom.name : "\(atom.name)\($0)" }
            return zip(names, places(of: polynomial, atom.name)).map { Alternative(name: $0, basis: [$1]) }
        case .factor(let factor):
            let place = factors.count
            let names = levelsByName[atom.name] ?? []
            factors.append(factor)
            levels.append(names)
            let holders = factor.isOfNumbers ? row.numbers : row.factors
            placesOfFactors.append(holders.firstIndex(of: factor.column)!)
            return names.indices.map { level in
                Alternative(
                    name: atom.name + names[level],
                    indicators: [DesignLayout.Indicator(factor: place, level: level)])
            }
        }
    }

    private func numbers(of expression: Expression) -> [Int] {
        expression.columns.map { row.numbers.firstIndex(of: $0)! }
    }

    private func source(of expression: Expression) -> DesignLayout.Source {
        guard let power = expression.powerOfColumn else {
            return .expression(expression, numbers: numbers(of: expression))
        }
        return .power(number: row.numbers.firstIndex(of: power.column)!, exponent: power.exponent)
    }

    private mutating func places(of polynomial: Atom.Polynomial, _ name: String) -> [Int] {
        let argument = polynomial.argument
        guard polynomial.isRaw else {
            let basis = polynomials[name] ?? PolynomialBasis(alpha: [], squaredNorms: [])
            let first = add(.polynomial(argument, numbers: numbers(of: argument), basis))
            return Array(first..<first + polynomial.degree)
        }
        return (1...polynomial.degree).map { degree in add(source(of: argument.raised(to: degree))) }
    }

    /// - Returns: the place of its first basis function.
    private mutating func add(_ source: DesignLayout.Source) -> Int {
        sources.append(source)
        basisCount += source.count
        return basisCount - source.count
    }
}
