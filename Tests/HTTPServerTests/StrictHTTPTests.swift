import HTTPServer
import Testing

/// The wire, byte for byte: what `RequestReaderTests` holds of the reading, and what the library makes of it.
@Suite("A live server, to the byte", .timeLimit(.minutes(40)))
struct StrictHTTPTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let bytes: String
        let statuses: [Int]

        init(_ name: String, _ bytes: String, _ statuses: [Int]) {
            self.name = name
            self.bytes = bytes
            self.statuses = statuses
        }

        var testDescription: String { name }
    }

    private static let get = request("GET /")
    private static let chunked = request("POST /", headers: ["Transfer-Encoding: chunked"])

    @Test("refuses with one status line and one problem document, then closes", arguments: RequestReaderTests.faults)
    func refusals(text: String, status: Int, part: String) throws {
        let server = try TestServer()
        for prefix in ["", Self.get + Self.chunked + "3\r\nabc\r\n0\r\n\r\n"] {
            let client = try server.client()
            try client.send(prefix + text + Self.get)
            let answers = try client.answersToTheEnd()
            #expect(answers.map(\.status) == (prefix.isEmpty ? [] : [200, 200]) + [status])
            #expect(answers.last?.isProblem == true)
            #expect(answers.last?.text.contains(part) == true)
            #expect(answers.last?.headers["connection"] == "close")
        }
    }

    @Test(
        "answers as many requests as there are",
        arguments: [
            Case("absolute targets", request("GET http://h/a?b=c") + request("GET HTTP://h"), [200, 200]),
            Case("asterisk", request("OPTIONS *"), [200]), Case("dot segments", request("GET /a/../b/./c"), [200]),
            Case("an escaped slash", request("GET /a%2Fb%2f..%2fc"), [200]),
            Case("a pipeline of kinds", get + chunked + "0\r\n\r\n" + request("HEAD /x") + get, [200, 200, 200, 200]),
            Case("a bad one in the middle", get + "GET / HTTP/1.1\n\r\n" + get, [200, 400]),
            Case(
                "nothing behind one that closes", request("GET /", headers: ["Connection: close"]) + "\0\n" + get, [200]
            ),
            Case("nothing behind HTTP/1.0", "GET / HTTP/1.0\r\n\r\n" + get, [200]),
            Case("an empty line before a request", "\r\n" + get + "\r\n" + get, [200, 200]),
            Case(
                "a request in a body", request("POST /", headers: ["Content-Length: \(get.utf8.count)"], body: get),
                [200]),
            Case(
                "a request in a chunk", chunked + "1b\r\n" + "GET / HTTP/1.1\r\nHost: h\r\n\r\n" + "\r\n0\r\n\r\n",
                [200]),
            Case(
                "an Expect that is met",
                request("POST /", headers: ["Content-Length: 3", "Expect: 100-Continue"], body: "abc"), [100, 200]),
            Case(
                "an Expect in HTTP/1.0", "POST / HTTP/1.0\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc",
                [200]),
            Case("a broken-off body", get + request("POST /", headers: ["Content-Length: 9"], body: "abc"), [200]),
            Case("a broken-off chunk", get + chunked + "3\r\nab", [200]),
            Case("a broken-off head", get + "GET / HT", [200]),
        ])
    func counts(one: Case) throws {
        // The shorter the time for a request, the more often the caretaker looks for clients that hung up.
        let server = try TestServer(limits { $0.requestSecondsMax = 1 })
        let client = try server.client()
        try client.send(one.bytes)
        client.finishSending()
        var statuses: [Int] = []
        while let answer = try? client.answer(hasBody: !one.name.contains("kinds") || statuses.count != 2) {
            statuses.append(answer.status)
            if answer.status >= 400 { #expect(answer.isProblem) }
        }
        #expect(statuses == one.statuses)
        #expect(client.isClosedInTheEnd())
    }

    @Test("hands a path over as it was sent, but for its escapes: no part of it is resolved")
    func paths() throws {
        let server = try TestServer()
        let paths = [
            ("/a/../b/./c", "/a/../b/./c"), ("/a%2Fb", "/a/b"), ("//a", "//a"), ("/%2e%2e/a", "/../a"),
            ("/a%3Fb", "/a?b"),
            ("http://h/a", "/a"), ("http://h", "/"),
        ]
        for (target, path) in paths {
            #expect(try server.answer(to: request("GET \(target)")).text.hasPrefix("GET \(path)\n"))
        }
    }

    @Test("refuses a byte at a time, too", arguments: ["GET\t/ HTTP/1.1\r\n", "POST / HTTP/1.1\r\nHost: h\r\n x\r\n"])
    func dripped(text: String) throws {
        let server = try TestServer()
        let client = try server.client()
        for byte in text.utf8 { try client.send([byte]) }
        #expect(try client.answersToTheEnd().map(\.status) == [400])
    }

    @Test("answers what came before a malformed request even where it waits for work")
    func later() throws {
        let pile = Pile()
        let server = try TestServer { request in .later { pile.add($0, text(request.path)) } }
        let client = try server.client()
        try client.send(request("GET /1") + request("GET /2") + "nonsense\r\n")
        for count in 1...2 {
            #expect(eventually { pile.count == 1 })
            pile.answerAll()
            #expect(try client.answer().text == "/\(count)")
        }
        #expect(try client.answersToTheEnd().map(\.status) == [400])
    }

    @Test("answers a HEAD that it refuses without a body")
    func head() throws {
        let server = try TestServer()
        let client = try server.client()
        try client.send("HEAD / HTTP/1.1\r\nHost: h\r\nX : y\r\n\r\n")
        #expect(try client.answer(hasBody: false).status == 400)
        #expect(client.isClosed())
    }

    @Test(
        "takes cookies as long as the library has room for its copy of them, and refuses more by itself: 431",
        arguments: ["a", "a=b; ", "=;", ",", "\""], [0, 40])
    func cookies(part: String, fields: Int) throws {
        let server = try TestServer()
        let client = try server.client()
        var taken = 0
        for bytes in stride(from: 0, to: 7000, by: 97) {
            let cookie = "Cookie: " + String(repeating: part, count: bytes / part.utf8.count)
            try client.send(request("GET /", headers: Array(repeating: "X: y", count: fields) + [cookie]))
            let answer = try client.answer()
            guard answer.status == 200 else {
                #expect(answer.status == 431)
                #expect(answer.isProblem)
                break
            }
            taken = bytes
        }
        // A record for each cookie takes more than the shortest cookie itself.
        #expect(taken > (part == "a" ? 2000 : part == "a=b; " ? 150 : -1))
    }

    @Test("lets a client that is refused in the middle of an upload read why", arguments: [0, 100_000, 3_000_000])
    func upload(bytes: Int) throws {
        let server = try TestServer()
        let client = try server.client()
        try client.send(Self.chunked + "zz\r\n")
        try? client.send([UInt8](repeating: 120, count: bytes))
        #expect(try client.answersToTheEnd().map(\.status) == [400])
    }
}
