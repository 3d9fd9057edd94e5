import Documents
import Foundation
import Testing

@testable import Tare

/// `tare stream --metrics-port` as a process.
@Suite("GET /metrics of the companion", .timeLimit(.minutes(40)))
struct StreamMetricsTests {
    private static func port(of stream: TareProcess) throws -> UInt16 {
        #expect(stream.says("metrics at http://127.0.0.1:"), "\(stream.errorsSoFar)")
        let match = try #require(stream.errorsSoFar.firstMatch(of: /metrics at http:\/\/127\.0\.0\.1:(\d+)\/metrics/))
        return try #require(UInt16(match.output.1))
    }

    private static func get(_ path: String, port: UInt16, method: String = "GET") throws -> KeptConnection.Answer {
        try KeptConnection(port: port).send(
            "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
    }

    private static func scrape(_ port: UInt16) throws -> ScrapedMetrics {
        ScrapedMetrics(try get("/metrics", port: port).text)
    }

    @Test("it counts a run while it goes on, as the server counts what it was asked, and tells when the server is away")
    func counts() throws {
        try withLiveFolder { folder in
            let server = try LiveServer(folder: folder)
            let stream = try TareProcess(
                ["stream", "--server", "http://127.0.0.1:\(server.port)", "--speed", "60", "--metrics-port", "0"],
                outputPath: "/dev/null")
            defer { stream.end() }
            let port = try Self.port(of: stream)
            try waitUntil {
                try Self.scrape(port)["tare_stream_trainings_total{verdict=\"retrained\"}"] ?? 0 > 0
            }
            let text = try Self.get("/metrics", port: port).text
            if PrometheusTool.isPossible {
                let said = try PrometheusTool.check(metrics: text)
                #expect(said.status == 0 && said.words.isEmpty, "\(said.words)")
            }
            let metrics = ScrapedMetrics(text)
            #expect(metrics["tare_stream_server_up"] == 1 && metrics["tare_build_info{version=\"1.0.0\"}"] == 1)
            #expect(metrics.sum("tare_stream_triggers_total{") > 0)
            #expect(metrics.sum("tare_stream_label_delay_seconds_count") > 0)
            #expect(metrics.sum("tare_stream_rolling_error{group=\"walleye\"}") > 0)
            let trained = ScrapedMetrics(try server.get("/metrics").text)
            #expect(
                trained.sum("tare_trainings_total{verdict=\"retrained\"}")
                    >= metrics["tare_stream_trainings_total{verdict=\"retrained\"}"] ?? .infinity)
            _ = server.stop()
            try waitUntil { try Self.scrape(port)["tare_stream_server_up"] == 0 }
            #expect(try Self.scrape(port)["tare_stream_server_up"] == 0)
            stream.send(SIGTERM)
            #expect(stream.finish().status == 0)
        }
    }

    @Test("beside /metrics there is /status; all else is a problem that says what there is")
    func others() throws {
        let stream = try TareProcess(
            ["stream", "--server", "http://127.0.0.1:1", "--model", LiveServer.initialModel, "--metrics-port", "0"],
            outputPath: "/dev/null")
        defer { stream.end() }
        let port = try Self.port(of: stream)
        #expect(try Self.get("/status", port: port).document?["pendingOutcomes"] == 0)
        let nothing = try Self.get("/nothing", port: port)
        #expect(nothing.status == 404 && nothing.text.contains("accepted are /metrics and /status"))
        let posted = try Self.get("/metrics", port: port, method: "POST")
        #expect(posted.status == 405 && posted.headers["allow"] == "GET, HEAD")
    }

    @Test("a port that is taken is told with its number, and the run does not begin")
    func taken() throws {
        try withLiveFolder { folder in
            let server = try LiveServer(folder: folder)
            let result = try TareProcess.run([
                "stream", "--server", "http://127.0.0.1:\(server.port)", "--metrics-port", "\(server.port)",
            ])
            #expect(result.status != 0 && result.errors.contains("\(server.port)"), "\(result.errors)")
            #expect(result.output.isEmpty)
        }
    }

    @Test("without --metrics-port nothing listens", arguments: [[], ["--log-format", "json"]])
    func off(_ options: [String]) throws {
        let stream = try TareProcess(
            ["stream", "--server", "http://127.0.0.1:1", "--model", LiveServer.initialModel] + options,
            outputPath: "/dev/null")
        defer { stream.end() }
        #expect(stream.says("waiting for the model server"))
        let sockets = try String(contentsOfFile: "/proc/\(stream.identifier)/net/tcp", encoding: .utf8)
        let own = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(stream.identifier)/fd").compactMap {
            try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(stream.identifier)/fd/\($0)")
        }
        let listening = sockets.split(separator: "\n").dropFirst().filter { line in
            let fields = line.split(separator: " ")
            return fields[3] == "0A" && own.contains("socket:[\(fields[9])]")
        }
        #expect(listening.isEmpty)
    }
}
