import CertificateTesting
import Documents
import Foundation
import Glibc
import Testing

@testable import Streaming
@testable import Tare

/// `tare serve` and `tare stream` as processes that speak https to each other.
@Suite(
    "https between server and companion", .enabled(if: TestAuthority.isPossible, "openssl is not installed"),
    .timeLimit(.minutes(40)))
struct TLSServerTests {
    private static let token = "writer-0123456789abcdef"
    private let authority: TestAuthority

    init() throws { authority = try TestAuthority() }

    private func arguments(_ issued: TestAuthority.Issued, asksClients: Bool = false) -> [String] {
        ["--tls-certificate", issued.certificate, "--tls-key", issued.key]
            + (asksClients ? ["--tls-client-ca", authority.certificate] : [])
    }

    private func status(
        of server: LiveServer, believing: String? = nil, as own: TestAuthority.Issued? = nil,
        _ target: String = "/healthz"
    ) throws -> Int {
        var credentials = ServerCredentials()
        credentials.authorityFile = believing ?? authority.certificate
        credentials.certificate = own.map { ($0.certificate, $0.key) }
        let connection = CurlConnection(
            to: try ServerAddress("https://127.0.0.1:\(server.port)"), credentials: credentials)
        return try connection.perform(HTTPCall(target: target, timeoutMilliseconds: 20_000)).status
    }

    @Test("the companion predicts, records and sends its token over https, and shows its certificate")
    func companion() throws {
        try withLiveFolder { folder in
            let tokens = folder.appending(path: "tokens")
            try Data("write \(Self.token) stream\n".utf8).write(to: tokens)
            let server = try LiveServer(
                folder: folder,
                arguments(authority.issue("server"), asksClients: true) + ["--token-file", tokens.path])
            let events = folder.appending(path: "events.ndjson")
            let lines = (0..<20).flatMap { number in
                let time = "2021-06-09T06:20:\(10 + number)Z"
                return [
                    #"{"Fish_Id":"\#(number)","Species":"salmon","Length":95,"Height":18,"Timestamp":"\#(time)"}"#,
                    #"{"Fish_Id":"\#(number)","Species":"salmon","Weight":4.9,"Timestamp":"\#(time)"}"#,
                ]
            }
            try Data(lines.joined(separator: "\n").utf8).write(to: events)
            let own = try authority.issue("companion")
            let common = ["stream", "--source", events.path, "--server", "https://localhost:\(server.port)"]
            let result = try TareProcess.run(
                common + [
                    "--server-ca", authority.certificate, "--token-file", tokens.path, "--client-certificate",
                    own.certificate, "--client-key", own.key,
                ])
            #expect(result.status == 0 && result.errors.contains("recorded    20"), "\(result.errors)")
            let stranger = try TareProcess(
                common + ["--server-ca", authority.certificate, "--token-file", tokens.path])
            defer { stranger.end() }
            #expect(stranger.says("waiting for the model server"))
            stranger.send(SIGTERM)
            #expect(!stranger.finish().errors.contains(Self.token))
        }
    }

    @Test("a server that another authority vouches for is not believed")
    func notBelieved() throws {
        try withLiveFolder { folder in
            let server = try LiveServer(folder: folder, arguments(authority.issue("server")))
            #expect(try status(of: server) == 200)
            let other = try TestAuthority()
            let error = #expect(throws: HTTPCallError.self) { try status(of: server, believing: other.certificate) }
            #expect(error?.description.contains("certificate") == true, "\(String(describing: error))")
        }
    }

    @Test("SIGHUP renews certificate and authorities without a restart; what is broken leaves those of before")
    func renewal() throws {
        try withLiveFolder { folder in
            let first = try authority.issue("server")
            let server = try LiveServer(folder: folder, arguments(first))
            let next = try TestAuthority()
            let second = try next.issue("server")
            func install(_ certificate: String) throws {
                try Data(contentsOf: URL(filePath: certificate)).write(to: URL(filePath: first.certificate))
            }
            try install(second.certificate)
            server.send(SIGHUP)
            #expect(server.says("the certificate of before stays"))
            #expect(try status(of: server) == 200)
            try Data(contentsOf: URL(filePath: second.key)).write(to: URL(filePath: first.key))
            server.send(SIGHUP)
            #expect(server.says("new connections get the certificate"))
            #expect(try status(of: server, believing: next.certificate) == 200)
            #expect(throws: HTTPCallError.self) { try status(of: server) }
        }
    }

    @Test("a certificate that ends soon is used, and told of at the start")
    func endsSoon() throws {
        try withLiveFolder { folder in
            let server = try LiveServer(folder: folder, arguments(authority.issue("short", days: 3)))
            #expect(server.says("short.pem is good until 20"))
            #expect(try status(of: server) == 200)
        }
    }

    @Test(
        "what does not belong together is refused with the options' names",
        arguments: [
            (["--tls-certificate", "x"], "--tls-key"), (["--tls-key", "x"], "--tls-certificate"),
            (["--tls-client-ca", "x"], "--tls-certificate"),
            (["--tls-certificate", "/nowhere", "--tls-key", "/nowhere"], "/nowhere cannot be read"),
        ])
    func refused(_ arguments: [String], _ named: String) throws {
        let result = try withLiveFolder { folder in
            try TareProcess.run(["serve", "--port", "0", "--store", "sqlite:\(folder.path)/rows"] + arguments)
        }
        #expect(result.status != 0 && result.errors.contains(named), "\(result.errors)")
    }

    @Test(
        "the companion's files are looked at before it starts",
        arguments: [
            (["--server-ca", "/nowhere"], "--server-ca: /nowhere"), (["--client-key", "x"], "--client-certificate"),
            (["--token-file", "/nowhere"], "--token-file: /nowhere"),
        ])
    func companionRefused(_ arguments: [String], _ named: String) throws {
        let result = try TareProcess.run(["stream", "--source", "simulator"] + arguments)
        #expect(result.status != 0 && result.errors.contains(named), "\(result.errors)")
    }
}
