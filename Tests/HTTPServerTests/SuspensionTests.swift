import Glibc
import Testing
import Threading

@testable import HTTPServer

@Suite("A request that is answered later", .timeLimit(.minutes(40)))
struct SuspensionTests {
    private static func later(_ pile: Pile) -> @Sendable (HTTPRequest) -> HTTPReply {
        { request in
            guard request.path.hasPrefix("/later") else { return echo(request) }
            return .later { pile.add($0, text("later \(request.path) \(request.body.count)")) }
        }
    }

    @Test("gets its answer from another thread, and its connection goes on")
    func answeredLater() throws {
        let pile = Pile()
        let server = try TestServer(handler: Self.later(pile))
        let client = try server.client()
        for index in 0..<50 {
            let body = String(repeating: "x", count: index * 1000)
            try client.send(request("POST /later/\(index)", headers: ["Content-Length: \(body.count)"], body: body))
            #expect(eventually { pile.count == 1 })
            pile.answerAll()
            #expect(try client.answer().text == "later /later/\(index) \(body.count)")
            try client.send(request("GET /now"))
            #expect(try client.answer().status == 200)
        }
    }

    @Test("holds the memory of its body until whoever works on it lets go, though it was answered long before")
    func memory() throws {
        let limits = limits { $0.bufferedBytesMax = 100_000 }
        let memory = RequestMemory(limits)
        let held = Lock<HTTPRequest?>(nil)
        let server = try TestServer(limits, memory: memory) { request in
            held.withLock { $0 = request }
            return .later { $0.respond(text("given up")) }
        }
        let body = String(repeating: "x", count: 60_000)
        let client = try server.client()
        try client.send(request("POST /", headers: ["Content-Length: \(body.count)"], body: body))
        #expect(try client.answer().text == "given up")
        #expect(memory.held == 60_000)
        held.withLock { $0 = nil }
        #expect(eventually { memory.held == 0 })
    }

    @Test("is answered from within the call that is given the way to answer")
    func answeredAtOnce() throws {
        let server = try TestServer { _ in .later { $0.respond(text("at once")) } }
        let client = try server.client()
        for _ in 0..<50 {
            try client.send(request("GET /"))
            #expect(try client.answer().text == "at once")
        }
    }

    @Test("does not hold up others on the same thread")
    func othersGoOn() throws {
        let pile = Pile()
        let server = try TestServer(threads: 1, handler: Self.later(pile))
        let waiting = try (0..<20).map { _ in try server.client() }
        for client in waiting { try client.send(request("GET /later")) }
        #expect(eventually { pile.count == waiting.count })
        for _ in 0..<20 { #expect(try server.answer(to: request("GET /now")).status == 200) }
        pile.answerAll()
        for client in waiting { #expect(try client.answer().status == 200) }
    }

    @Test("keeps the requests pipelined behind it for after its answer")
    func pipelined() throws {
        let pile = Pile()
        let server = try TestServer(handler: Self.later(pile))
        let client = try server.client()
        try client.send(request("GET /later/1") + request("GET /now") + request("GET /later/2"))
        #expect(eventually { pile.count == 1 })
        pile.answerAll()
        #expect(try client.answer().text == "later /later/1 0")
        #expect(try client.answer().text.hasPrefix("GET /now"))
        #expect(eventually { pile.count == 1 })
        pile.answerAll()
        #expect(try client.answer().text == "later /later/2 0")
    }

    @Test("takes the first of two answers")
    func answeredTwice() throws {
        let server = try TestServer { request in
            .later { responder in
                responder.respond(text("first"))
                responder.respond(text("second"))
            }
        }
        let client = try server.client()
        for _ in 0..<20 {
            try client.send(request("GET /"))
            #expect(try client.answer().text == "first")
        }
    }

    @Test("is answered with 500 when the way to answer is let go of")
    func forgotten() throws {
        let server = try TestServer { _ in .later { _ in } }
        let client = try server.client()
        for _ in 0..<20 {
            try client.send(request("GET /"))
            let answer = try client.answer()
            #expect(answer.status == 500)
            #expect(answer.isProblem)
        }
    }

    @Test("may be answered after its client has gone", arguments: [false, true])
    func clientGone(byReset: Bool) throws {
        let pile = Pile()
        let server = try TestServer(threads: 1, handler: Self.later(pile))
        for _ in 0..<20 {
            do {
                let client = try server.client()
                if byReset { client.resetOnClose() }
                try client.send(request("GET /later"))
                #expect(eventually { pile.count == 1 })
            }
            pile.answerAll()
        }
        #expect(try server.answer(to: request("GET /now")).status == 200)
    }

    @Test("is refused with 503 when too many wait already")
    func tooMany() throws {
        let pile = Pile()
        let server = try TestServer(limits { $0.suspendedMax = 2 }, handler: Self.later(pile))
        let waiting = try (0..<2).map { _ in try server.client() }
        for client in waiting { try client.send(request("GET /later")) }
        #expect(eventually { pile.count == 2 })
        let refused = try server.answer(to: request("GET /later"))
        #expect(refused.status == 503)
        #expect(refused.isProblem)
        pile.answerAll()
        for client in waiting { #expect(try client.answer().status == 200) }
        let client = try server.client()
        try client.send(request("GET /later"))
        #expect(eventually { pile.count == 1 })
        pile.answerAll()
        #expect(try client.answer().status == 200)
    }

    @Test("is not cut short by the time for a request or for an answer")
    func patience() throws {
        let pile = Pile()
        let server = try TestServer(
            limits {
                $0.requestSecondsMax = 1
                $0.responseSecondsMax = 1
                $0.connectionSecondsMax = 1
            }, handler: Self.later(pile))
        let client = try server.client()
        try client.send(request("GET /later"))
        #expect(!client.hasAnswer(within: 2500))
        pile.answerAll()
        #expect(try client.answer().status == 200)
    }

    @Test("holds under load: many connections, each answer the right one", arguments: [1, 2])
    func load(threads: Int) throws {
        let worker = Worker()
        try worker.start()
        defer { worker.stop() }
        let server = try TestServer(threads: threads, handler: Self.later(worker.pile))
        let clients = try (0..<64).map { _ in try server.client() }
        let end = ContinuousClock.now + .seconds(2)
        var round = 0
        while ContinuousClock.now < end {
            for (index, client) in clients.enumerated() {
                try client.send(request("GET /\(index % 2 == 0 ? "later" : "now")/\(index)/\(round)"))
            }
            for (index, client) in clients.enumerated() {
                let answer = try client.answer()
                #expect(answer.status == 200)
                #expect(answer.text.contains("/\(index)/\(round)"))
            }
            round += 1
        }
        #expect(round > 1)
    }
}
