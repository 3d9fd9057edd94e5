import Glibc
import HTTPServer
import Testing

@Suite("A conversation with a live server", .timeLimit(.minutes(40)))
struct ConversationTests {
    @Test("hands over method, path, query, headers and body")
    func everything() throws {
        let server = try TestServer()
        let answer = try server.answer(
            to: request(
                "POST /a%20b?x=1+2&y", headers: ["X-One: 1 ", "X-Two:\t2", "Content-Length: 5"], body: "hello"))
        #expect(answer.status == 200)
        #expect(answer.headers["content-type"] == "text/plain")
        #expect(answer.headers["date"]?.hasSuffix("GMT") == true)
        #expect(
            answer.text.split(separator: "\n") == [
                "POST /a b", "?x=1 2", "?y=", "Host: test", "X-One: 1", "X-Two: 2", "Content-Length: 5", "body 5 hello",
            ])
    }

    @Test("goes on for many requests on one connection")
    func keepAlive() throws {
        let server = try TestServer()
        let client = try server.client()
        for index in 0..<500 {
            let body = String(repeating: "b", count: index)
            try client.send(
                index % 2 == 0
                    ? request("GET /\(index)?n=\(index)")
                    : request("POST /\(index)", headers: ["Content-Length: \(index)"], body: body))
            let answer = try client.answer()
            #expect(answer.text.contains(" /\(index)\n"))
            #expect(answer.text.contains("body \(index % 2 == 0 ? 0 : index) "))
            #expect(answer.headers["connection"] == nil)
        }
    }

    @Test("answers pipelined requests in their order")
    func pipelining() throws {
        let server = try TestServer()
        let client = try server.client()
        let bytes = (0..<20).map { index in
            index % 3 == 0
                ? request("POST /\(index)", headers: ["Content-Length: 3"], body: "abc") : request("GET /\(index)")
        }
        try client.send(bytes.joined())
        for index in 0..<20 { #expect(try client.answer().text.contains(" /\(index)\n")) }
    }

    @Test("carries bodies of any size within the limit", arguments: [0, 1, 4000, 16_384, 200_000, 3_000_000])
    func bodies(count: Int) throws {
        let server = try TestServer { request in
            .now(HTTPResponse(status: 200, headers: [HTTPField("Content-Type", "text/plain")], body: request.body))
        }
        let client = try server.client()
        let body = String(decoding: (0..<count).map { UInt8(ascii: "a") + UInt8($0 % 26) }, as: UTF8.self)
        try client.send(request("POST /", headers: ["Content-Length: \(count)"], body: body))
        #expect(try client.answer().text == body)
        try client.send(request("GET /after"))
        #expect(try client.answer().status == 200)
    }

    @Test("takes a chunked body, however it is cut, and goes on after it", arguments: [1, 7, 1000])
    func chunked(size: Int) throws {
        let server = try TestServer()
        let client = try server.client()
        let bytes = request(
            "POST /c", headers: ["Transfer-Encoding: chunked"],
            body: "5\r\nhello\r\nA;extension=1; a = \"b\\\"\"\r\n, chunked \r\n5;x\r\nworld\r\n0\r\n\r\n")
        let all = Array(bytes.utf8)
        for start in stride(from: 0, to: all.count, by: size) {
            try client.send(Array(all[start..<min(start + size, all.count)]))
        }
        #expect(try client.answer().text.hasSuffix("body 20 hello, chunked world"))
        try client.send(request("GET /after"))
        #expect(try client.answer().status == 200)
    }

    @Test("asks for the body of a client that waits to be asked")
    func expectContinue() throws {
        let server = try TestServer()
        let client = try server.client()
        try client.send(request("POST /e", headers: ["Content-Length: 3", "Expect: 100-continue"]))
        #expect(try client.answer().status == 100)
        try client.send("abc")
        #expect(try client.answer().text.hasSuffix("body 3 abc"))
    }

    @Test("refuses a client that waits to be asked, instead of asking")
    func expectRefused() throws {
        let server = try TestServer(limits { $0.bodyBytesMax = 10 })
        let client = try server.client()
        try client.send(request("POST /e", headers: ["Content-Length: 11", "Expect: 100-continue"]))
        #expect(try client.answer().status == 413)
        #expect(client.isClosed())
    }

    @Test("answers HEAD with the length and without the body")
    func head() throws {
        let server = try TestServer { _ in .now(text("hello")) }
        let client = try server.client()
        try client.send(request("HEAD /"))
        let answer = try client.answer(hasBody: false)
        #expect(answer.status == 200)
        #expect(answer.headers["content-length"] == "5")
        try client.send(request("GET /"))
        #expect(try client.answer().text == "hello")
    }

    @Test("sends no body with 204")
    func noContent() throws {
        let server = try TestServer { _ in .now(HTTPResponse(status: 204)) }
        let client = try server.client()
        for _ in 0..<2 {
            try client.send(request("DELETE /"))
            let answer = try client.answer()
            #expect(answer.status == 204)
            #expect(answer.headers["content-length"] == nil)
        }
    }

    @Test("closes after HTTP/1.0 unless it asks to go on")
    func oldVersion() throws {
        let server = try TestServer()
        let closing = try server.client()
        try closing.send("GET /old HTTP/1.0\r\n\r\n")
        #expect(try closing.answer().text.hasPrefix("GET /old"))
        #expect(closing.isClosed())
        let staying = try server.client()
        for _ in 0..<2 {
            try staying.send("GET /old HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            #expect(try staying.answer().headers["connection"] == "Keep-Alive")
        }
    }

    @Test("closes when the client asks for it")
    func connectionClose() throws {
        let server = try TestServer()
        let client = try server.client()
        try client.send(request("GET /", headers: ["Connection: close"]))
        #expect(try client.answer().headers["connection"] == "close")
        #expect(client.isClosed())
    }

    @Test("ignores an upgrade to HTTP/2, as Aiven's sink connector asks for, and keeps the connection")
    func upgrade() throws {
        let server = try TestServer()
        let client = try server.client()
        let headers = [
            "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABk",
        ]
        try client.send(request("POST /train", headers: headers + ["Content-Length: 2"], body: "{}"))
        let answer = try client.answer()
        #expect(answer.status == 200)
        #expect(answer.headers["connection"] == nil)
        #expect(answer.text.hasSuffix("body 2 {}"))
        try client.send(request("POST /train", headers: ["Content-Length: 2"], body: "{}"))
        #expect(try client.answer().status == 200)
    }

    @Test(
        "answers 500 for an answer that cannot be sent, and says so in the log",
        arguments: [
            HTTPResponse(status: 200, headers: [HTTPField("X", "a\r\nSet-Cookie: b")]),
            HTTPResponse(status: 200, headers: [HTTPField("X\nY", "a")]),
            HTTPResponse(status: 200, headers: [HTTPField("Content-Length", "5")]),
            HTTPResponse(status: 99), HTTPResponse(status: 100), HTTPResponse(status: 600),
        ])
    func unsendable(response: HTTPResponse) throws {
        let server = try TestServer { _ in .now(response) }
        let answer = try server.answer(to: request("GET /"))
        #expect(answer.status == 500)
        #expect(answer.isProblem)
        #expect(server.log.lines.contains { $0.contains("cannot be sent") })
    }

    @Test("survives clients that hang up while they are answered")
    func hangUp() throws {
        signal(SIGPIPE, SIG_DFL)
        let server = try TestServer { _ in .now(text(String(repeating: "x", count: 2_000_000))) }
        for index in 0..<50 {
            let client = try server.client()
            try client.send(request("GET /") + request("GET /"))
            if index % 2 == 0 { client.resetOnClose() }
        }
        #expect(try server.answer(to: request("GET /")).status == 200)
    }

    @Test("serves many connections at once from each number of threads", arguments: [1, 2, 4])
    func manyConnections(threads: Int) throws {
        let server = try TestServer(threads: threads)
        let clients = try (0..<100).map { _ in try server.client() }
        for round in 0..<5 {
            for (index, client) in clients.enumerated() { try client.send(request("GET /\(index)/\(round)")) }
            for (index, client) in clients.enumerated() {
                #expect(try client.answer().text.hasPrefix("GET /\(index)/\(round)\n"))
            }
        }
    }
}
