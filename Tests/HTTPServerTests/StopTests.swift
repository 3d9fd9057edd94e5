import Glibc
import HTTPServer
import Synchronization
import Testing
import Threading

@Suite("A server that is stopped", .timeLimit(.minutes(40)))
struct StopTests {
    @Test("refuses new connections and frees its port")
    func port() throws {
        let server = try TestServer()
        let port = server.server.port
        #expect(try server.answer(to: request("GET /")).status == 200)
        server.server.stop()
        #expect(throws: RawClient.Failure.self) { try RawClient(port: port) }
        let next = try HTTPServer(
            host: "127.0.0.1", port: port, threads: 1, log: { _ in }, refuse: problem, handler: echo)
        next.stop()
    }

    @Test("may be stopped again, and from several threads")
    func twice() throws {
        let server = try TestServer()
        let threads = try (0..<4).map { _ in try Thread { server.server.stop() } }
        for thread in threads { thread.join() }
        server.server.stop()
        #expect(throws: RawClient.Failure.self) { try server.client() }
    }

    @Test("closes connections that are idle")
    func idle() throws {
        let server = try TestServer()
        let client = try server.client()
        try client.send(request("GET /"))
        #expect(try client.answer().status == 200)
        server.server.stop()
        #expect(client.isClosed())
    }

    @Test("finishes a request that waits for a later answer, and says that it closes")
    func finishes() throws {
        let responder = Lock<(any HTTPResponder)?>(nil)
        let server = try TestServer { _ in .later { given in responder.withLock { $0 = given } } }
        let client = try server.client()
        try client.send(request("POST /train"))
        #expect(eventually { responder.withLock { $0 != nil } })
        let stopping = try Thread { server.server.stop() }
        #expect(eventually { server.isStopping })
        #expect(!client.hasAnswer(within: 100))
        responder.withLock { $0.take() }?.respond(text("done"))
        let answer = try client.answer()
        #expect(answer.text == "done")
        #expect(answer.headers["connection"] == "close")
        #expect(client.isClosed())
        stopping.join()
    }

    @Test("answers 503 to what is not done within the grace time; a still later answer is ignored", arguments: [1, 2])
    func graceIsOver(threads: Int) throws {
        let responders = Lock<[any HTTPResponder]>([])
        let server = try TestServer(threads: threads, limits { $0.graceSecondsMax = 1 }) { _ in
            .later { given in responders.withLock { $0.append(given) } }
        }
        let clients = try (0..<20).map { _ in try server.client() }
        for client in clients { try client.send(request("POST /train")) }
        #expect(eventually { responders.withLock { $0.count } == clients.count })
        server.server.stop()
        for client in clients {
            let answer = try client.answer()
            #expect(answer.status == 503)
            #expect(answer.isProblem)
            #expect(client.isClosed())
        }
        for responder in responders.withLock({ $0 }) { responder.respond(text("too late")) }
        responders.withLock { $0 = [] }
    }

    @Test("waits for a request that is still arriving")
    func arriving() throws {
        let server = try TestServer()
        let client = try server.client()
        try client.send(request("POST /", headers: ["Content-Length: 3", "Expect: 100-continue"]))
        #expect(try client.answer().status == 100)
        let stopping = try Thread { server.server.stop() }
        #expect(eventually { server.isStopping })
        try client.send("abc")
        #expect(try client.answer().text.hasSuffix("body 3 abc"))
        stopping.join()
    }

    @Test("can be stopped under load, with requests answered at once and later", arguments: 0..<10)
    func underLoad(round: Int) throws {
        let worker = Worker()
        try worker.start()
        defer { worker.stop() }
        let server = try TestServer(limits { $0.graceSecondsMax = 1 }) { request in
            guard request.path == "/later" else { return echo(request) }
            return .later { worker.pile.add($0, text("later")) }
        }
        let answered = Atomic<Int>(0)
        let clients = try (0..<8).map { index in
            try Thread {
                guard let client = try? server.client() else { return }
                while true {
                    guard (try? client.send(request("GET /\(index % 2 == 0 ? "later" : "now")"))) != nil,
                        let answer = try? client.answer()
                    else { return }
                    guard answer.status == 200 else {
                        // It may begin with its next request just when there was none to wait for any more.
                        #expect(answer.status == 503 && answer.isProblem && server.isStopping && client.isClosed())
                        return
                    }
                    answered.add(1, ordering: .relaxed)
                }
            }
        }
        #expect(eventually { answered.load(ordering: .relaxed) > 50 })
        server.server.stop()
        for client in clients { client.join() }
    }
}
