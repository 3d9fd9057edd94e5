import Documents
import Foundation
import HTTPServer
import Metrics
import ModelService
import Testing

@testable import Program
@testable import Tare

@Suite("Metrics of the server")
struct MetricsRouteTests {
    private static func query(_ level: String) -> [HTTPField] {
        [HTTPField("length", "90"), HTTPField("height", "18"), HTTPField("species", level)]
    }

    private static func scrape(_ harness: RouteHarness) async -> ScrapedMetrics {
        ScrapedMetrics(await harness.send("GET", "/metrics").text)
    }

    @Test("labels stay few whatever groups and paths come")
    func bounded() async throws {
        let levels = (0..<80).map { "level \($0)" }
        let harness = try RouteHarness(rows: Fish.rows(400, levels: levels))
        for level in levels + (0..<300).map({ "unknown \($0)" }) {
            #expect(await harness.send("GET", "/prediction", query: Self.query(level)).status == 200)
            _ = await harness.send("GET", "/\(level)")
        }
        let metrics = await Self.scrape(harness)
        let predictions = metrics.values.filter { $0.key.hasPrefix("tare_predictions_total") }
        #expect(predictions.count == GroupLabels.groupsMax + 1)
        #expect(predictions.values.reduce(0, +) == 380)
        #expect(predictions.first { $0.key.hasSuffix(#"group="other"}"#) }?.value == 330)
        #expect(metrics[#"tare_http_requests_total{method="other",route="other",status="404"}"#] == 380)
    }

    @Test("predictions of every route that predicts are counted, each row once, and what is not answered is not")
    func everyRoute() async throws {
        let harness = try RouteHarness()
        let row = #"{"Length":90,"Height":18,"Species":"salmon"}"#
        _ = await harness.send("GET", "/prediction", query: Self.query("salmon"))
        _ = await harness.send("POST", "/prediction", body: "[\(row),\(row),{}]")
        _ = await harness.send("GET", "/prediction", query: [])
        _ = await harness.send(
            "POST", "/invocations", headers: [HTTPField("Content-Type", "application/json")],
            body: #"{"dataframe_records":[{"length":90,"height":18,"species":"salmon"}]}"#)
        #expect(await Self.scrape(harness).sum("tare_predictions_total{") == 4)
    }

    @Test("the counts of a version go on when it serves again, and those of one before stay")
    func versions() async throws {
        let harness = try RouteHarness()
        func predict() async -> String? {
            await harness.send("GET", "/prediction", query: Self.query("salmon")).header("Model-Version")
        }
        _ = try harness.store.record(Fish.rows(80, levels: ["salmon", "walleye"]))
        func train() async -> String? {
            _ = await harness.send("POST", "/train", query: [HTTPField("force", "true")])
            return await predict()
        }
        let first = try #require(await train())
        _ = try harness.store.record(Fish.rows(100, levels: ["salmon", "walleye"]))
        let second = try #require(await train())
        #expect(second != first)
        let activated = await harness.send("POST", "/models/\(first)/activate")
        #expect(activated.status == 200, "\(activated.text)")
        #expect(await predict() == first)
        let metrics = await Self.scrape(harness)
        #expect(metrics["tare_predictions_total{version=\"\(first)\",group=\"salmon\"}"] == 2)
        #expect(metrics["tare_predictions_total{version=\"\(second)\",group=\"salmon\"}"] == 1)
    }

    @Test("a training that many asked for counts once, by its verdict; one whose store is away has failed")
    func trainings() async throws {
        let harness = try RouteHarness()
        _ = await harness.send("POST", "/train")
        #expect(await Self.scrape(harness)[#"tare_trainings_total{verdict="skipped"}"#] == 1)
        harness.store.fail(with: StoreError(.unavailable, "away"))
        _ = await harness.send("POST", "/train")
        let metrics = await Self.scrape(harness)
        #expect(metrics.sum("tare_trainings_total{") == 2)
        #expect(metrics[#"tare_store_up{store="rows"}"#] == 0)
        #expect(try #require(metrics[#"tare_store_errors_total{store="rows"}"#]) >= 1)
    }

    @Test(
        "docs/metrics.md names every metric of server and companion with its kind and its words, in their order, and no other"
    )
    func documented() async throws {
        let text = try await ExposedMetrics.text()
        let lines = text.split(separator: "\n")
        let kinds = lines.filter { $0.hasPrefix("# TYPE ") }.map { $0.split(separator: " ").suffix(2).map(String.init) }
        let helps = lines.filter { $0.hasPrefix("# HELP ") }.map { $0.split(separator: " ", maxSplits: 3)[3] }
        let rows = zip(kinds, helps).map { "| `\($0[0])` | \($0[1]) | \($1) |" }
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../docs/metrics.md")
        let document = try String(contentsOf: file.standardized, encoding: .utf8)
        let documented = document.split(separator: "\n").filter {
            $0.hasPrefix("| `tare_") || $0.hasPrefix("| `process_")
        }
        #expect(documented.map(String.init) == rows)
    }

    @Test("the process is told of by its own files, whatever the program is called")
    func process() throws {
        let stat = "7 (a) b (c) S 1 7 7 0 -1 4194304 100 0 0 0 150 50 0 0 20 0 4 0 1000 123456789 250 1844674"
        let found = ProcessStatistics(
            stat: stat, systemStat: "cpu 1 2\nbtime 1600000000\n", ticksPerSecond: 100, pageBytes: 4096,
            openDescriptors: 9, descriptorsMax: 1024)
        let process = try #require(found)
        #expect(process.cpuSeconds == 2)
        #expect(process.startTime == 1_600_000_010)
        #expect(process.virtualBytes == 123_456_789)
        #expect(process.residentBytes == 250 * 4096)
        for broken in ["", "7 (a) S", "7 a S 1 7 7"] {
            #expect(
                ProcessStatistics(
                    stat: broken, systemStat: "btime 1\n", ticksPerSecond: 100, pageBytes: 4096, openDescriptors: 0,
                    descriptorsMax: 0) == nil)
        }
    }
}
