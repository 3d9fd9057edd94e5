import Foundation
import Testing

@testable import Tare

/// `deploy/prometheus` as it stands, by Prometheus' own tool.
@Suite("deploy: Prometheus", .enabled(if: PrometheusTool.isPossible, "\(PrometheusTool.missing)"))
struct PrometheusFilesTests {
    @Test(
        "promtool accepts the scrape configuration and the alerts, and each alert fires when it should",
        arguments: [
            ["check", "config", "prometheus.yml"], ["check", "rules", "alerts.yml"],
            ["test", "rules", "alerts.test.yml"],
        ])
    func accepted(_ arguments: [String]) throws {
        let folder = DeployFiles.folder.appending(path: "prometheus")
        let said = try PrometheusTool.run(arguments.dropLast() + [folder.appending(path: arguments.last ?? "").path])
        #expect(said.status == 0, "\(said.words)")
    }

    @Test("every metric that an alert asks for is one that the server or the companion has")
    func known() async throws {
        let rules = try DeployFiles.text("prometheus/alerts.yml")
        let asked = Set(rules.matches(of: /\b(?:tare|process)_[a-z_]+/).map { String($0.output) })
        let names = try await ExposedMetrics.names()
        #expect(asked.count > 10)
        #expect(asked.isSubset(of: names), "\(asked.subtracting(names))")
    }
}
