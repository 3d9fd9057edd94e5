import CertificateTesting
import Foundation
import HTTPServer
import Testing

/// The server over TLS, with certificates made for the test. `make test-tls` runs all other tests of the server so.
@Suite("TLS", .enabled(if: TestAuthority.isPossible, "openssl is not installed"), .timeLimit(.minutes(40)))
struct TLSTests {
    private let authority: TestAuthority

    init() throws { authority = try TestAuthority() }

    private func server(
        _ limits: HTTPLimits = HTTPLimits(), asksClients: Bool = false,
        handler: @escaping @Sendable (HTTPRequest) -> HTTPReply = echo
    ) throws -> TestServer {
        try TestServer(
            limits, tls: TestServer.Identity(authority, "first", asksClients: asksClients), handler: handler)
    }

    @Test("requests are answered on one connection, with bodies of some megabytes in both directions")
    func exchanges() throws {
        let server = try server { request in
            .now(HTTPResponse(status: 200, body: request.body + Array(repeating: 0x79, count: 3_000_000)))
        }
        let client = try server.client()
        for size in [0, 1, 16384, 2_000_000] {
            let body = String(repeating: "x", count: size)
            try client.send(request("POST /", headers: ["Content-Length: \(size)"], body: body))
            #expect(try client.answer().body.count == size + 3_000_000)
        }
    }

    @Test("an answer that comes later reaches its connection")
    func later() throws {
        let server = try server { _ in
            .later { responder in Foundation.Thread.detachNewThread { responder.respond(text("late")) } }
        }
        let client = try server.client()
        for _ in 0..<20 {
            try client.send(request("GET /"))
            #expect(try client.answer().text == "late")
        }
    }

