import Foundation
import HTTPServer
import Testing

@Suite("Who is let in")
struct AdmissionTests {
    /// Lets in whoever says that he may be.
    private static func server(_ seen: TestServer.Log) throws -> TestServer {
        try TestServer(admit: { request in
            seen.note("\(request.method) \(request.path) \(request.body.count) \(request.client)")
            return request.header("May") == "yes" ? nil : text("no", status: 403)
        })
    }

    @Test("a request is judged by its head, and who asks is known")
    func judged() throws {
        let seen = TestServer.Log()
        let server = try Self.server(seen)
        let client = try server.client(source: 7)
        try client.send(request("POST /a?b=c", headers: ["May: yes", "Content-Length: 3"], body: "abc"))
        #expect(try client.answer().status == 200)
        #expect(seen.lines == ["POST /a 0 127.0.0.7"])
    }

    @Test("without a body the connection stays, and the next request is judged anew")
    func stays() throws {
        let server = try Self.server(TestServer.Log())
        let client = try server.client()
        try client.send(request("GET /") + request("GET /", headers: ["May: yes"]) + request("GET /"))
        #expect(try (0..<3).map { _ in try client.answer().status } == [403, 200, 403])
    }

    @Test(
        "where a body would follow, the answer comes before it and the connection is closed",
        arguments: ["Content-Length: 1000000", "Transfer-Encoding: chunked"])
    func closes(_ length: String) throws {
        let server = try Self.server(TestServer.Log())
        let client = try server.client()
        try client.send(request("POST /", headers: [length, "Expect: 100-continue"]))
        let answer = try client.answer()
        #expect(answer.status == 403 && answer.headers["connection"]?.lowercased() == "close")
        #expect(client.isClosed())
    }
}

@Suite("Addresses")
struct IPAddressTests {
    @Test(
        "an address of either family is read and written in its usual form",
        arguments: [
            ("127.0.0.1", "127.0.0.1"), ("::1", "::1"), ("2001:DB8:0::1", "2001:db8::1"),
            ("::ffff:192.0.2.1", "192.0.2.1"), ("255.255.255.255", "255.255.255.255"),
        ])
    func read(_ text: String, _ written: String) throws {
        #expect(try #require(IPAddress(text)).description == written)
    }

    @Test(
        "anything else is no address",
        arguments: ["", "1.2.3", "1.2.3.256", "01.2.3.4 ", "localhost", "::g", "1::2::3"])
    func refused(_ text: String) { #expect(IPAddress(text) == nil) }

    @Test("what one host may use counts as one: an IPv4 address, a /64 network of IPv6")
    func hosts() throws {
        func host(_ text: String) throws -> IPAddress { try #require(IPAddress(text)).host }
        #expect(try host("192.0.2.1") == host("::ffff:192.0.2.1"))
        #expect(try host("192.0.2.1") != host("192.0.2.2"))
        #expect(try host("2001:db8::1") == host("2001:db8::ffff:0:0:1"))
        #expect(try host("2001:db8::1") != host("2001:db8:0:1::1"))
    }
}
