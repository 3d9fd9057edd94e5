import Documents
import Foundation

/// A Prometheus of the test's own, as `Scripts/setup prometheus` fetches it, with the files of `deploy/prometheus`, but
/// that it looks each second and alerts after two; ended with the value.
final class ScrapingServer {
    private static let path = PrometheusTool.folder.appending(path: "prometheus").path
    private let process = Process()
    private let port: UInt16

    /// - Parameter server: the port of the one that is scraped.
    init(of server: UInt16, folder: URL) throws {
        port = try freePort()
        var text = try DeployFiles.text("prometheus/prometheus.yml")
        for (old, new) in [
            ("127.0.0.1:8000", "127.0.0.1:\(server)"), ("interval: 15s", "interval: 1s"),
        ] {
            text = text.replacing(old, with: new)
        }
        let alerts = try DeployFiles.text("prometheus/alerts.yml").replacing("for: 1m", with: "for: 2s")
        try Data(alerts.utf8).write(to: folder.appending(path: "alerts.yml"))
        let file = folder.appending(path: "prometheus.yml")
        try Data(text.utf8).write(to: file)
        process.executableURL = URL(filePath: Self.path)
        process.arguments = [
            "--config.file=\(file.path)", "--storage.tsdb.path=\(folder.path)/tsdb",
            "--web.listen-address=127.0.0.1:\(port)",
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    deinit {
        process.terminate()
        process.waitUntilExit()
    }

    /// The states of an alert: `pending`, `firing`, or none.
    func states(of alert: String) -> [String] {
        let answer = try? KeptConnection(port: port).send(
            "GET /api/v1/alerts HTTP/1.1\r\nHost: localhost\r\n\r\n")
        let alerts = answer?.document?["data"]?["alerts"]?.elements ?? []
        return alerts.filter { $0["labels"]?["alertname"]?.text == alert }.compactMap { $0["state"]?.text }
    }
}
