/// A piece of a formula's text.
struct FormulaToken: Equatable {
    enum Kind: Equatable {
        /// With its value; R writes `1L` for a whole number.
        case number(Double)
        /// A column's or function's name, without the backticks that it may stand in.
        case name(String)
        /// `~ + - * / ^ : ( ) , = %in%`
        case mark(String)
        case end
    }

    let kind: Kind
    /// In characters of the text, from 0 on.
    let place: Range<Int>
}

/// Cuts a formula's text into tokens, by R's rules of names and numbers.
struct FormulaLexer {
    private let text: String
    private let characters: [Character]
    private var place = 0

    /// - Throws: `FormulaError` at the first character that begins no token.
    static func tokens(of text: String) throws(FormulaError) -> [FormulaToken] {
        var lexer = FormulaLexer(text)
        var tokens: [FormulaToken] = []
        repeat { tokens.append(try lexer.next()) } while tokens.last?.kind != .end
        return tokens
    }

    private init(_ text: String) {
        self.text = text
        characters = Array(text)
    }

    private var current: Character? { place < characters.count ? characters[place] : nil }
    private var following: Character? { place + 1 < characters.count ? characters[place + 1] : nil }

    private mutating func next() throws(FormulaError) -> FormulaToken {
        while current?.isWhitespace == true { place += 1 }
        let start = place
        guard let character = current else { return FormulaToken(kind: .end, place: start..<start) }
        let kind: FormulaToken.Kind =
            if character.isDigit || character == "." && following?.isDigit == true {
                try number()
            } else if character.beginsName {
                .name(take(while: \.continuesName))
            } else if character == "`" {
                try quotedName()
            } else {
                try mark(character)
            }
        return FormulaToken(kind: kind, place: start..<place)
    }

    private mutating func take(while isPart: (Character) -> Bool) -> String {
        let start = place
        while let character = current, isPart(character) { place += 1 }
        return String(characters[start..<place])
    }

    private mutating func number() throws(FormulaError) -> FormulaToken.Kind {
        let start = place
        var digits = take { $0.isDigit || $0 == "." }
        if current == "e" || current == "E" {
            place += 1
            digits += "e"
            if let sign = current, sign == "-" || sign == "+" {
                digits.append(sign)
                place += 1
            }
            digits += take(while: \.isDigit)
        }
        if digits.last == "." { digits.removeLast() }
        guard let value = Double(digits.first == "." ? "0\(digits)" : digits), value.isFinite,
            current?.beginsName != true || current == "L"
        else {
            _ = take(while: \.continuesName)
            throw FormulaError(
                text: text, place: start..<place,
                problem: "'\(String(characters[start..<place]))' is no number; numbers are written as 12, 0.5 or 1e-3")
        }
        if current == "L" { place += 1 }
        return .number(value)
    }

    private mutating func quotedName() throws(FormulaError) -> FormulaToken.Kind {
        let start = place
        place += 1
        let name = take { $0 != "`" }
        guard current == "`", !name.isEmpty else {
            throw FormulaError(
                text: text, place: start..<place,
                problem: "a name in backticks must have a character and an end: `a name`")
        }
        place += 1
        return .name(name)
    }

    private mutating func mark(_ character: Character) throws(FormulaError) -> FormulaToken.Kind {
        let start = place
        place += 1
        switch character {
        case "*" where current == "*":
            // R reads ** as ^.
            place += 1
            return .mark("^")
        case "~", "+", "-", "*", "/", "^", ":", "(", ")", ",", "=": return .mark(String(character))
        case "%":
            let word = take { $0 != "%" && !$0.isWhitespace }
            if word == "in", current == "%" {
                place += 1
                return .mark("%in%")
            }
        default: break
        }
        throw FormulaError(
            text: text, place: start..<max(place, start + 1),
            problem: "'\(character)' has no meaning here; accepted are names, numbers and ~ + - * / ^ : %in% ( )."
                + " A name with other characters stands in backticks: `a name`")
    }
}

extension Character {
    fileprivate var isDigit: Bool { isASCII && isNumber }
    fileprivate var beginsName: Bool { isLetter || self == "." }
    fileprivate var continuesName: Bool { isLetter || isNumber || self == "." || self == "_" }
}

extension String {
    /// Whether R reads it as a name without backticks.
    var isSyntacticName: Bool {
        guard let first, first.beginsName else { return false }
        if first == ".", dropFirst().first?.isDigit == true { return false }
        return allSatisfy(\.continuesName)
    }
}
