import Dispatch
import HTTPServer
import Synchronization
import Testing

/// A live server whose handler tells what it was asked.
final class EchoServer {
    let server: HTTPServer
    private let queue = DispatchQueue(label: "late", attributes: .concurrent)

    init(limits: HTTPLimits = HTTPLimits(), threads: Int = 2) throws {
        server = try HTTPServer(
            host: "127.0.0.1", port: 0, threads: threads, limits: limits, log: { _ in },
            refuse: { refusal in
                HTTPResponse(
                    status: refusal.status, headers: [HTTPField("Content-Type", "application/problem+json")],
                    body: Array("{\"status\":\(refusal.status),\"detail\":\"\(refusal.detail)\"}".utf8))
            },
            handler: { [queue] request in Self.answer(request, queue) })
    }

    deinit { server.stop() }

    private static func answer(_ request: HTTPRequest, _ queue: DispatchQueue) -> HTTPReply {
        let response = echo(request)
        switch request.path {
        case "/later": return .later { responder in queue.async { responder.respond(response) } }
        case "/twice":
            return .later { responder in
                responder.respond(response)
                responder.respond(response)
            }
        case "/slow":
            return .later { responder in queue.asyncAfter(deadline: .now() + 0.4) { responder.respond(response) } }
        case "/never":
            return .later { responder in queue.asyncAfter(deadline: .now() + 60) { responder.respond(response) } }
        case "/dropped": return .later { _ in }
        default: return .now(response)
        }
    }

    private static func echo(_ request: HTTPRequest) -> HTTPResponse {
        let query = request.query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        let text = "\(request.method) \(request.path) [\(query)] \(request.body.count)"
        return HTTPResponse(status: 200, headers: [HTTPField("Content-Type", "text/plain")], body: Array(text.utf8))
    }

    func client() throws -> RawClient { try RawClient(port: server.port) }

    /// The answer to one request on a connection of its own, and whether the connection ended with it.
    func exchange(_ request: String) throws -> (answer: RawClient.Answer?, client: RawClient) {
        let client = try client()
        client.send(request)
        return (client.answer(), client)
    }
}

