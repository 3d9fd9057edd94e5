import Testing

@testable import Program

@Suite("The file of tokens")
struct TokenFileTests {
    @Test("a line is a role, a token and a name; comments and empty lines are left out")
    func lines() throws {
        let table = try TokenFile.tokens(in: "# who\n\nread r3ad\n  write\tw-r/i+t~e=  sink \r\n#write no\nread x")
        #expect(
            table.tokens == [
                AccessToken(role: .read, name: "line-3", secret: Array("r3ad".utf8)),
                AccessToken(role: .write, name: "sink", secret: Array("w-r/i+t~e=".utf8)),
                AccessToken(role: .read, name: "line-6", secret: [UInt8(ascii: "x")]),
            ])
    }

    @Test(
        "what is wrong is told by its line, without a word that could be a token",
        arguments: [
            ("", "holds no token"), ("# read s3cret\n", "holds no token"), ("s3cret", "line 1 begins with no role"),
            ("read r\nREAD s3cret", "line 2 begins with no role"), ("read", "line 1 has 1 words"),
            ("read s3cret a b", "line 1 has 4 words"), ("write s3crét", "line 1: a token is"),
            ("write \(String(repeating: "s3cret", count: 50))", "line 1: a token is"),
            ("write s3cret name!", "line 1: a token's name is"),
            ("read s3cret\nwrite s3cret", "line 2 has the token of line-1 again"),
            ("read s3cret a\nwrite s3cret2 a", "line 2: there is a token called a already"),
            ((0...300).map { "read s3cret\($0)\n" }.joined(), "at most 256"),
        ])
    func broken(_ text: String, _ reason: String) {
        let error = #expect(throws: TokenFileProblem.self) { try TokenFile.tokens(in: text) }
        #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
        #expect(error?.description.contains("s3cr") == false)
    }

    @Test(
        "a client sends the only word of its file, or the first token that may write, or the first",
        arguments: [
            ("s3cret\n", "s3cret"), ("# mine\n\ts3cret", "s3cret"), ("read a\nwrite b\nwrite c", "b"),
            ("read a x\nread b", "a"),
        ])
    func toSend(_ text: String, _ token: String) throws {
        #expect(try TokenFile.tokenToSend(in: text) == token)
    }

    @Test("a client's file without a token is refused", arguments: ["", "#", "s3cret other", "s3c\u{1}ret"])
    func nothingToSend(_ text: String) {
        let error = #expect(throws: TokenFileProblem.self) { try TokenFile.tokenToSend(in: text) }
        #expect(error?.description.contains("s3c") == false)
    }

    @Test("only the whole token is the token")
    func compared() throws {
        let table = try TokenFile.tokens(in: "read abab one\nwrite abcabd two")
        for (given, name) in [
            ("abab", "one"), ("abcabd", "two"), ("ab", nil), ("aba", nil), ("ababa", nil), ("abababab", nil), ("", nil),
            ("abc", nil), ("abcabc", nil), ("\u{0}bab", nil), ("abac", nil),
        ] as [(String, String?)] {
            #expect(table.index(of: Array(given.utf8).span).map { table.tokens[$0].name } == name, "\(given)")
        }
    }

    @Test("a token is told by its name and role, never by its secret")
    func description() throws {
        let token = try TokenFile.tokens(in: "write s3cret sink").tokens[0]
        var dumped = ""
        dump(token, to: &dumped)
        for text in ["\(token)", String(reflecting: token), dumped] { #expect(text.contains("sink (write)")) }
        #expect(!dumped.contains("115"), "the first byte of the secret")
    }
}
