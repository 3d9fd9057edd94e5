import Documents
import Foundation
import Testing
import Yams

@testable import Tare

/// `deploy/grafana` as it stands.
@Suite("deploy: Grafana")
struct GrafanaTests {
    private static func dashboard() throws -> JSON {
        try JSON(parsing: Array(try DeployFiles.text("grafana/tare.json").utf8))
    }

    /// All queries: of panels, of annotations and of the lists to choose from.
    private static func queries(_ dashboard: JSON) -> [String] {
        let ofPanels = (dashboard["panels"]?.elements ?? []).flatMap { $0["targets"]?.elements ?? [] }
        let ofMarks = dashboard["annotations"]?["list"]?.elements ?? []
        let ofLists = (dashboard["templating"]?["list"]?.elements ?? []).compactMap { $0["definition"]?.text }
        return (ofPanels + ofMarks).compactMap { $0["expr"]?.text } + ofLists
    }

    @Test("it has what Grafana asks of a dashboard, and its panels stand side by side")
    func schema() throws {
        let dashboard = try Self.dashboard()
        #expect(dashboard["uid"] == "tare" && dashboard["title"] == "Tare")
        #expect(dashboard["schemaVersion"]?.integer ?? 0 >= 36)
        #expect(dashboard["time"]?["from"]?.text != nil && dashboard["id"] == nil)
        let panels = try #require(dashboard["panels"]?.elements)
        let numbers = panels.compactMap { $0["id"]?.integer }
        #expect(panels.count > 20 && Set(numbers).count == panels.count)
        var taken: Set<[Int64]> = []
        for panel in panels {
            let title = panel["title"]?.text ?? ""
            #expect(["row", "timeseries", "stat"].contains(panel["type"]?.text) && !title.isEmpty)
            let place = try #require(panel["gridPos"])
            let (x, y) = (try #require(place["x"]?.integer), try #require(place["y"]?.integer))
            let (width, height) = (try #require(place["w"]?.integer), try #require(place["h"]?.integer))
            #expect(x >= 0 && x + width <= 24, "\(title)")
            for column in x..<x + width {
                for line in y..<y + height { #expect(taken.insert([column, line]).inserted, "\(title)") }
            }
            guard panel["type"] != "row" else { continue }
            #expect(panel["targets"]?.elements?.isEmpty == false && panel["description"]?.text?.isEmpty == false)
            #expect(panel["datasource"]?["uid"] == "${datasource}", "\(title)")
            #expect(panel["fieldConfig"]?["defaults"]?["unit"]?.text != nil, "\(title)")
        }
    }

    @Test("every metric that it asks for is one that server or companion have, and it asks for most of them")
    func known() async throws {
        let asked = Set(
            Self.queries(try Self.dashboard()).flatMap { $0.matches(of: /\b(?:tare|process)_[a-z_]+/) }
                .map { String($0.output).replacing(/_(bucket|sum|count)$/, with: "") })
        let names = try await ExposedMetrics.names()
        #expect(asked.isSubset(of: names), "\(asked.subtracting(names))")
        #expect(asked.count > 30)
    }

    @Test(
        "promtool understands each query",
        .enabled(if: PrometheusTool.isPossible, "\(PrometheusTool.missing)"))
    func understood() throws {
        let queries = Self.queries(try Self.dashboard()).filter { !$0.hasPrefix("label_values(") }
        #expect(queries.count > 30)
        let rules = queries.enumerated().map { number, query in
            let filled = query.replacing("$__rate_interval", with: "1m").replacing("$job", with: ".*")
                .replacing("$instance", with: ".*")
            return "  - record: q\(number)\n    expr: \(JSON.string(filled).compact)\n"
        }
        let file = FileManager.default.temporaryDirectory.appending(path: "tare-grafana-\(UUID().uuidString).yml")
        defer { try? FileManager.default.removeItem(at: file) }
        try ("groups:\n- name: dashboard\n  rules:\n" + rules.joined()).write(
            to: file, atomically: true, encoding: .utf8)
        let said = try PrometheusTool.run(["check", "rules", file.path])
        #expect(said.status == 0, "\(said.words)")
    }

    @Test("the files beside it are YAML that Grafana provisions from, and name the source that it takes by default")
    func provisioning() throws {
        func document(_ path: String) throws -> JSON {
            JSON(yaml: try #require(try Yams.compose(yaml: try DeployFiles.text("grafana/provisioning/\(path)"))))
        }
        let provider = try document("dashboards/tare.yml")
        #expect(provider["apiVersion"] == 1 && provider["providers"]?.elements?.first?["type"] == "file")
        let source = try document("datasources/tare.yml")
        #expect(source["datasources"]?.elements?.first?["type"] == "prometheus")
    }
}