@Suite("The server", .timeLimit(.minutes(2)))
struct HTTPServerTests {
    @Test(
        "targets are decoded strictly, once",
        arguments: [
            ("/a", "GET /a [] 0"), ("/a%2Fb%20c?x=1&y=a+b%2B", "GET /a/b c [x=1&y=a b+] 0"),
            ("/?a&b=&&=c", "GET / [a=&b=&=c] 0"), ("/%E9%AE%AD?s=%e9%ae%ad", "GET /鮭 [s=鮭] 0"),
            ("http://host/a?b=1", "GET /a [b=1] 0"), ("/a?x=%2525", "GET /a [x=%25] 0"),
        ])
    func targets(_ target: String, _ expected: String) throws {
        let server = try EchoServer()
        let (answer, _) = try server.exchange("GET \(target) HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(answer?.status == 200 && answer?.body == expected)
    }

    @Test(
        "a target that two readers could read differently is refused",
        arguments: ["/a?x=%zz", "/a%", "/a?x=%4", "/a?x=%00", "/a%00b", "/a?x=%ff%fe", "/%c3%28", "a"])
    func badTargets(_ target: String) throws {
        let server = try EchoServer()
        let (answer, _) = try server.exchange("GET \(target) HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(answer?.status == 400 && answer?.isProblem == true)
    }

    @Test(
        "what makes the end of a request doubtful is refused, and the connection closed",
        arguments: [
            "Host: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
            "Host: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
            "Host: x\r\nHost: y\r\nContent-Length: 0\r\n\r\n",
            "Host: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "Host: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
            "Host: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "Host: x\r\nTransfer-Encoding: gzip\r\n\r\n",
            "Host: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            "Content-Length: 0\r\n\r\n", "Host: x\r\nContent-Length : 1\r\n\r\na",
            "Host: x\r\nhOST: x\r\nContent-Length: 0\r\n\r\n",
        ])
    func smuggling(_ head: String) throws {
        let server = try EchoServer()
        let (answer, client) = try server.exchange("POST / HTTP/1.1\r\n\(head)")
        #expect(answer?.status == 400 && answer?.isProblem == true)
        client.send("GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(client.answer() == nil)
        #expect(client.isClosed)
    }

    @Test("a connection answers one request after the other, pipelined ones too")
    func keepAlive() throws {
        let client = try EchoServer().keptOpen { server in
            let client = try server.client()
            for index in 0..<50 {
                client.send("GET /\(index) HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(client.answer()?.body == "GET /\(index) [] 0")
            }
            client.send(String(repeating: "GET /p HTTP/1.1\r\nHost: x\r\n\r\n", count: 20))
            for _ in 0..<20 { #expect(client.answer()?.body == "GET /p [] 0") }
            return client
        }
        #expect(client.isClosed)
    }

    @Test("bodies arrive whole: by length, in chunks, and after 100 Continue")
    func bodies() throws {
        let server = try EchoServer()
        let body = String(repeating: "x", count: 200_000)
        let client = try server.client()
        client.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n\(body)")
        #expect(client.answer()?.body == "POST /a [] 200000")
        client.send(
            "POST /b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3\r\nabc\r\n0\r\n\r\n")
        #expect(client.answer()?.body == "POST /b [] 8")
        client.send("POST /c HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
        #expect(client.answer()?.status == 100)
        client.send("abc")
        #expect(client.answer()?.body == "POST /c [] 3")
    }

    @Test("HEAD has the head of GET and no body")
    func head() throws {
        let server = try EchoServer()
        let client = try server.client()
        client.send("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(client.answer(hasBody: false)?.header("Content-Length") == "12")
        client.send("GET /b HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(client.answer()?.body == "GET /b [] 0")
    }

    @Test("the upgrade that Aiven's sink offers is ignored, and the connection stays")
    func upgrade() throws {
        let server = try EchoServer()
        let client = try server.client()
        for _ in 0..<2 {
            client.send(
                """
                POST /train HTTP/1.1\r\nConnection: Upgrade, HTTP2-Settings\r\nContent-Length: 2\r\nHost: x\r
                HTTP2-Settings: AAEAAEAAAAIAAAAA\r\nUpgrade: h2c\r\nUser-Agent: Java-http-client/17.0.15\r\n\r\n{}
                """)
            let answer = client.answer()
            #expect(answer?.status == 200 && answer?.body == "POST /train [] 2")
        }
    }

    @Test("a client of HTTP/1.0 is answered without a Host")
    func version10() throws {
        let (answer, client) = try EchoServer().exchange("GET /a HTTP/1.0\r\n\r\n")
        #expect(answer?.body == "GET /a [] 0")
        #expect(client.isClosed)
    }
}

@Suite("The server's bounds", .timeLimit(.minutes(2)))
struct HTTPLimitTests {
    private static func limits(_ change: (inout HTTPLimits) -> Void) -> HTTPLimits {
        var limits = HTTPLimits()
        change(&limits)
        return limits
    }

    @Test("a body beyond the bound is 413, by length and in chunks, and is not waited for")
    func body() throws {
        let server = try EchoServer(limits: Self.limits { $0.bodyBytesMax = 1000 })
        let (byLength, _) = try server.exchange("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n")
        #expect(byLength?.status == 413 && byLength?.isProblem == true)
        let chunk = "3e9\r\n\(String(repeating: "x", count: 1001))\r\n"
        let (inChunks, _) = try server.exchange(
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n\(chunk)")
        #expect(inChunks?.status == 413 && inChunks?.isProblem == true)
        let fits = String(repeating: "x", count: 1000)
        let (whole, _) = try server.exchange("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n\(fits)")
        #expect(whole?.status == 200)
    }

    @Test("a target beyond the bound is 414, a head beyond it is 431")
    func head() throws {
        let server = try EchoServer()
        let (long, _) = try server.exchange("GET /\(String(repeating: "x", count: 8000)) HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(long?.status == 414)
        let headers = (0..<101).map { "X-\($0): y\r\n" }.joined()
        let (many, _) = try server.exchange("GET / HTTP/1.1\r\nHost: x\r\n\(headers)\r\n")
        #expect(many?.status == 431 && many?.isProblem == true)
    }

    @Test("a request that drips in is ended by the clock, however steadily it drips")
    func dripping() throws {
        let server = try EchoServer(limits: Self.limits { $0.requestSecondsMax = 1 })
        let client = try server.client()
        client.send("GET / HTTP/1.1\r\n")
        var sent = 0
        while sent < 200, client.send("X-\(sent): y\r\n") {
            sent += 1
            usleepMilliseconds(50)
        }
        #expect(sent < 200)
        let (next, _) = try server.exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(next?.status == 200)
    }

    @Test("connections from one address beyond the bound are closed, the others are served")
    func connections() throws {
        let server = try EchoServer(limits: Self.limits { $0.connectionsPerAddressMax = 4 })
        let clients = try (0..<4).map { _ in try server.client() }
        for client in clients {
            client.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(client.answer()?.status == 200)
        }
        let (fifth, _) = try server.exchange("GET /b HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(fifth == nil)
        clients[0].send("GET /c HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(clients[0].answer()?.status == 200)
    }

    @Test("a bound or an address that cannot be kept to is refused at the start")
    func start() throws {
        #expect(throws: HTTPServerError.self) { try EchoServer(limits: Self.limits { $0.bodyBytesMax = 0 }) }
        let first = try EchoServer()
        for (host, port) in [("127.0.0.1", first.server.port), ("no.such.host.invalid", 0), ("300.1.1.1", 0)] {
            #expect(throws: HTTPServerError.self) {
                try HTTPServer(
                    host: host, port: port, threads: 1, log: { _ in }, refuse: { _ in HTTPResponse(status: 500) },
                    handler: { _ in .now(HTTPResponse(status: 200)) })
            }
        }
    }
}

@Suite("Answers that come later", .timeLimit(.minutes(2)))
struct SuspendedTests {
    @Test(
        "a late answer is sent once, and one that never comes is 500",
        arguments: [("/later", 200), ("/twice", 200), ("/dropped", 500)])
    func late(_ path: String, _ status: Int) throws {
        let server = try EchoServer()
        let client = try server.client()
        client.send("POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
        #expect(client.answer()?.status == status)
        client.send("GET /next HTTP/1.1\r\nHost: x\r\n\r\n")
        if status == 200 { #expect(client.answer()?.body == "GET /next [] 0") }
    }

    @Test("who waits holds up nobody, on one thread too")
    func others() throws {
        let server = try EchoServer(threads: 1)
        let waiting = try server.client()
        waiting.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        for _ in 0..<20 {
            let (answer, _) = try server.exchange("GET /fast HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(answer?.status == 200)
        }
        #expect(waiting.answer()?.body == "GET /slow [] 0")
    }

    @Test("many connections suspend and resume for a while without losing an answer")
    func many() async throws {
        let server = try EchoServer()
        let port = server.server.port
        let answered = await withTaskGroup(of: Int.self) { group in
            for worker in 0..<16 {
                group.addTask {
                    guard let client = try? RawClient(port: port) else { return 0 }
                    return (0..<200).count { index in
                        let path = (worker + index) % 2 == 0 ? "/later" : "/now"
                        client.send("GET \(path)?\(worker).\(index) HTTP/1.1\r\nHost: x\r\n\r\n")
                        return client.answer()?.body == "GET \(path) [\(worker).\(index)=] 0"
                    }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(answered == 16 * 200)
    }

    @Test("a client that goes while it waits harms nobody")
    func vanished() throws {
        let server = try EchoServer()
        for _ in 0..<20 {
            let client = try server.client()
            client.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        }
        let (answer, _) = try server.exchange("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(answer?.status == 200)
    }

    @Test("a stop finishes what is in flight, and answers 503 to what does not come in time")
    func stop() throws {
        var limits = HTTPLimits()
        limits.graceSecondsMax = 1
        let server = try EchoServer(limits: limits)
        let slow = try server.client()
        let never = try server.client()
        slow.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        never.send("GET /never HTTP/1.1\r\nHost: x\r\n\r\n")
        usleepMilliseconds(100)
        server.server.stop()
        #expect(slow.answer()?.status == 200)
        #expect(never.answer()?.status == 503)
        #expect(throws: RawClient.Failure.self) { try server.client() }
        server.server.stop()
    }
}
