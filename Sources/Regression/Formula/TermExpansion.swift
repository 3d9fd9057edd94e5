/// The terms that a formula's right side stands for, by the rules of R's `terms.formula`: a term is a set of atoms, `+`
/// joins lists of terms, `:` every term of one list with every one of the other, and `* / ^ %in% -` follow from these.
struct TermExpansion {
    /// In the order in which the formula names them: it decides the order of names and columns within a term.
    private(set) var atoms: [Atom] = []
    private(set) var hasIntercept = true
    private var placeOfAtom: [String: Int] = [:]
    private let text: String
    private let factors: Set<String>
    /// What a point stands for.
    private let others: [String]

    /// More terms than any written formula has; `^` and `*` make them quickly.
    private static let termsMax = 2_000

    typealias Terms = [Set<Int>]

    init(text: String, factors: Set<String>, others: [String]) {
        self.text = text
        self.factors = factors
        self.others = others
    }

    /// - Returns: the terms as places of `atoms`, those of fewer atoms first.
    mutating func terms(of syntax: FormulaSyntax) throws(FormulaError) -> [[Int]] {
        let terms = try expand(syntax).map { $0.sorted() }
        return terms.enumerated().sorted { ($0.element.count, $0.offset) < ($1.element.count, $1.offset) }.map(
            \.element)
    }

    private func error(_ syntax: FormulaSyntax, _ problem: String) -> FormulaError {
        FormulaError(text: text, place: syntax.place, problem: problem)
    }

    private mutating func expand(_ syntax: FormulaSyntax, isRemoved: Bool = false) throws(FormulaError) -> Terms {
        switch syntax {
        case .group(let inner, _): return try expand(inner, isRemoved: isRemoved)
        case .number(let value, _):
            guard value == 0 || value == 1 else {
                throw error(syntax, "of numbers, only 0 and 1 stand among terms, for no intercept and an intercept")
            }
            hasIntercept = (value == 1) != isRemoved
            return []
        case .name(".", _):
            guard !others.isEmpty else {
                throw error(syntax, "there are no other columns that the point could stand for")
            }
            return try others.map { name throws(FormulaError) in try [atom(.name(name, place: syntax.place))] }
        case .sign("-", let operand, _):
            _ = try expand(operand, isRemoved: !isRemoved)
            return []
        case .sign(_, let operand, _): return try expand(operand, isRemoved: isRemoved)
        case .pair(let left, let sign, let right):
            return try joined(left, sign, right, isRemoved: isRemoved, in: syntax)
        case .name, .call: return try [[atom(syntax)]]
        }
    }

    private mutating func atom(_ syntax: FormulaSyntax) throws(FormulaError) -> Int {
        if let place = placeOfAtom[syntax.text] { return place }
        let atom = try Atom(syntax, factors: factors, in: text)
        placeOfAtom[atom.name] = atoms.count
        atoms.append(atom)
        return atoms.count - 1
    }

    private mutating func joined(
        _ left: FormulaSyntax, _ sign: String, _ right: FormulaSyntax, isRemoved: Bool, in syntax: FormulaSyntax
    ) throws(FormulaError) -> Terms {
        let first = try expand(left, isRemoved: isRemoved)
        if sign == "^" { return try raised(first, to: right) }
        let second = try expand(right, isRemoved: sign == "-" ? !isRemoved : isRemoved)
        let terms: Terms =
            switch sign {
            case "+": first + second
            case "-": first.filter { !second.contains($0) }
            case ":": Self.products(first, second)
            case "*": first + second + Self.products(first, second)
            case "/": first + second.map { $0.union(first.joined()) }
            default: first.map { $0.union(second.joined()) }
            }
        return try bounded(terms, in: syntax)
    }

    private func raised(_ terms: Terms, to exponent: FormulaSyntax) throws(FormulaError) -> Terms {
        guard let power = exponent.wholeNumber, 1...Formula.powerMax ~= power else {
            throw error(
                exponent,
                "among terms ^ joins them so many times, from 1 to \(Formula.powerMax); the power of a column is I(x^2)"
            )
        }
        var raised = terms
        for _ in 1..<power { raised = try bounded(Self.products(raised, terms), in: exponent) }
        return raised
    }

    private static func products(_ left: Terms, _ right: Terms) -> Terms {
        left.flatMap { one in right.map { one.union($0) } }
    }

    /// Each term once.
    private func bounded(_ terms: Terms, in syntax: FormulaSyntax) throws(FormulaError) -> Terms {
        var seen: Set<Set<Int>> = []
        let distinct = terms.filter { !$0.isEmpty && seen.insert($0).inserted }
        guard distinct.count <= Self.termsMax else {
            throw error(syntax, "this stands for \(distinct.count) terms; at most \(Self.termsMax) are accepted")
        }
        return distinct
    }
}

extension FormulaSyntax {
    /// With the columns that a point stands for in its place, as R writes such a formula: in parentheses, unless the point
    /// is all there is.
    func expandingPoint(_ others: [String]) -> FormulaSyntax {
        let names = others.map { FormulaSyntax.name($0, place: place) }
        guard let first = names.first else { return self }
        let sum = names.dropFirst().reduce(first) { .pair($0, "+", $1) }
        if case .name(".", _) = self { return sum }
        return replacingPoint(by: .group(sum, place: place))
    }

    private func replacingPoint(by sum: FormulaSyntax) -> FormulaSyntax {
        switch self {
        case .name(".", _), .group(.name(".", _), _): sum
        case .pair(let left, let sign, let right):
            .pair(left.replacingPoint(by: sum), sign, right.replacingPoint(by: sum))
        case .sign(let sign, let operand, let place): .sign(sign, operand.replacingPoint(by: sum), place: place)
        case .group(let inner, let place): .group(inner.replacingPoint(by: sum), place: place)
        case .number, .name, .call: self
        }
    }
}
