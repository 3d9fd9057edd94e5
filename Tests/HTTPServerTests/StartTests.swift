import Glibc
import HTTPServer
import Testing

@Suite("The start of a server", .timeLimit(.minutes(40)))
struct StartTests {
    @Test("tells the port that the system chose", arguments: ["127.0.0.1", "localhost", "0.0.0.0", "::1", "::"])
    func chosenPort(host: String) throws {
        let server = try start(host: host)
        defer { server.stop() }
        #expect(server.port != 0)
        if host != "::1" { _ = try RawClient(port: server.port) }
    }

    @Test(
        "refuses what is no address, and says what is accepted",
        arguments: ["", "example.org", "1.2.3", "127.0.0.1:80", "[::1]"])
    func badHost(host: String) {
        let error = #expect(throws: HTTPServerError.self) { try start(host: host) }
        #expect(error == .host(host))
        #expect(error?.description.contains("\"\(host)\"") == true)
        #expect(error?.description.contains("localhost is accepted") == true)
    }

    @Test("fails on a port that is in use, and says which")
    func portInUse() throws {
        let first = try start()
        defer { first.stop() }
        let error = #expect(throws: HTTPServerError.self) { try start(port: first.port) }
        #expect(
            error?.description
                == "cannot listen on 127.0.0.1:\(first.port): bind: \(unsafe String(cString: strerror(EADDRINUSE)))")
    }

    @Test(
        "fails on an address that is not this machine's",
        arguments: [("192.0.2.1", "192.0.2.1:"), ("2001:db8::1", "[2001:db8::1]:")])
    func foreignAddress(host: String, shown: String) {
        let error = #expect(throws: HTTPServerError.self) { try start(host: host) }
        #expect(error?.description.contains("cannot listen on \(shown)0: bind: ") == true)
    }

    @Test(
        "refuses a setting out of range, by its name",
        arguments: [
            ("threads", 0), ("threads", 2000), ("connectionsMax", 0), ("urlBytesMax", 100_000), ("bodyBytesMax", 0),
            ("requestSecondsMax", -1), ("suspendedMax", 0),
        ])
    func badSetting(name: String, value: Int) {
        var limits = HTTPLimits()
        var threads = 2
        switch name {
        case "threads": threads = value
        case "connectionsMax": limits.connectionsMax = value
        case "urlBytesMax": limits.urlBytesMax = value
        case "bodyBytesMax": limits.bodyBytesMax = value
        case "requestSecondsMax": limits.requestSecondsMax = value
        default: limits.suspendedMax = value
        }
        let error = #expect(throws: HTTPServerError.self) { try start(threads: threads, limits: limits) }
        #expect(error?.description.hasPrefix("\(name) is \(value): ") == true)
    }

    @Test("logs every limit by its name")
    func described() throws {
        let server = try TestServer()
        for (name, value) in HTTPLimits().described { #expect(server.log.lines.contains("\(name) = \(value)")) }
        #expect(HTTPLimits().described.count == Mirror(reflecting: HTTPLimits()).children.count)
    }

    private func start(
        host: String = "127.0.0.1", port: UInt16 = 0, threads: Int = 1, limits: HTTPLimits = HTTPLimits()
    ) throws -> HTTPServer {
        try HTTPServer(
            host: host, port: port, threads: threads, limits: limits, log: { _ in }, refuse: problem, handler: echo)
    }
}
