import ArgumentParser
import Documents
import Foundation
import Glibc
import Testing

@testable import Tare

/// `tare serve` as a process, with a file of tokens.
@Suite("A server with tokens", .timeLimit(.minutes(40)))
struct GuardedServerTests {
    private static let reader = "reader-0123456789abcdef"
    private static let writer = "writer-0123456789abcdef"
    private static let fish = "/prediction?length=95&height=18&species=salmon"

    private static func withServer<Result>(
        tokens: String = "read \(reader) dashboard\nwrite \(writer) sink\n", _ arguments: [String] = [],
        _ body: (LiveServer, URL) throws -> Result
    ) throws -> Result {
        try withLiveFolder { folder in
            let file = folder.appending(path: "tokens")
            try write(tokens, to: file)
            let server = try LiveServer(folder: folder, ["--token-file", file.path] + arguments)
            return try body(server, file)
        }
    }

    private static func write(_ tokens: String, to file: URL) throws {
        try tokens.write(to: file, atomically: true, encoding: .utf8)
        try setMode(0o600, of: file)
    }

    private static func setMode(_ mode: Int, of file: URL) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
    }

    private static func bearer(_ token: String) -> String { "Authorization: Bearer \(token)" }

    private static func basic(_ token: String) -> String {
        "Authorization: Basic \(Data("anybody:\(token)".utf8).base64EncodedString())"
    }

    @Test("without a token 401 with both challenges; with the wrong role 403; with the right one the route")
    func roles() throws {
        try Self.withServer { server, _ in
            let nobody = try server.get(Self.fish)
            #expect(nobody.status == 401 && nobody.document?["status"] == 401)
            #expect(nobody.headers["content-type"] == "application/problem+json")
            #expect(nobody.challenges == ["Bearer realm=\"tare\"", "Basic realm=\"tare\", charset=\"UTF-8\""])
            for token in [Self.bearer(Self.reader), Self.basic(Self.writer)] {
                #expect(try server.get(Self.fish, headers: [token]).status == 200)
            }
            #expect(try server.get(Self.fish, headers: [Self.bearer("wrong")]).status == 401)
            let forbidden = try server.post("/train", "{}", headers: [Self.basic(Self.reader)])
            #expect(forbidden.status == 403 && forbidden.document?["status"] == 403)
            #expect(try server.post("/train", "{}", headers: [Self.bearer(Self.writer)]).status != 403)
        }
    }

    @Test(
        "health, readiness and the contract need no token",
        arguments: ["/healthz", "/readyz", "/openapi.yaml", "/openapi.json", "/__docs__/"])
    func open(_ path: String) throws {
        let status = try Self.withServer { server, _ in try server.get(path).status }
        #expect(status == 200)
    }

    @Test("whoever may not record is told before the rows are sent, and the connection is closed")
    func beforeTheBody() throws {
        try Self.withServer { server, _ in
            let connection = try KeptConnection(port: server.port)
            let head = "POST /observations HTTP/1.1\r\nHost: x\r\nContent-Length: 8000000\r\n"
            let answer = try connection.send(head + Self.bearer(Self.reader) + "\r\n\r\n")
            #expect(answer.status == 403 && answer.headers["connection"] == "close")
        }
    }

    @Test("a connection whose GET was refused stays open for the next one")
    func keptOpen() throws {
        try Self.withServer { server, _ in
            let connection = try KeptConnection(port: server.port)
            let line = "GET \(Self.fish) HTTP/1.1\r\nHost: x\r\n"
            #expect(try connection.send(line + "\r\n").status == 401)
            #expect(try connection.send(line + Self.bearer(Self.reader) + "\r\n\r\n").status == 200)
        }
    }

    @Test("after ten wrong tokens comes 429 with the time to wait, and a right long token is still let in")
    func limited() throws {
        try Self.withServer { server, _ in
            let statuses = try (0..<12).map { try server.get(Self.fish, headers: [Self.bearer("wrong\($0)")]).status }
            #expect(statuses == Array(repeating: 401, count: 10) + [429, 429])
            let answer = try server.get(Self.fish, headers: [Self.bearer("wrong")])
            let wait = try #require(answer.headers["retry-after"].flatMap { Int($0) })
            #expect(answer.status == 429 && answer.document?["status"] == 429 && (1...6).contains(wait))
            #expect(try server.get(Self.fish, headers: [Self.bearer(Self.reader)]).status == 200)
            #expect(server.says("requests with a wrong token"))
        }
    }

    @Test("SIGHUP reads the file anew; a broken one leaves the tokens of before, and no secret is logged")
    func reload() throws {
        try Self.withServer { server, file in
            let next = "rotated-0123456789abcdef"
            try Self.write("read \(next) renewed\n", to: file)
            server.send(SIGHUP)
            #expect(server.says("read again: 1 tokens"))
            #expect(try server.get(Self.fish, headers: [Self.bearer(next)]).status == 200)
            #expect(try server.get(Self.fish, headers: [Self.bearer(Self.reader)]).status == 401)
            try Self.write("raed \(Self.writer)\n", to: file)
            server.send(SIGHUP)
            #expect(server.says("the tokens of before stay"))
            #expect(try server.get(Self.fish, headers: [Self.bearer(next)]).status == 200)
            for secret in [Self.reader, Self.writer, next] { #expect(!server.errorsSoFar.contains(secret)) }
        }
    }

    @Test("the log names the tokens, warns of short ones, and of a file that others can read")
    func told() throws {
        try Self.withServer(tokens: "write short\nread \(Self.reader) dashboard") { server, file in
            #expect(server.errorsSoFar.contains("line-1 (write), dashboard (read)"))
            #expect(server.errorsSoFar.contains("fewer than 16 characters: line-1;"))
            #expect(!server.errorsSoFar.contains("every user of this machine"))
            try Self.setMode(0o644, of: file)
            server.send(SIGHUP)
            #expect(server.says("\(file.path) can be read by every user of this machine"))
        }
    }

    @Test("a file that is broken, away, no file or writable by all keeps the server from starting")
    func noStart() throws {
        try withLiveFolder { folder in
            let file = folder.appending(path: "tokens")
            func start(_ path: String) throws -> String {
                let result = try TareProcess.run([
                    "serve", "--port", "0", "--store", "sqlite:\(folder.path)/rows", "--token-file", path,
                ])
                #expect(result.status != 0 && result.output.isEmpty)
                return result.errors
            }
            #expect(try start(file.path).contains("No such file"))
            #expect(try start(folder.path).contains("no regular file"))
            try Self.write("s3cret", to: file)
            let broken = try start(file.path)
            #expect(broken.contains("line 1 begins with no role") && !broken.contains("s3cret"))
            try Self.setMode(0o666, of: file)
            #expect(try start(file.path).contains("can be written by every user"))
        }
    }
}

