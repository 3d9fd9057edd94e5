import Documents
import Foundation
import Testing

@testable import Tare

/// `tare status` as a process, over a server as a process.
@Suite("tare status", .timeLimit(.minutes(40)))
struct StatusCommandTests {
    private static func row(_ number: Int, weight: Double) -> JSON {
        [
            "Fish_Id": .string("\(number)"), "Species": "salmon", "Length": 95, "Height": 18,
            "ActualWeight": .number(weight), "Timestamp": .string("2021-06-09T13:39:\(10 + number)Z"),
        ]
    }

    private static func status(_ port: UInt16, _ options: [String] = []) throws -> TareProcess.Result {
        try TareProcess.run(["status", "--server", "http://127.0.0.1:\(port)"] + options)
    }

    @Test("a good server is told with its model, and exits 0; an error above --error-max exits 1")
    func good() throws {
        try withLiveFolder { folder in
            let server = try LiveServer(folder: folder)
            let fresh = try Self.status(server.port)
            #expect(fresh.status == 0 && fresh.errors.isEmpty, "\(fresh.errors)")
            #expect(fresh.output.hasPrefix("server      http://127.0.0.1:\(server.port): ready\n"))
            #expect(fresh.output.contains("error       not known") && fresh.output.contains("on 100 rows of salmon"))
            try server.record((0..<30).map { Self.row($0, weight: 2.5) })
            let wrong = try Self.status(server.port, ["--json", "--error-max", "0.15"])
            #expect(wrong.status == 1)
            let document = try JSON(parsing: Array(wrong.output.utf8))
            #expect(document["status"] == "degraded" && document["faults"]?.elements == ["the error is above 0.15"])
            #expect(document["rollingErrorRows"] == 30 && document["rollingError"]?.double ?? 0 > 0.9)
            #expect(document["model"]?["version"] == (try server.get("/model").document?["version"]))
        }
    }

    @Test("a server that does not answer exits 2, one that asks for a token 3 without it and 0 with it")
    func away() throws {
        let gone = try Self.status(1, ["--json"])
        #expect(gone.status == 2 && gone.output.contains("\"status\": \"unavailable\""), "\(gone.output)")
        try withLiveFolder { folder in
            let file = folder.appending(path: "tokens")
            try "read reader-0123456789abcdef\n".write(to: file, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
            let server = try LiveServer(folder: folder, ["--token-file", file.path])
            let denied = try Self.status(server.port)
            #expect(denied.status == 3 && denied.output.contains("token"), "\(denied.output)")
            #expect(try Self.status(server.port, ["--token-file", file.path]).status == 0)
        }
    }

    @Test("a companion is told of where it is named, and one that is gone exits 1")
    func companion() throws {
        try withLiveFolder { folder in
            let server = try LiveServer(folder: folder)
            let stream = try TareProcess(
                ["stream", "--server", "http://127.0.0.1:\(server.port)", "--speed", "60", "--metrics-port", "0"],
                outputPath: "/dev/null")
            defer { stream.end() }
            #expect(stream.says("metrics at"))
            let address = String(
                try #require(stream.errorsSoFar.firstMatch(of: /metrics at (.*)\/metrics/)).output.1)
            let told = try Self.status(server.port, ["--companion", address])
            #expect(told.status == 0 && told.output.contains("\ncompanion   "), "\(told.output)")
            stream.send(SIGTERM)
            _ = stream.finish()
            let gone = try Self.status(server.port, ["--companion", address])
            #expect(gone.status == 1 && gone.output.contains("the companion does not answer"))
        }
    }

    @Test(
        "what is given wrongly is refused with what is accepted",
        arguments: [(["--error-max", "0"], "above 0"), (["--server", "ftp://x"], "http://HOST:PORT")])
    func refused(_ options: [String], _ words: String) throws {
        let result = try TareProcess.run(["status"] + options)
        #expect(result.status == 64 && result.errors.contains(words), "\(result.errors)")
    }
}