    /// Those that are written past the library: from the hook, behind good requests, and in the middle of a body.
    @Test(
        "what is refused is refused by the letter, encrypted, as one problem document",
        arguments: [
            ("GET / HTTP/1.1\nHost: x\r\n\r\n", [400]), ("GET / HTTP/1.1\r\nHost : x\r\n\r\n", [400]),
            (
                request("POST /", headers: ["Content-Length: 3", "Transfer-Encoding: chunked"], body: "0\r\n\r\n"),
                [400]
            ),
            (request("POST /", headers: ["Content-Length: 99999999"]), [413]),
            (request("GET /") + request("GET /") + "GET\t/ HTTP/1.1\r\n\r\n", [200, 200, 400]),
            (request("POST /", headers: ["Transfer-Encoding: chunked"], body: "zz\r\n"), [400]),
            ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [505]), (request("GET /%zz"), [400]),
        ])
    func refusals(_ bytes: String, _ statuses: [Int]) throws {
        let server = try server()
        let client = try server.client()
        try client.send(bytes)
        let answers = try statuses.map { _ in try client.answer() }
        #expect(answers.map(\.status) == statuses)
        for answer in answers where answer.status >= 400 { #expect(answer.isProblem) }
    }

    @Test("a body for which there is no room is refused in its middle, encrypted")
    func inTheBody() throws {
        let server = try server(limits { $0.bufferedBytesMax = 10 })
        let client = try server.client()
        try client.send(
            request("POST /", headers: ["Content-Length: 100000"], body: String(repeating: "x", count: 50_000)))
        let answer = try client.answer()
        #expect(answer.status == 503 && answer.isProblem && answer.headers["retry-after"] == "1")
    }

    @Test("a request that drips in is answered 408, encrypted, and the connection closed")
    func timeout() throws {
        let server = try server(limits { $0.requestSecondsMax = 1 })
        let client = try server.client()
        try client.send("GET / HTTP/1.1\r\nHos")
        let answer = try client.answer()
        #expect(answer.status == 408 && answer.isProblem)
        #expect(client.isClosed())
    }

    @Test("a client that never shakes hands, or stops in the middle, is closed in time")
    func noHandshake() throws {
        let server = try server(limits { $0.requestSecondsMax = 1 })
        let silent = try RawClient(port: server.server.port)
        let half = try RawClient(port: server.server.port)
        // The head of a record that announces 512 bytes.
        try half.send([0x16, 0x03, 0x01, 0x02, 0x00, 0x01])
        #expect(silent.isClosed())
        #expect(half.isClosedInTheEnd())
    }

    @Test(
        "plain HTTP gets nothing that can be read",
        arguments: [request("GET /"), "GET /\r\n\r\n", "\r\n", "PRI * HTTP/2.0\r\n"])
    func plain(_ bytes: String) throws {
        let server = try server(limits { $0.requestSecondsMax = 1 })
        let client = try RawClient(port: server.server.port)
        try client.send(bytes)
        let said = client.everything()
        #expect(!String(decoding: said, as: UTF8.self).contains("HTTP"))
        #expect(said.count <= 7, "an alert is a record of seven bytes: \(said)")
    }

    @Test(
        "versions before TLS 1.2 are refused",
        arguments: [("1.3", true), ("1.2", true), ("1.1", false), ("1.0", false)])
    func versions(_ version: String, _ isGood: Bool) throws {
        let server = try server()
        var settings = try #require(server.tls)
        settings.versions = "NORMAL:-VERS-ALL:+VERS-TLS\(version)"
        let client = try? RawClient(port: server.server.port, tls: settings)
        #expect((client != nil) == isGood)
    }

    @Test("a renewed certificate is shown to new connections, and those that are open go on")
    func renewal() throws {
        let server = try server()
        let before = try server.client()
        #expect(before.tls?.serverName == "CN=first")
        server.server.renew(try TLSCredentials(TestServer.Identity(authority, "second").files))
        let after = try server.client()
        #expect(after.tls?.serverName == "CN=second")
        for client in [before, after] {
            try client.send(request("GET /"))
            #expect(try client.answer().status == 200)
        }
    }

    @Test("with authorities for clients, only who shows a certificate of theirs is served")
    func clients() throws {
        let server = try server(asksClients: true)
        let other = try TestAuthority()
        func status(_ own: TestAuthority.Issued?) throws -> Int? {
            var settings = try #require(server.tls)
            settings.own = own
            // In TLS 1.3 the client learns of the refusal when it reads.
            guard let client = try? RawClient(port: server.server.port, tls: settings) else { return nil }
            try? client.send(request("GET /"))
            return try? client.answer().status
        }
        #expect(try status(authority.issue("friend")) == 200)
        #expect(try status(nil) == nil)
        #expect(try status(other.issue("stranger")) == nil)
    }

    @Test("a connection beyond the limit is closed before it costs a handshake, and told of")
    func tooMany() throws {
        let server = try server(limits { $0.connectionsPerAddressMax = 1 })
        let first = try server.client()
        for _ in 0..<20 { #expect(throws: (any Error).self) { try server.client() } }
        try first.send(request("GET /"))
        #expect(try first.answer().status == 200)
        #expect(eventually { server.warnings.lines.contains { $0.contains(", without an answer: ") } })
        #expect(server.warnings.lines.count == 1)
    }

    @Test("what is no certificate with its key is refused with the names of the files, and none of their content")
    func broken() throws {
        let (one, two) = (try authority.issue("one"), try authority.issue("two"))
        let garbage = authority.folder.appending(path: "garbage").path
        try "s3cret".write(toFile: garbage, atomically: true, encoding: .utf8)
        for (certificate, key, clients, reason) in [
            (one.certificate, two.key, nil, "do not match"), (garbage, one.key, nil, garbage),
            (one.certificate, garbage, nil, garbage),
            ("/nowhere", one.key, nil, "/nowhere cannot be read: No such file"),
            (one.certificate, one.key, garbage, "\(garbage) holds no certificate"),
            (one.certificate, one.key, one.key, "\(one.key) holds no certificate"),
        ] {
            let problem = #expect(throws: TLSProblem.self) {
                try TLSCredentials(TLSFiles(certificate: certificate, key: key, clientAuthorities: clients))
            }
            #expect(problem?.description.contains(reason) == true, "\(String(describing: problem))")
            #expect(problem?.description.contains("s3cret") == false)
        }
    }
}
