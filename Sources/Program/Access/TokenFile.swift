/// The text of a file of tokens: a line for each, `read TOKEN` or `write TOKEN`, and a name behind it where one is wanted.
///
///     # who            token                             name
///     read             7f0c2f6be1f94d0e9b1c8a53a1d0e7c4  dashboard
///     write            c1d9e6b85a3f4f7e8b90a2d3c4e5f607  sink
///
/// A name is letters, digits, `.`, `_` and `-`; without one the token is called by its line. Empty lines and those that
/// begin with `#` are left out.
package enum TokenFile {
    package static let bytesMax = 1 << 17
    static let tokensMax = 256
    static let secretBytesMax = 256
    static let nameBytesMax = 64

    /// - Throws: `TokenFileProblem`, which names the line and holds nothing of a token.
    package static func tokens(in text: String) throws(TokenFileProblem) -> TokenTable {
        var tokens: [AccessToken] = []
        var number = 0
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            number += 1
            let words = line.split { $0 == " " || $0 == "\t" }
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            let token = try token(words, line: number)
            if let other = tokens.first(where: { $0.secret == token.secret }) {
                throw TokenFileProblem("line \(number) has the token of \(other.name) again")
            }
            if tokens.contains(where: { $0.name == token.name }) {
                throw TokenFileProblem("line \(number): there is a token called \(token.name) already")
            }
            tokens.append(token)
            guard tokens.count <= tokensMax else { throw TokenFileProblem("at most \(tokensMax) tokens are accepted") }
        }
        guard !tokens.isEmpty else { throw TokenFileProblem("it holds no token; a line for each is accepted: \(form)") }
        return TokenTable(tokens)
    }

    /// The token that a client sends: the only word of the file, or of a server's file the first that may write, else the
    /// first.
    /// - Throws: `TokenFileProblem`.
    package static func tokenToSend(in text: String) throws(TokenFileProblem) -> String {
        let lines = text.split { $0.isNewline }.filter { !$0.hasPrefix("#") }
        let words = lines.flatMap { $0.split { $0 == " " || $0 == "\t" } }
        if words.count == 1, let word = words.first, isSecret(word.utf8) { return String(word) }
        let tokens = try tokens(in: text).tokens
        let token = tokens.first { $0.role == .write } ?? tokens[0]
        return String(decoding: token.secret, as: UTF8.self)
    }

    private static func isSecret(_ bytes: some Collection<UInt8>) -> Bool {
        bytes.count <= secretBytesMax && bytes.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    private static let form = "read TOKEN or write TOKEN, and a name behind it where one is wanted"

    private static func token(_ words: [Substring], line: Int) throws(TokenFileProblem) -> AccessToken {
        guard let role = Role(rawValue: String(words[0])) else {
            // The word may be a token whose role was forgotten.
            throw TokenFileProblem("line \(line) begins with no role; accepted is \(form)")
        }
        guard (2...3).contains(words.count) else {
            throw TokenFileProblem("line \(line) has \(words.count) words; accepted is \(form)")
        }
        let secret = Array(words[1].utf8)
        guard isSecret(secret) else {
            throw TokenFileProblem(
                "line \(line): a token is at most \(secretBytesMax) letters, digits and signs of ASCII")
        }
        let name = words.count == 3 ? String(words[2]) : "line-\(line)"
        guard name.utf8.count <= nameBytesMax, name.utf8.allSatisfy(isNameByte) else {
            throw TokenFileProblem(
                "line \(line): a token's name is at most \(nameBytesMax) letters, digits, '.', '_' and '-'")
        }
        return AccessToken(role: role, name: name, secret: secret)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

/// Why a file gives no tokens.
package struct TokenFileProblem: Error, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
