/// What a term of a formula is a product of; R calls it a variable of the model frame.
package struct Atom: Sendable, Hashable {
    /// As R writes it: `area`, `log(area)`, `poly(area, 3)`, `factor(rooms)`, `district`.
    package let name: String
    let kind: Kind

    enum Kind: Sendable, Hashable {
        case number(Expression)
        case polynomial(Polynomial)
        case factor(Factor)
    }

    /// A column of levels, or one of numbers that is taken for one, as `factor(cyl)` takes it.
    struct Factor: Sendable, Hashable {
        let column: String
        let isOfNumbers: Bool

        /// Names in byte order, numbers in theirs.
        func precedes(_ level: String, _ other: String) -> Bool {
            guard isOfNumbers, let left = Double(level), let right = Double(other) else {
                return level.precedesInByteOrder(other)
            }
            return left < right
        }
    }

    /// Powers of an expression up to a degree: as they are, or made orthogonal on the rows of the fit.
    struct Polynomial: Sendable, Hashable {
        let argument: Expression
        let degree: Int
        let isRaw: Bool
    }

    var factor: Factor? { if case .factor(let factor) = kind { factor } else { nil } }

    /// The column that it takes for levels.
    package var factorColumn: String? { factor?.column }
    package var isFactorOfNumbers: Bool { factor?.isOfNumbers ?? false }
    package var isOrthogonalPolynomial: Bool { orthogonalPolynomial != nil }

    /// A polynomial whose basis the rows of the fit decide.
    var orthogonalPolynomial: Polynomial? {
        if case .polynomial(let polynomial) = kind, !polynomial.isRaw { polynomial } else { nil }
    }

    /// The columns of numbers that it reads.
    package var numbers: [String] {
        switch kind {
        case .number(let expression): expression.columns
        case .polynomial(let polynomial): polynomial.argument.columns
        case .factor(let factor): factor.isOfNumbers ? [factor.column] : []
        }
    }
}

// MARK: - Reading

extension Atom {
    /// - Parameter factors: the columns that hold levels.
    init(_ syntax: FormulaSyntax, factors: Set<String>, in text: String) throws(FormulaError) {
        name = syntax.text
        if case .name(let column, _) = syntax, factors.contains(column) {
            kind = .factor(Factor(column: column, isOfNumbers: false))
            return
        }
        switch syntax {
        case .call("factor", let arguments, _), .call("as.factor", let arguments, _):
            kind = .factor(try Self.factor(arguments, factors: factors, syntax, in: text))
        case .call("poly", let arguments, _):
            kind = .polynomial(try Self.polynomial(arguments, syntax, in: text))
        case .call("offset", _, _):
            throw FormulaError(
                text: text, place: syntax.place,
                problem: "an offset is not accepted; take it from the response instead: I(y - x)")
        default:
            kind = .number(try Expression(syntax, in: text))
        }
        if let column = syntax.columns.first(where: factors.contains), factor == nil {
            throw FormulaError(
                text: text, place: syntax.place,
                problem: "'\(column)' holds levels and no numbers; a factor stands alone or joined by :")
        }
        if numbers.isEmpty, factor == nil {
            throw FormulaError(
                text: text, place: syntax.place,
                problem: "'\(name)' names no column; of numbers alone, 0 and 1 have a meaning among terms")
        }
    }

    private static func factor(
        _ arguments: [FormulaSyntax.Argument], factors: Set<String>, _ syntax: FormulaSyntax, in text: String
    ) throws(FormulaError) -> Factor {
        guard arguments.count == 1, arguments[0].name == nil || arguments[0].name == "x",
            case .name(let column, _) = arguments[0].value
        else {
            throw FormulaError(
                text: text, place: syntax.place, problem: "'factor' takes the name of one column, as factor(rooms)")
        }
        return Factor(column: column, isOfNumbers: !factors.contains(column))
    }

    private static func polynomial(
        _ arguments: [FormulaSyntax.Argument], _ syntax: FormulaSyntax, in text: String
    ) throws(FormulaError) -> Polynomial {
        let problem = { (problem: String, place: Range<Int>) in FormulaError(text: text, place: place, problem: problem)
        }
        var (argument, degree, isRaw): (FormulaSyntax?, FormulaSyntax?, Bool) = (nil, nil, false)
        for given in arguments {
            switch given.name {
            case nil where argument == nil, "x": argument = given.value
            case nil where degree == nil, "degree": degree = given.value
            case "raw":
                guard let value = given.value.truth else {
                    throw problem("'raw' is TRUE or FALSE", given.value.place)
                }
                isRaw = value
            default:
                throw problem("'poly' takes a column, a degree, and raw = TRUE: poly(x, 2)", given.value.place)
            }
        }
        guard let argument else { throw problem("'poly' takes a column and a degree: poly(x, 2)", syntax.place) }
        let power = degree.map(\.wholeNumber) ?? 1
        guard let power, 1...Formula.powerMax ~= power else {
            throw problem(
                "the degree of 'poly' is a whole number from 1 to \(Formula.powerMax)", (degree ?? syntax).place)
        }
        return Polynomial(argument: try Expression(argument, in: text), degree: power, isRaw: isRaw)
    }
}

extension FormulaSyntax {
    fileprivate var truth: Bool? {
        switch self {
        case .name("TRUE", _), .name("T", _): true
        case .name("FALSE", _), .name("F", _): false
        default: nil
        }
    }
}
