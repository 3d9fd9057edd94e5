import HTTPServer
import Testing

@Suite("A live server refuses", .timeLimit(.minutes(40)))
struct RefusalTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let bytes: String

        init(_ name: String, _ bytes: String) {
            self.name = name
            self.bytes = bytes
        }

        var testDescription: String { name }
    }

    private static func post(_ headers: String...) -> String {
        request("POST /", headers: headers, body: "abc")
    }

    @Test(
        "what could hide a second request: 400, a problem document, and the connection is closed",
        arguments: [
            Case("no Host", "GET / HTTP/1.1\r\n\r\n"), Case("two Hosts", request("GET /", headers: ["Host: b"])),
            Case("Content-Length twice", post("Content-Length: 3", "Content-Length: 3")),
            Case("two lengths", post("Content-Length: 3", "Content-Length: 30")),
            Case("both kinds of length", post("Content-Length: 3", "Transfer-Encoding: chunked")),
            Case("Transfer-Encoding twice", post("Transfer-Encoding: chunked", "Transfer-Encoding: chunked")),
            Case("an unknown coding", post("Transfer-Encoding: gzip")),
            Case("identity", post("Transfer-Encoding: identity")),
            Case("a list of codings", post("Transfer-Encoding: gzip, chunked")),
            Case("no digits beside a coding", post("Content-Length: 3x", "Transfer-Encoding: chunked")),
            Case("a chunked body in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            Case("a space before the colon", post("Content-Length : 3")),
            Case("a tab before the colon", request("GET /", headers: ["X\t: y"])),
            Case("a name that is no token", request("GET /", headers: ["X(: y"])),
            Case("an empty name", request("GET /", headers: [": y"])),
            Case("a folded line", request("GET /", headers: ["X: y", " z"])),
            Case("a folded length", post("Content-Length: 3", " 0")),
            Case("a fold by a tab", request("GET /", headers: ["X: y", "\tz"])),
            Case("a fold before the first field", "GET / HTTP/1.1\r\n X: y\r\nHost: h\r\n\r\n"),
            Case("a bare LF behind a field", "GET / HTTP/1.1\r\nHost: h\nX: y\r\n\r\n"),
            Case("a bare LF behind the request line", "GET / HTTP/1.1\nHost: h\r\n\r\n"),
            Case("a bare LF at the end", "GET / HTTP/1.1\r\nHost: h\r\n\n"),
            Case("a bare CR in a value", request("GET /", headers: ["X: a\rb"])),
            Case("a NUL in a value", request("GET /", headers: ["X: a\u{0}b"])),
            Case("a NUL that hides a field", request("GET /", headers: ["\u{0}Content-Length: 5"])),
            Case("a control character in a value", request("GET /", headers: ["X: a\u{1}b"])),
            Case("a NUL in the URL", "GET /\u{0}?a=1 HTTP/1.1\r\nHost: h\r\n\r\n"),
            Case("a NUL in the method", "GE\u{0}T / HTTP/1.1\r\nHost: h\r\n\r\n"),
            Case("a method that is no token", "G(T / HTTP/1.1\r\nHost: h\r\n\r\n"),
            Case("a space in the URL", request("GET /a b")), Case("two spaces", request("GET  /")),
            Case("a fragment", request("GET /#a")), Case("a URL of no kind", request("GET a")),
        ])
    func smuggling(one: Case) throws {
        let server = try TestServer()
        let client = try server.client()
        try client.send(one.bytes + request("GET /second"))
        let answer = try client.answer()
        #expect(answer.status == 400)
        #expect(answer.isProblem)
        #expect(answer.headers["connection"] == "close")
        #expect(client.isClosed())
        #expect(server.log.lines.contains { $0.hasPrefix("refused with 400") })
    }

    @Test(
        "what the library itself takes for malformed, without a handler being called",
        arguments: [
            Case("a length that is not digits", post("Content-Length: +3")),
            Case("a negative length", post("Content-Length: -3")),
            Case("a list of lengths", post("Content-Length: 3, 3")),
            Case("a length beyond 64 bits", post("Content-Length: 99999999999999999999999")),
            Case("a line without a colon", request("GET /", headers: ["nonsense"])),
            Case("a NUL in a name", request("GET /", headers: ["X\u{0}Y: z"])),
            Case("HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), Case("HTTP/0.9", "GET /\r\n\r\n"),
            Case(
                "a chunk that is not a number",
                request("POST /", headers: ["Transfer-Encoding: chunked"], body: "x\r\n")),
            Case("a URL beyond the memory of a connection", request("GET /" + String(repeating: "a", count: 100_000))),
            Case("a field beyond it", request("GET /", headers: ["X: " + String(repeating: "a", count: 100_000)])),
        ])
    func libraryRefusals(one: Case) throws {
        let server = try TestServer { _ in
            Issue.record("the handler was called")
            return .now(text(""))
        }
        let client = try server.client()
        try client.send(one.bytes)
        let status = try client.answer().status
        #expect((400...599).contains(status))
        #expect(client.isClosedInTheEnd())
    }

    @Test(
        "a part that does not decode: 400 that names it, and the connection stays",
        arguments: [
            ("/?length=%zz", "length"), ("/?length=95%00", "length"), ("/?species=%ff%fe", "species"), ("/%", "path"),
            ("/?%ff=1", "parameter 1"),
        ])
    func undecodable(target: String, name: String) throws {
        let server = try TestServer()
        let client = try server.client()
        for body in ["", "abc"] {
            try client.send(request("POST \(target)", headers: ["Content-Length: \(body.count)"], body: body))
            let answer = try client.answer()
            #expect(answer.status == 400)
            #expect(answer.isProblem)
            #expect(answer.text.contains(name))
        }
        try client.send(request("GET /"))
        #expect(try client.answer().status == 200)
    }
}
