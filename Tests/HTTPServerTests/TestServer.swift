import CertificateTesting
import Foundation
import HTTPServer
import Threading

/// A server on a port of the system's choice whose handler says what it was given.
final class TestServer: Sendable {
    let server: HTTPServer
    let log: Log
    let warnings = Log()
    let statistics = HTTPStatistics()
    /// How a client is to speak to it; nil for plain HTTP.
    let tls: ClientSession.Settings?

    final class Log: Sendable {
        private let kept = Lock<[String]>([])
        var lines: [String] { kept.withLock { $0 } }
        func note(_ line: String) { kept.withLock { $0.append(line) } }
    }

    init(
        threads: Int = 2, _ limits: HTTPLimits = HTTPLimits(), memory: RequestMemory? = nil,
        tls: Identity? = everywhere, proxies: TrustedProxies? = nil,
        handler: @escaping @Sendable (HTTPRequest) -> HTTPReply = echo,
        admit: (@Sendable (HTTPRequest) -> HTTPResponse?)? = nil
    ) throws {
        let log = Log()
        let warnings = warnings
        self.log = log
        server = try HTTPServer(
            host: "127.0.0.1", port: 0, threads: threads, limits: limits, memory: memory,
            statistics: statistics, log: { log.note($0) }, warn: { warnings.note($0) },
            refuse: { refusal, request in
                log.note("refused with \(refusal.status), \(request.map { "\($0.method) \($0.path)" } ?? "no head")")
                return problem(refusal, to: request)
            }, admit: admit,
            tls: tls.map { try TLSCredentials($0.files) },
            proxies: proxies,
            handler: handler)
        self.tls = tls.map { ClientSession.Settings(authorities: $0.authorities) }
    }

    deinit {
        server.stop()
    }

    func client(receiveBytes: Int32? = nil, source: UInt8 = 1) throws -> RawClient {
        try RawClient(port: server.port, receiveBytes: receiveBytes, source: source, tls: tls)
    }

    /// What a server shows, and who signed it.
    struct Identity: Sendable {
        let files: TLSFiles
        let authorities: String

        init(_ authority: TestAuthority, _ name: String, asksClients: Bool = false) throws {
            let issued = try authority.issue(name)
            authorities = authority.certificate
            files = TLSFiles(
                certificate: issued.certificate, key: issued.key,
                clientAuthorities: asksClients ? authority.certificate : nil)
        }
    }

    /// With `TARE_TEST_TLS=1` every test of the server runs over TLS, but for those that are about its absence.
    static let everywhere: Identity? = {
        guard ProcessInfo.processInfo.environment["TARE_TEST_TLS"] != nil else { return nil }
        do {
            return try Identity(authority, "everywhere")
        } catch {
            fatalError("\(error)")
        }
    }()

    private static let authority: TestAuthority = {
        do { return try TestAuthority() } catch { fatalError("\(error)") }
    }()

    /// Whether a new connection is closed without a word. One that came just before the stop is left open for a while, so
    /// each look takes a connection of its own.
    var isStopping: Bool {
        guard let client = try? client() else { return true }
        return client.hasAnswer(within: 100) && client.isClosed()
    }

    /// Sends bytes on a connection of their own, and reads one answer.
    func answer(to bytes: String, hasBody: Bool = true) throws -> RawClient.Answer {
        let client = try client()
        try client.send(bytes)
        return try client.answer(hasBody: hasBody)
    }
}

/// The default limits but for a change.
func limits(_ change: (inout HTTPLimits) -> Void) -> HTTPLimits {
    var limits = HTTPLimits()
    change(&limits)
    return limits
}

/// A request with a Host.
func request(_ line: String, headers: [String] = [], body: String = "") -> String {
    ([line + " HTTP/1.1", "Host: test"] + headers).joined(separator: "\r\n") + "\r\n\r\n" + body
}

/// Plain text with one line for the request line, then one for each field, then the body.
@Sendable func echo(_ request: HTTPRequest) -> HTTPReply {
    var lines = ["\(request.method) \(request.path)"]
    lines += request.query.map { "?\($0.name)=\($0.value)" }
    lines += request.headers.map { "\($0.name): \($0.value)" }
    lines.append("body \(request.body.count) \(String(decoding: request.body.prefix(100), as: UTF8.self))")
    return .now(text(lines.joined(separator: "\n")))
}

func text(_ body: String, status: Int = 200) -> HTTPResponse {
    HTTPResponse(status: status, headers: [HTTPField("Content-Type", "text/plain")], body: Array(body.utf8))
}

@Sendable func problem(_ refusal: HTTPRefusal, to request: HTTPRequest?) -> HTTPResponse {
    HTTPResponse(
        status: refusal.status, headers: [HTTPField("Content-Type", "application/problem+json")],
        body: Array("{\"status\":\(refusal.status),\"detail\":\"\(refusal.detail)\"}".utf8))
}

/// Waits for what another thread does, for a generous time.
func eventually(_ condition: () -> Bool) -> Bool {
    let end = ContinuousClock.now + .seconds(20)
    while ContinuousClock.now < end {
        if condition() { return true }
        usleep(2000)
    }
    return condition()
}