@Suite("Addresses that other machines reach", .timeLimit(.minutes(40)))
struct OpenAddressTests {
    @Test(
        "an address that is not loopback needs tokens or --insecure",
        arguments: [
            ("127.0.0.1", true), ("localhost", true), ("127.9.9.9", true), ("::1", true), ("0.0.0.0", false),
            ("::", false), ("192.0.2.1", false), ("::ffff:192.0.2.1", false), ("::ffff:127.0.0.1", true),
        ])
    func needed(_ host: String, _ isLoopback: Bool) throws {
        func check(_ arguments: [String]) -> Bool { (try? AccessOptions.parse(arguments).check(host: host)) != nil }
        #expect(check([]) == isLoopback)
        #expect(check(["--insecure"]) && check(["--token-file", "x"]))
        #expect(!check(["--insecure", "--token-file", "x"]))
    }

    @Test("--insecure says at the start what is open, whatever is logged")
    func insecure() throws {
        try withLiveFolder { folder in
            let server = try LiveServer(folder: folder, ["--host", "0.0.0.0", "--insecure", "--log-level", "critical"])
            #expect(server.says("--insecure: everybody who reaches 0.0.0.0:\(server.port) may predict"))
        }
    }

    @Test("without a token file SIGHUP ends the server in order")
    func hangUp() throws {
        try withLiveFolder { folder in
            let server = try LiveServer(folder: folder)
            server.send(SIGHUP)
            #expect(server.finish().status == 0)
        }
    }
}
