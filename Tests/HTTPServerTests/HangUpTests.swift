import Glibc
import HTTPServer
import Testing

@Suite("A client that hangs up", .timeLimit(.minutes(40)))
struct HangUpTests {
    @Test(
        "in the middle of a request is let go of at once: 400 such uploads shut nobody out",
        arguments: [
            request("POST /", headers: ["Content-Length: 50"], body: "12345678"),
            request("POST /", headers: ["Transfer-Encoding: chunked"], body: "32\r\n12345678"),
            "GET / HTTP/1.1\r\nHost: h\r\n", "GET /",
        ])
    func brokenOff(bytes: String) throws {
        let server = try TestServer(limits { $0.connectionsPerAddressMax = 10 })
        for _ in 0..<400 {
            // The last few may still be on their way.
            let client = try server.client()
            client.holdBack()
            try? client.send(bytes)
        }
        #expect(eventually { (try? server.answer(to: request("GET /")).status) == 200 })
        // No place is lost.
        #expect(
            eventually {
                guard let all = try? (0..<10).map({ _ in try server.client() }) else { return false }
                return all.allSatisfy { (try? $0.send(request("GET /"))) != nil && (try? $0.answer().status) == 200 }
            })
    }

    @Test("behind a broken-off request, too, that follows a good one", .timeLimit(.minutes(40)))
    func brokenOffInAPipeline() throws {
        let server = try TestServer(limits { $0.connectionsPerAddressMax = 2 })
        let client = try server.client()
        client.holdBack()
        try client.send(request("GET /") + request("POST /", headers: ["Content-Length: 50"], body: "12345678"))
        client.finishSending()
        #expect(try client.answer().status == 200)
        #expect(client.isClosed())
        // The caretaker sees it, or under TLS the connection's own thread.
        #expect(eventually { server.log.lines.contains { $0.contains("hung up") || $0.contains("broke off") } })
    }

    @Test("behind a whole request still gets its answer", arguments: [false, true])
    func halfClosed(isLate: Bool) throws {
        let pile = Pile()
        let server = try TestServer { request in
            isLate ? .later { pile.add($0, text("late")) } : echo(request)
        }
        let client = try server.client()
        client.holdBack()
        try client.send(request("POST /", headers: ["Content-Length: 3"], body: "abc"))
        client.finishSending()
        if isLate {
            #expect(eventually { pile.count == 1 })
            // The caretaker looks once a second, and would close at its second look.
            usleep(2_500_000)
            pile.answerAll()
        }
        #expect(try client.answer().status == 200)
        #expect(client.isClosed())
    }

    @Test("without closing its own side is not kept as idle")
    func halfClosedAndIdle() throws {
        let server = try TestServer()
        let clients = try (0..<20).map { _ in try server.client() }
        for client in clients {
            client.holdBack()
            try client.send(request("GET /"))
            client.finishSending()
            #expect(try client.answer().status == 200)
        }
        for client in clients { #expect(client.isClosed()) }
    }
}
