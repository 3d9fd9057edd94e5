import HTTPServer
import Testing

@Suite("Whom a proxy asks for")
struct TrustedProxiesTests {
    private static let proxies = ["127.0.0.1", "10.0.0.0/8", "2001:db8:1::/48"].compactMap(IPNetwork.init)

    private func client(_ field: TrustedProxies.Field, _ values: [String], from peer: String) throws -> String {
        let request = HTTPRequest(
            method: "GET", path: "/", headers: values.map { HTTPField(field.rawValue.uppercased(), $0) })
        let proxies = TrustedProxies(Self.proxies, field: field)
        return proxies.client(of: request, from: try #require(IPAddress(peer))).description
    }

    @Test(
        "is the last address that a trusted proxy tells of and that is none itself",
        arguments: [
            (["192.0.2.1"], "192.0.2.1"), (["6.6.6.6, 192.0.2.1"], "192.0.2.1"), (["192.0.2.1, 10.1.2.3"], "192.0.2.1"),
            (["6.6.6.6", "192.0.2.1,10.1.2.3 , 2001:db8:1::5"], "192.0.2.1"), (["192.0.2.1:8080"], "192.0.2.1"),
            (["2001:db8::7"], "2001:db8::7"), (["[2001:db8::7]:80"], "2001:db8::7"),
            (["::ffff:192.0.2.1"], "192.0.2.1"),
            (["10.1.2.3"], "10.1.2.3"), ([], "127.0.0.1"), ([""], "127.0.0.1"), (["unknown"], "127.0.0.1"),
            (["192.0.2.1, nonsense"], "127.0.0.1"), (["192.0.2.1, nonsense, 10.1.2.3"], "10.1.2.3"),
            (["192.0.2.1,"], "127.0.0.1"),
        ] as [([String], String)])
    func forwardedFor(_ values: [String], _ expected: String) throws {
        #expect(try client(.forwardedFor, values, from: "127.0.0.1") == expected)
    }

    @Test(
        "stands in Forwarded behind for=",
        arguments: [
            (["for=192.0.2.1"], "192.0.2.1"), (["For=\"192.0.2.1:80\";proto=https;by=10.0.0.1"], "192.0.2.1"),
            (["for=6.6.6.6, proto=http;for=\"[2001:db8::7]:4711\""], "2001:db8::7"),
            (["for=192.0.2.1, for=10.1.2.3"], "192.0.2.1"), (["for=_hidden"], "127.0.0.1"),
            (["by=192.0.2.1"], "127.0.0.1"),
            (["for=192.0.2.1, by=10.1.2.3"], "127.0.0.1"), (["for=\"192.0.2.1, for=6.6.6.6\""], "127.0.0.1"),
        ])
    func forwarded(_ values: [String], _ expected: String) throws {
        #expect(try client(.forwarded, values, from: "127.0.0.1") == expected)
    }

    @Test("is not believed of anybody else, nor in the other field")
    func notBelieved() throws {
        #expect(try client(.forwardedFor, ["192.0.2.1"], from: "127.0.0.2") == "127.0.0.2")
        let request = HTTPRequest(method: "GET", path: "/", headers: [HTTPField("Forwarded", "for=192.0.2.1")])
        let peer = try #require(IPAddress("127.0.0.1"))
        #expect(TrustedProxies(Self.proxies).client(of: request, from: peer) == peer)
    }

    @Test(
        "a network is an address and the bits that count",
        arguments: [
            ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("0.0.0.0/0", "8.8.8.8", true),
            ("0.0.0.0/0", "2001:db8::1", false), ("::/0", "8.8.8.8", true), ("2001:db8::/65", "2001:db8::1", true),
            ("2001:db8::/65", "2001:db8::8000:0:0:1", false), ("192.0.2.1", "192.0.2.1", true),
            ("192.0.2.1/32", "192.0.2.2", false), ("::1", "::1", true),
        ])
    func networks(_ network: String, _ address: String, _ isIn: Bool) throws {
        #expect(try #require(IPNetwork(network)).contains(#require(IPAddress(address))) == isIn)
    }

    @Test(
        "anything else is no network",
        arguments: [
            "", "10.0.0.1/8", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.0/", "host", "10.0.0.0/8/8", "::/+0",
        ])
    func noNetwork(_ text: String) { #expect(IPNetwork(text) == nil) }
}

@Suite("Behind a proxy", .timeLimit(.minutes(40)))
struct ProxyTests {
    private static func server(
        _ limits: HTTPLimits, handler: @escaping @Sendable (HTTPRequest) -> HTTPReply = echo
    ) throws -> TestServer {
        let proxies = TrustedProxies(["127.0.0.1"].compactMap(IPNetwork.init))
        return try TestServer(limits, proxies: proxies, handler: handler)
    }

    @Test("the handler is told who asks, request by request, on one connection")
    func told() throws {
        let server = try Self.server(HTTPLimits()) { .now(text("\($0.client)")) }
        let client = try server.client()
        for (fields, name) in [
            (["X-Forwarded-For: 192.0.2.1"], "192.0.2.1"), ([], "127.0.0.1"),
            (["X-Forwarded-For: 2001:db8::1"], "2001:db8::1"),
        ] {
            try client.send(request("GET /", headers: fields))
            #expect(try client.answer().text == name)
        }
        let stranger = try server.client(source: 2)
        try stranger.send(request("GET /", headers: ["X-Forwarded-For: 192.0.2.1"]))
        #expect(try stranger.answer().text == "127.0.0.2")
    }

    @Test("the proxy may have more connections than an address, and each client so many requests under way")
    func counted() throws {
        let pile = Pile()
        let server = try Self.server(limits { $0.connectionsPerAddressMax = 2 }) { request in
            request.path == "/later" ? .later { pile.add($0, text("late")) } : echo(request)
        }
        let clients = try (0..<8).map { _ in try server.client() }
        func ask(_ index: Int, _ path: String, _ name: String, _ body: String = "") throws {
            let length = body.isEmpty ? [] : ["Content-Length: \(body.utf8.count)"]
            try clients[index].send(
                request(
                    body.isEmpty ? "GET \(path)" : "POST \(path)", headers: ["X-Forwarded-For: \(name)"] + length,
                    body: body))
        }
        for index in 0..<2 { try ask(index, "/later", "192.0.2.1") }
        #expect(eventually { pile.count == 2 })
        for (index, body) in [(2, ""), (3, "abc")] {
            try ask(index, "/", "192.0.2.1", body)
            let refused = try clients[index].answer()
            #expect(refused.status == 429 && refused.isProblem && refused.headers["retry-after"] == "1")
        }
        // Of another client, on a connection whose last request was refused as well.
        for index in [2, 4] {
            try ask(index, "/", "192.0.2.2")
            #expect(try clients[index].answer().status == 200)
        }
        #expect(
            eventually { server.warnings.lines.contains { $0.contains("one client behind a proxy had 2 under way") } })
        pile.answerAll()
        for index in 0..<2 { #expect(try clients[index].answer().text == "late") }
        for _ in 0..<5 {
            try ask(5, "/", "192.0.2.1")
            #expect(try clients[5].answer().status == 200)
        }
    }

    @Test("a request that broke off is not counted any more")
    func brokenOff() throws {
        let server = try Self.server(limits { $0.connectionsPerAddressMax = 1 })
        for _ in 0..<20 {
            let client = try server.client()
            try client.send(
                request("POST /", headers: ["X-Forwarded-For: 192.0.2.1", "Content-Length: 9"], body: "abc"))
        }
        #expect(
            eventually {
                (try? server.answer(to: request("GET /", headers: ["X-Forwarded-For: 192.0.2.1"])).status) == 200
            })
    }
}
