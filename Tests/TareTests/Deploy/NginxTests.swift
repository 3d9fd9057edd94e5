import CertificateTesting
import Documents
import Foundation
import Glibc
import Testing

@testable import Streaming
@testable import Tare

private let program = "/usr/sbin/nginx"
private let isPossible = FileManager.default.isExecutableFile(atPath: program) && TestAuthority.isPossible

/// `deploy/nginx.conf` as it stands, but for ports, folders and the user.
@Suite(
    "deploy: nginx in front", .enabled(if: isPossible, "nginx or openssl is not installed"),
    .timeLimit(.minutes(40)))
struct NginxTests {
    private static let token = "writer-0123456789abcdef"
    private static let fish = "/prediction?length=95&height=18&species=salmon"

    /// A running nginx; ended with the value.
    private final class Proxy {
        /// Of TLS, and of plain HTTP, which the tests add.
        let ports: (tls: UInt16, plain: UInt16)
        private let process = Process()

        init(before server: UInt16, folder: URL, _ authority: TestAuthority) throws {
            let issued = try authority.issue("nginx")
            ports = (try freePort(), try freePort())
            var text = try DeployFiles.text("nginx.conf")
            for (old, new) in [
                ("user www-data;\n", ""), ("pid /run/nginx.pid;", "pid \(folder.path)/pid; daemon off;"),
                ("/var/log/nginx", folder.path), ("127.0.0.1:8000", "127.0.0.1:\(server)"),
                ("listen 443 ssl;", "listen 127.0.0.1:\(ports.tls) ssl; listen 127.0.0.1:\(ports.plain);"),
                ("/etc/tare/server.pem", issued.certificate), ("/etc/tare/server.key", issued.key),
            ] {
                try #require(text.contains(old), "\(old)")
                text = text.replacing(old, with: new)
            }
            let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map {
                "\($0)_temp_path \(folder.path)/\($0);"
            }
            text = text.replacing("http {\n", with: "http {\n\(temporary.joined(separator: "\n"))\n")
            let file = folder.appending(path: "nginx.conf")
            try Data(text.utf8).write(to: file)
            process.executableURL = URL(filePath: program)
            process.arguments = ["-p", folder.path, "-e", "\(folder.path)/error.log", "-c", file.path]
            process.standardError = FileHandle.nullDevice
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            try awaitStart(folder)
        }

        deinit {
            process.terminate()
            process.waitUntilExit()
        }

        private func awaitStart(_ folder: URL) throws {
            for _ in 0..<500 {
                if (try? KeptConnection(port: ports.plain)) != nil { return }
                usleep(20_000)
            }
            let log = (try? String(contentsOf: folder.appending(path: "error.log"), encoding: .utf8)) ?? ""
            throw LiveServer.Failure(description: "nginx does not answer: \(log)")
        }
    }

    private func withProxy(_ body: (Proxy, LiveServer, TestAuthority) throws -> Void) throws {
        try withLiveFolder { folder in
            let tokens = folder.appending(path: "tokens")
            try Data("write \(Self.token) sink\n".utf8).write(to: tokens)
            let server = try LiveServer(
                folder: folder, ["--token-file", tokens.path, "--trusted-proxy", "127.0.0.1"])
            let authority = try TestAuthority()
            let own = folder.appending(path: "nginx")
            try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
            try body(try Proxy(before: server.port, folder: own, authority), server, authority)
        }
    }

    private func get(_ proxy: Proxy, from source: UInt8, _ headers: [String]) throws -> KeptConnection.Answer {
        let head = ["GET \(Self.fish) HTTP/1.1", "Host: localhost"] + headers
        return try KeptConnection(port: proxy.ports.plain, source: source).send(
            head.joined(separator: "\r\n") + "\r\n\r\n")
    }

    @Test("a prediction comes through over TLS, and a row with its token")
    func passes() throws {
        try withProxy { proxy, _, authority in
            var credentials = ServerCredentials()
            credentials.authorityFile = authority.certificate
            credentials.token = { Self.token }
            let connection = CurlConnection(
                to: try ServerAddress("https://localhost:\(proxy.ports.tls)"), credentials: credentials)
            for _ in 0..<3 {
                let answer = try connection.perform(HTTPCall(target: Self.fish, timeoutMilliseconds: 20_000))
                #expect(answer.status == 200)
            }
            let row =
                #"{"Species":"salmon","Length":95,"Height":18,"ActualWeight":5,"Timestamp":"2021-06-09T06:20:00Z"}"#
            let recorded = try connection.perform(
                HTTPCall(target: "/observations", body: Array(row.utf8), timeoutMilliseconds: 20_000))
            #expect(recorded.status == 200)
        }
    }

    @Test("wrong tokens of one client do not slow another one, whatever the first says of itself")
    func clients() throws {
        try withProxy { proxy, server, _ in
            let guess = ["Authorization: Bearer guess", "X-Forwarded-For: 192.0.2.9", "Forwarded: for=192.0.2.9"]
            let first = try (0..<12).map { _ in try get(proxy, from: 2, guess).status }
            #expect(first == Array(repeating: 401, count: 10) + [429, 429])
            let other = try get(proxy, from: 3, guess)
            #expect(other.status == 401 && other.document?["status"] == 401)
            #expect(server.says("the last from 127.0.0.2") && !server.errorsSoFar.contains("192.0.2.9"))
        }
    }

    @Test("what nginx refuses by itself is a problem document, too")
    func refusals() throws {
        try withProxy { proxy, server, _ in
            let large = try KeptConnection(port: proxy.ports.plain).send(
                "POST /observations HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\n")
            let bad = try KeptConnection(port: proxy.ports.plain).send("GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n")
            server.kill()
            let away = try get(proxy, from: 2, [])
            for (answer, status) in [(large, 413), (bad, 400), (away, 503)] {
                #expect(answer.status == status && answer.document?["status"]?.integer == Int64(status))
                #expect(answer.headers["content-type"] == "application/problem+json")
            }
            #expect(away.headers["retry-after"] == "5")
        }
    }
}
