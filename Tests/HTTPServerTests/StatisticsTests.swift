import Testing

@testable import HTTPServer

@Suite("What a server counts by itself", .timeLimit(.minutes(40)))
struct StatisticsTests {
    @Test("each request that is refused before a handler sees it, by status, and none that a handler answers")
    func refusals() throws {
        let server = try TestServer(
            limits { $0.bodyBytesMax = 10 }, admit: { $0.path == "/closed" ? text("no", status: 403) : nil })
        for (target, status) in [("/\(String(repeating: "a", count: 8000))", 414), ("/", 200), ("/closed", 403)] {
            #expect(try server.answer(to: request("GET \(target)")).status == status)
        }
        let long = request("POST /", headers: ["Content-Length: 11"], body: String(repeating: "a", count: 11))
        #expect(try server.answer(to: long).status == 413)
        #expect(try server.answer(to: "nonsense\r\n\r\n").status == 400)
        #expect(server.statistics.counts.refusals == [400: 1, 403: 1, 413: 1, 414: 1])
    }

    @Test("a request that does not come to its end in time is a close and a refusal with 408")
    func slow() throws {
        let server = try TestServer(limits { $0.requestSecondsMax = 1 })
        let client = try server.client()
        try client.send("GET / HTTP/1.1\r\n")
        #expect(try client.answer().status == 408)
        #expect(eventually { server.statistics.counts.closes == [.request: 1] })
        #expect(server.statistics.counts.refusals == [408: 1])
    }

    @Test("a connection that is idle for too long is a close and no refusal")
    func idle() throws {
        let server = try TestServer(limits { $0.connectionSecondsMax = 1 })
        let client = try server.client()
        try client.send(request("GET /"))
        #expect(try client.answer().status == 200)
        #expect(eventually { server.statistics.counts.closes == [.idle: 1] })
        #expect(server.statistics.counts.refusals.isEmpty)
    }

    @Test("connections that are open now, and all that were")
    func connections() throws {
        let server = try TestServer()
        do {
            let clients = try (0..<3).map { _ in try server.client() }
            for client in clients {
                try client.send(request("GET /"))
                #expect(try client.answer().status == 200)
            }
            #expect(server.statistics.counts.open == 3)
        }
        #expect(eventually { server.statistics.counts.open == 0 })
        #expect(server.statistics.counts.opened == 3)
    }

    @Test(
        "a connection for which there is no room is a refusal, and never one that was let in: the library is not given it",
        .enabled(if: TestServer.everywhere == nil, "this is TLS"))
    func turnedAway() throws {
        let server = try TestServer(limits { $0.connectionsPerAddressMax = 1 })
        let client = try server.client()
        try client.send(request("GET /"))
        #expect(try client.answer().status == 200)
        for _ in 0..<5 { #expect(try server.client().answer().status == 429) }
        #expect(server.statistics.counts.opened == 1 && server.statistics.counts.open == 1)
        #expect(server.statistics.counts.refusals == [429: 5])
    }
}
