import Testing

@testable import HTTPServer

@Suite("The header fields of a request")
struct HeaderRulesTests {
    @Test(
        "say what body follows",
        arguments: [
            ([], HeaderRules.Body.none), ([("Content-Length", "0")], .none), ([("content-length", "12")], .length(12)),
            ([("CONTENT-LENGTH", "0012")], .length(12)), ([("Transfer-Encoding", "chunked")], .chunked),
            ([("transfer-encoding", "CHUNKED")], .chunked), ([("Content-Lengthy", "x")], .none),
            ([("Accept", "a"), ("Accept", "b")], .none), ([("X-Text", "\u{E4}\t,")], .none),
        ] as [([(String, String)], HeaderRules.Body)])
    func bodies(fields: [(String, String)], body: HeaderRules.Body) throws {
        #expect(try check([("Host", "h")] + fields) == body)
    }

    @Test("give a length beyond every limit as too large", arguments: [20, 40, 400])
    func saturation(digits: Int) throws {
        let body = try check([("Host", "h"), ("Content-Length", String(repeating: "9", count: digits))])
        guard case .length(let bytes) = body else {
            Issue.record("\(body)")
            return
        }
        #expect(bytes > Int.max / 32)
    }

    @Test(
        "are refused where they leave a doubt",
        arguments: [
            ([], "needs a Host"), ([("Host", "a"), ("Host", "a")], "Host is given more than once"),
            ([("Host", "a"), ("hOST", "b")], "Host is given more than once"), ([("Host", "a, b")], "Host is one"),
            ([("Host", "a/b")], "Host is one"), ([("Host", "u@a")], "Host is one"),
            (
                [("Host", "h"), ("Content-Length", "3"), ("Content-Length", "3")],
                "Content-Length is given more than once"
            ),
            ([("Host", "h"), ("Content-Length", "3"), ("Transfer-Encoding", "chunked")], "exclude each other"),
            ([("Host", "h"), ("Transfer-Encoding", "chunked"), ("Content-Length", "3")], "exclude each other"),
            (
                [("Host", "h"), ("Transfer-Encoding", "chunked"), ("Transfer-Encoding", "chunked")],
                "Transfer-Encoding is given more than once"
            ),
            ([("Host", "h"), ("Transfer-Encoding", "gzip")], "only Transfer-Encoding"),
            ([("Host", "h"), ("Transfer-Encoding", "gzip, chunked")], "only Transfer-Encoding"),
            ([("Host", "h"), ("Transfer-Encoding", "xchunked")], "only Transfer-Encoding"),
            ([("Host", "h"), ("Transfer-Encoding", "")], "only Transfer-Encoding"),
            ([("Host", "h"), ("Content-Length", "")], "empty"), ([("Host", "h"), ("Content-Length", "+3")], "digits"),
            ([("Host", "h"), ("Content-Length", "-3")], "digits"),
            ([("Host", "h"), ("Content-Length", "3,3")], "digits"),
            ([("Host", "h"), ("Content-Length", "0x3")], "digits"),
            ([("Host", "h"), ("Content-Length", "3 3")], "digits"),
            ([("Host ", "h")], "space"), ([("Host\t", "h")], "space"), ([("", "v")], "no name"),
            ([("X(", "v")], "name"),
            ([("Host", "h"), ("X", "a\rb")], "control"), ([("Host", "h"), ("X", "a\u{0}b")], "control"),
            ([("Host", "h"), ("X", "a\u{7F}")], "control"),
        ] as [([(String, String)], String)])
    func refusals(fields: [(String, String)], part: String) {
        let error = #expect(throws: HTTPRefusal.self) { try check(fields) }
        #expect(error?.status == 400)
        #expect(error?.detail.contains(part) == true, "\(error?.detail ?? "none")")
    }

    @Test("of HTTP/1.0 need no Host and cannot be chunked")
    func oldVersion() throws {
        #expect(try check([("Content-Length", "5")], isHTTP10: true) == .length(5))
        #expect(throws: HTTPRefusal.self) { try check([("Transfer-Encoding", "chunked")], isHTTP10: true) }
    }

    private func check(_ fields: [(String, String)], isHTTP10: Bool = false) throws -> HeaderRules.Body {
        var rules = HeaderRules()
        for (name, value) in fields { try rules.note(name: Array(name.utf8).span, value: Array(value.utf8).span) }
        return try rules.body(isHTTP10: isHTTP10)
    }
}
