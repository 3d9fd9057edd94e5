/// Reads a formula's text by R's grammar: `^` binds most, then signs, `:`, `%in%`, `* /`, `+ -`, `~`.
struct FormulaParser {
    /// Deeper than any formula that people write; each level costs stack.
    private static let depthMax = 64
    package static let textMax = 8_000

    private let text: String
    private let tokens: [FormulaToken]
    private var next = 0
    private var depth = 0

    /// - Returns: what stands before and after the tilde.
    static func sides(of text: String) throws(FormulaError) -> (response: FormulaSyntax, terms: FormulaSyntax) {
        var parser = try FormulaParser(text)
        let response = try parser.expression()
        try parser.expect("~", "a formula is a response, ~, and terms: price ~ area + district")
        let terms = try parser.expression()
        guard parser.token.kind == .end else {
            throw parser.error("the formula should end here, or go on with + - * / ^ : or %in%")
        }
        return (response, terms)
    }

    private init(_ text: String) throws(FormulaError) {
        guard text.utf8.count <= Self.textMax else {
            throw FormulaError(
                text: String(text.prefix(60)), place: 0..<1,
                problem: "the formula has \(text.utf8.count) bytes; at most \(Self.textMax) are accepted")
        }
        self.text = text
        tokens = try FormulaLexer.tokens(of: text)
    }

    private var token: FormulaToken { tokens[next] }

    private func error(_ problem: String) -> FormulaError {
        FormulaError(text: text, place: token.place, problem: problem)
    }

    private mutating func take(_ mark: String) -> Range<Int>? {
        guard token.kind == .mark(mark) else { return nil }
        defer { next += 1 }
        return token.place
    }

    private mutating func expect(_ mark: String, _ problem: String) throws(FormulaError) {
        guard take(mark) != nil else { throw error(problem) }
    }

    // MARK: The levels of binding, the weakest first

    private static let levels: [[String]] = [["+", "-"], ["*", "/"], ["%in%"], [":"]]

    private mutating func expression() throws(FormulaError) -> FormulaSyntax {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthMax else {
            throw error("the formula is nested more than \(Self.depthMax) levels deep")
        }
        return try binary(level: 0)
    }

    private mutating func binary(level: Int) throws(FormulaError) -> FormulaSyntax {
        guard level < Self.levels.count else { return try signed() }
        var left = try binary(level: level + 1)
        while case .mark(let mark) = token.kind, Self.levels[level].contains(mark) {
            next += 1
            left = .pair(left, mark, try binary(level: level + 1))
        }
        return left
    }

    private mutating func signed() throws(FormulaError) -> FormulaSyntax {
        for sign in ["-", "+"] {
            if let place = take(sign) {
                depth += 1
                defer { depth -= 1 }
                guard depth <= Self.depthMax else { throw error("too many signs stand before this") }
                let operand = try signed()
                return .sign(sign, operand, place: place.lowerBound..<operand.place.upperBound)
            }
        }
        return try power()
    }

    private mutating func power() throws(FormulaError) -> FormulaSyntax {
        let base = try operand()
        guard take("^") != nil else { return base }
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthMax else {
            throw error("the formula is nested more than \(Self.depthMax) levels deep")
        }
        // From the right: 2^3^2 is 2^(3^2). The exponent may have a sign.
        return .pair(base, "^", try signed())
    }

    private mutating func operand() throws(FormulaError) -> FormulaSyntax {
        let place = token.place
        switch token.kind {
        case .number(let value):
            next += 1
            return .number(value, place: place)
        case .name(let name):
            next += 1
            guard take("(") != nil else { return .name(name, place: place) }
            return try call(name, from: place.lowerBound)
        case .mark("("):
            next += 1
            let inner = try expression()
            let end = token.place.upperBound
            try expect(")", "a parenthesis that was opened is not closed")
            return .group(inner, place: place.lowerBound..<end)
        case .mark, .end:
            throw error("a name, a number or a parenthesis should stand here")
        }
    }

    private mutating func call(_ name: String, from start: Int) throws(FormulaError) -> FormulaSyntax {
        var arguments: [FormulaSyntax.Argument] = []
        while true {
            var label: String?
            if case .name(let name) = token.kind, tokens[next + 1].kind == .mark("=") {
                label = name
                next += 2
            }
            arguments.append(FormulaSyntax.Argument(name: label, value: try expression()))
            guard take(",") != nil else { break }
        }
        let end = token.place.upperBound
        try expect(")", "the arguments of '\(name)' should go on with a comma or end with )")
        return .call(name, arguments, place: start..<end)
    }
}
