/// What a formula says, as it was written: R's language before any meaning.
indirect enum FormulaSyntax: Sendable, Equatable {
    case number(Double, place: Range<Int>)
    case name(String, place: Range<Int>)
    case call(String, [Argument], place: Range<Int>)
    case sign(String, FormulaSyntax, place: Range<Int>)
    case pair(FormulaSyntax, String, FormulaSyntax)
    case group(FormulaSyntax, place: Range<Int>)

    struct Argument: Sendable, Equatable {
        let name: String?
        let value: FormulaSyntax
    }

    /// In characters of the formula's text.
    var place: Range<Int> {
        switch self {
        case .number(_, let place), .name(_, let place), .call(_, _, let place), .sign(_, _, let place),
            .group(_, let place):
            place
        case .pair(let left, _, let right): left.place.lowerBound..<right.place.upperBound
        }
    }

    /// As R's `deparse` writes it, which is also the name of a coefficient: `I(x^2)`, `exp(a/50)`, `poly(x, 2)`.
    var text: String {
        switch self {
        case .number(let value, _): value.wholeTextOfR
        case .name(let name, _): name == "." ? name : name.quotedForR
        case .call(let name, let arguments, _): "\(name)(\(arguments.map(\.text).joined(separator: ", ")))"
        case .sign(let sign, let operand, _): sign + operand.text
        case .pair(let left, let sign, let right):
            ["/", "^", ":"].contains(sign) ? left.text + sign + right.text : "\(left.text) \(sign) \(right.text)"
        case .group(let inner, _): "(\(inner.text))"
        }
    }

    /// The columns that it names, each once, in order.
    var columns: [String] {
        switch self {
        case .number: []
        case .name(let name, _): [name]
        // What stands there is TRUE or FALSE.
        case .call(_, let arguments, _): Self.distinct(arguments.filter { $0.name != "raw" }.flatMap(\.value.columns))
        case .sign(_, let operand, _): operand.columns
        case .pair(let left, _, let right): Self.distinct(left.columns + right.columns)
        case .group(let inner, _): inner.columns
        }
    }

    static func distinct(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }
}

extension FormulaSyntax.Argument {
    var text: String { (name.map { "\($0) = " } ?? "") + value.text }
}

extension String {
    /// In backticks where R needs them.
    package var quotedForR: String { isSyntacticName ? self : "`\(self)`" }
}
