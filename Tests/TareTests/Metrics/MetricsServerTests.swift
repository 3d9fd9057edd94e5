import Documents
import Foundation
import MongoTesting
import Testing

@testable import Program

@Suite("GET /metrics of a running server", .timeLimit(.minutes(40)))
struct MetricsServerTests {
    private static let fish = "/prediction?length=95&height=18&species="

    private static func row(_ number: Int, weight: Double = 4.9, species: String = "salmon") -> JSON {
        [
            "Fish_Id": .string("\(number)"), "Species": .string(species), "Length": 95, "Height": 18,
            "ActualWeight": JSON(weight), "Timestamp": .string("2021-06-02 07:48:\(10 + number)"),
        ]
    }

    private static func scrape(_ server: LiveServer) throws -> (text: String, metrics: ScrapedMetrics) {
        let answer = try server.get("/metrics")
        #expect(answer.status == 200)
        #expect(answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
        return (answer.text, ScrapedMetrics(answer.text))
    }

    /// What a server has to tell after something of everything.
    private static func busy(_ server: LiveServer) throws {
        for species in ["salmon", "salmon", "walleye", "a \"fish\"%5C"] {
            _ = try server.get(fish + species.replacing(" ", with: "%20").replacing("\"", with: "%22"))
        }
        _ = try server.get("/prediction?length=none")
        _ = try server.get("/nowhere")
        try server.record((0..<3).map { row($0) })
        _ = try server.post("/observations", JSON.array([row(0), row(1, weight: 3), ["Fish_Id": "9"]]).compact)
        _ = try server.post("/train", "{}")
        let refused = try KeptConnection(port: server.port).send(
            "GET /\(String(repeating: "a", count: 8001)) HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(refused.status == 414)
    }

    @Test("it counts what was asked, by route, status, group, result and verdict")
    func counts() throws {
        try withLiveFolder { folder in
            let server = try LiveServer(folder: folder)
            try Self.busy(server)
            let metrics = try Self.scrape(server).metrics
            let prediction = #"{method="GET",route="/prediction",status="#
            #expect(metrics["tare_http_requests_total\(prediction)\"200\"}"] == 4)
            #expect(metrics["tare_http_requests_total\(prediction)\"400\"}"] == 1)
            #expect(metrics[#"tare_http_requests_total{method="other",route="other",status="404"}"#] == 1)
            #expect(metrics["tare_http_request_duration_seconds_count\(prediction)\"200\"}"] == 4)
            #expect(metrics[#"tare_http_requests_total{method="POST",route="/train",status="200"}"#] == 1)
            #expect(metrics[#"tare_http_requests_total{method="POST",route="/observations",status="422"}"#] == 1)
            #expect(metrics.sum("tare_predictions_total{") == 4)
            #expect(metrics.values.contains { $0.key.hasSuffix(#"group="salmon"}"#) && $0.value == 2 })
            for (result, count) in [
                ("new", 3.0), ("repeated", 1), ("conflicting", 1), ("refused", 1), ("journaled", 0),
            ] {
                #expect(metrics["tare_observations_total{result=\"\(result)\"}"] == count, "\(result)")
            }
            #expect(metrics.sum("tare_trainings_total{") == 1)
            #expect(metrics.sum("tare_training_duration_seconds_count{") == 1)
            #expect(metrics[#"tare_http_refusals_total{status="414"}"#] == 1)
        }
    }

    @Test("it tells how the server is: stores, model, error, memory, descriptors and process")
    func condition() throws {
        try withLiveFolder { folder in
            let before = Date().timeIntervalSince1970
            let server = try LiveServer(folder: folder, ["--connections-max", "77", "--memory-mb-max", "700"])
            try server.record((0..<4).map { Self.row($0, weight: 4.0) })
            let metrics = try Self.scrape(server).metrics
            for store in ["rows", "models"] {
                #expect(metrics["tare_store_up{store=\"\(store)\"}"] == 1)
                #expect(metrics["tare_store_errors_total{store=\"\(store)\"}"] == 0)
            }
            #expect(metrics["tare_rolling_error_rows"] == 4)
            let answer = try server.get(Self.fish + "salmon")
            let predicted = try #require(answer.document?["Weight"]?.double)
            let error = try #require(metrics["tare_rolling_error"])
            #expect(abs(error - abs(predicted - 4) / 4) < 1e-12)
            #expect(metrics["tare_interval_coverage_rows"] == 4)
            let version = try #require(answer.headers["model-version"])
            #expect(metrics["tare_model_info{version=\"\(version)\"}"] == 1)
            #expect(try #require(metrics["tare_model_age_seconds"]) > 0)
            #expect(try #require(metrics["tare_model_rows"]) > 0)
            #expect(metrics["tare_http_connections_limit"] == 77)
            #expect(metrics["tare_memory_limit_bytes"] == 734_003_200)
            #expect(try #require(metrics["tare_http_connections"]) >= 1)
            #expect(try #require(metrics["process_resident_memory_bytes"]) > 1_000_000)
            #expect(try #require(metrics["process_open_fds"]) > 3)
            // The system tells both times in ticks of a hundredth and whole seconds.
            #expect(abs(try #require(metrics["process_start_time_seconds"]) - before) < 60)
            #expect(metrics["tare_build_info{version=\"\(Release.version)\"}"] == 1)
        }
    }

    @Test(
        "promtool finds nothing to say, of a server that has done nothing and of one that has done something of everything",
        .enabled(if: PrometheusTool.isPossible, "\(PrometheusTool.missing)"), arguments: [false, true])
    func promtool(isBusy: Bool) throws {
        try withLiveFolder { folder in
            let server = try LiveServer(folder: folder)
            if isBusy { try Self.busy(server) }
            let said = try PrometheusTool.check(metrics: try Self.scrape(server).text)
            #expect(said.status == 0 && said.words.isEmpty, "\(said.words)")
        }
    }

    @Test(
        "while the database is away, the store is down, its errors are counted, and rows wait in the journal",
        .enabled(if: MongoServer.canStart, "\(MongoServer.noneToKill)"))
    func away() throws {
        try withLiveFolder { folder in
            let database = try MongoServer()
            let server = try LiveServer(
                folder: folder,
                ["--store", "\(database.uri)/tare.rows", "--journal", folder.appending(path: "journal").path])
            try server.record([Self.row(0)])
            database.kill()
            for number in 1...3 { try server.record([Self.row(number)]) }
            let away = try Self.scrape(server).metrics
            #expect(away[#"tare_store_up{store="rows"}"#] == 0)
            #expect(away[#"tare_store_up{store="models"}"#] == 1)
            #expect(try #require(away[#"tare_store_errors_total{store="rows"}"#]) >= 1)
            #expect(away["tare_journal_rows"] == 3)
            #expect(away[#"tare_observations_total{result="journaled"}"#] == 3)
            let bytes = try #require(away["tare_journal_bytes"])
            let bytesMax = try #require(away["tare_journal_limit_bytes"])
            #expect(bytes > 0 && bytes < bytesMax)
            try database.start()
            try waitUntil { try Self.scrape(server).metrics[#"tare_store_up{store="rows"}"#] == 1 }
            try waitUntil { try Self.scrape(server).metrics["tare_journal_rows"] == 0 }
            let back = try Self.scrape(server).metrics
            #expect(back[#"tare_store_up{store="rows"}"#] == 1 && back["tare_journal_rows"] == 0)
            #expect(back[#"tare_observations_total{result="journaled"}"#] == 3)
        }
    }

    @Test(
        "a real Prometheus scrapes it, and the alert of a large error fires once walleye are taken for salmon",
        .enabled(if: PrometheusTool.isPossible, "\(PrometheusTool.missing)"))
    func alert() throws {
        try withLiveFolder { folder in
            let server = try LiveServer(folder: folder)
            let prometheus = try ScrapingServer(of: server.port, folder: folder)
            try server.record((0..<40).map { Self.row($0, weight: 2.68, species: "walleye") })
            waitUntil { prometheus.states(of: "TareErrorHigh") == ["firing"] }
            #expect(prometheus.states(of: "TareErrorHigh") == ["firing"])
            #expect(prometheus.states(of: "TareDown").isEmpty)
            #expect(prometheus.states(of: "TareStoreDown").isEmpty)
        }
    }

    @Test("where tokens are asked for, it needs one that may read")
    func token() throws {
        try withLiveFolder { folder in
            let (file, token) = (folder.appending(path: "tokens"), "reader-0123456789abcdef")
            try Data("read \(token)\n".utf8).write(to: file)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
            let server = try LiveServer(folder: folder, ["--token-file", file.path])
            #expect(try server.get("/metrics").status == 401)
            let answer = try server.get("/metrics", headers: ["Authorization: Bearer \(token)"])
            #expect(answer.status == 200)
            #expect(ScrapedMetrics(answer.text)[#"tare_http_refusals_total{status="401"}"#] == 1)
        }
    }
}
