import Documents
import Foundation
import Testing

@testable import Tare

/// The log of `tare serve` and of the companion beside it, as processes.
@Suite("The log of requests", .timeLimit(.minutes(40)))
struct RequestLogTests {
    private static let reader = "reader-secret-0123456789"
    private static let writer = "writer-secret-0123456789"
    private static let fish = "/prediction?length=95&height=18&species=salmon"

    private static func withServer<Result>(
        _ arguments: [String] = [], _ body: (LiveServer, URL) throws -> Result
    ) throws -> Result {
        try withLiveFolder { folder in
            let file = folder.appending(path: "tokens")
            try "read \(reader) dashboard\nwrite \(writer) sink\n".write(to: file, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
            return try body(
                try LiveServer(
                    folder: folder, ["--token-file", file.path, "--log-level", "debug"] + arguments), folder)
        }
    }

    private static func bearer(_ token: String) -> String { "Authorization: Bearer \(token)" }

    private static func events(_ text: String) throws -> [JSON] {
        try text.split(separator: "\n").map { try JSON(parsing: Array($0.utf8)) }
    }

    private static func requests(_ text: String) throws -> [JSON] {
        try events(text).filter { $0["logger"] == "tare.access" }
    }

    private static func row(_ number: Int, weight: Double = 4.9) -> JSON {
        [
            "Fish_Id": .string("\(number)"), "Species": "salmon", "Length": 95, "Height": 18,
            "ActualWeight": .number(weight), "Timestamp": .integer(1_623_245_967_971 + Int64(number) * 1000),
        ]
    }

    @Test(
        "without --access-log there is no line for a request that goes well; with it there is one for each, with its fields"
    )
    func accessLog() throws {
        try Self.withServer { server, _ in
            #expect(try server.get(Self.fish, headers: [Self.bearer(Self.reader)]).status == 200)
            let lines = try Self.requests(server.stop().errors)
            #expect(lines.isEmpty)
        }
        try Self.withServer(["--access-log"]) { server, _ in
            let answers = [
                try server.get(Self.fish, headers: [Self.bearer(Self.reader), "X-Request-ID: r-1"]),
                try server.post("/train?force=maybe", headers: [Self.bearer(Self.writer)]),
                try server.get("/models/m%0A1", headers: [Self.bearer(Self.writer)]),
                try server.get("/nothing"), try server.post("/train", headers: [Self.bearer(Self.reader)]),
                try server.get("/healthz"),
            ]
            let lines = try Self.requests(server.stop().errors)
            #expect(lines.map { $0["status"]?.integer ?? 0 } == answers.map { Int64($0.status) })
            #expect(lines.map { $0["bytes"]?.integer ?? 0 } == answers.map { Int64($0.body.count) })
            #expect(lines.map { $0["method"]?.text } == ["GET", "POST", "GET", "GET", "POST", "GET"])
            #expect(
                lines.map { $0["route"]?.text }
                    == ["/prediction", "/train", "/models/{version}", nil, "/train", "/healthz"])
            #expect(
                lines.map { $0["path"]?.text }
                    == ["/prediction", "/train", "/models/m\n1", "/nothing", "/train", "/healthz"])
            #expect(lines.map { $0["token"]?.text } == ["dashboard", "sink", "sink", nil, "dashboard", nil])
            #expect(lines.map { $0["role"]?.text } == ["read", "write", "write", nil, "read", nil])
            #expect(lines.allSatisfy { $0["client"] == "127.0.0.1" })
            for (line, answer) in zip(lines, answers) where answer.status >= 400 || line["requestId"] == "r-1" {
                #expect(line["requestId"]?.text == answer.headers["x-request-id"], "\(line)")
            }
            #expect(lines[0]["requestId"] == "r-1")
        }
    }

    @Test("behind a trusted proxy a line names the client that the proxy names")
    func proxiedClient() throws {
        try Self.withServer(["--access-log", "--trusted-proxy", "127.0.0.1"]) { server, _ in
            _ = try server.get("/healthz", headers: ["X-Forwarded-For: 192.0.2.7"])
            let lines = try Self.requests(server.stop().errors)
            #expect(lines.first?["client"] == "192.0.2.7")
        }
    }

    @Test(
        "the lines that a request causes bear its name, and its answer too: a training, a conflict, an activation, a refusal"
    )
    func caused() throws {
        try Self.withServer { server, _ in
            func post(_ path: String, _ body: String, _ id: String) throws -> KeptConnection.Answer {
                let answer = try server.post(
                    path, body, headers: [Self.bearer(Self.writer), "X-Request-ID: \(id)"])
                #expect(answer.headers["x-request-id"] == id)
                return answer
            }
            _ = try post("/observations", JSON.array((0..<30).map { Self.row($0) }).compact, "rows-1")
            _ = try post("/observations", Self.row(0, weight: 7).compact, "conflict-1")
            let version = try #require(
                try server.get("/model", headers: [Self.bearer(Self.writer)]).document?["version"]?.text)
            _ = try post("/train", "", "train-1")
            _ = try post("/models/\(version)/activate", "", "activate-1")
            let broken = try KeptConnection(port: server.port).send("GET /a b HTTP/1.1\r\nHost: x\r\n\r\n")
            let name = try #require(broken.document?["requestId"]?.text)
            #expect(broken.status == 400 && broken.headers["x-request-id"] == name)
            let events = try Self.events(server.stop().errors)
            func messages(_ id: String) -> [String] {
                events.filter { $0["requestId"]?.text == id }.compactMap { $0["message"]?.text }
            }
            #expect(messages("rows-1").isEmpty)
            #expect(messages("conflict-1").contains { $0.contains("conflict") })
            #expect(messages("train-1").contains { $0.contains("train") }, "\(messages("train-1"))")
            #expect(messages(name) == ["refused"])
        }
    }

    @Test("a whole run with tokens leaves no secret and no body in any log, of the server or the companion")
    func noSecrets() throws {
        try Self.withServer(["--access-log"]) { server, folder in
            let mark = "body-mark-77"
            for token in [Self.reader, Self.writer, "wrong-secret-0123456789"] {
                _ = try server.get(Self.fish + "&x=\(mark)", headers: [Self.bearer(token)])
                _ = try server.post("/observations", "{\"\(mark)\":1}", headers: [Self.bearer(token)])
                _ = try server.post("/train", "{\"a\":\"\(mark)\"", headers: [Self.bearer(token)])
                let pair = Data("user:\(token)".utf8).base64EncodedString()
                _ = try server.get("/models", headers: ["Authorization: Basic \(pair)"])
            }
            let file = folder.appending(path: "secret")
            try Self.writer.write(to: file, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
            let stream = try TareProcess.run([
                "stream", "--server", "http://127.0.0.1:\(server.port)", "--token-file", file.path, "--source",
                "simulator", "--count", "180", "--speed", "max", "--log-format", "json",
            ])
            #expect(stream.status == 0, "\(stream.errors)")
            let log = server.stop().errors
            let requests = try Self.requests(log)
            #expect(requests.contains { $0["route"] == "/train" && $0["token"] == "sink" })
            for text in [log, stream.errors] {
                #expect(!text.contains("secret-0123456789") && !text.contains(mark))
                let encoded = Data("user:\(Self.writer)".utf8).base64EncodedString()
                #expect(!text.contains(encoded) && !text.contains("Bearer r") && !text.contains("Bearer w"))
            }
        }
    }

    @Test("a line of the companion names the request that the server's log has under the same name")
    func matched() throws {
        try withLiveFolder { folder in
            let server = try LiveServer(folder: folder, ["--access-log"])
            let file = folder.appending(path: "events.ndjson")
            try (0..<3).map { number in
                #"{"Fish_Id":"\#(number)","Species":"salmon","Length":\#(number == 1 ? 99_999 : 95),"Height":18,"#
                    + #""Timestamp":"2021-06-09T13:39:2\#(number)Z"}"# + "\n"
            }.joined().write(to: file, atomically: true, encoding: .utf8)
            let stream = try TareProcess.run([
                "stream", "--server", "http://127.0.0.1:\(server.port)", "--source", file.path, "--log-format", "json",
            ])
            let events = try Self.events(stream.errors)
            let line = try #require(
                events.first { $0["message"]?.text?.hasPrefix("set aside: 1: ") == true }, "\(events)")
            let name = try #require(line["requestId"]?.text)
            let requests = try Self.requests(server.stop().errors).filter { $0["requestId"]?.text == name }
            #expect(requests.map { $0["status"] } == [400])
            #expect(events.last?["message"] == "the run has ended" && events.last?["predicted"] == 2)
        }
    }
}
