import Dispatch
import Documents
import EventProcessing
import Foundation
import Program
import Streaming
import Threading

/// Tells the model server once a second how the run goes, for the page that shows it. It has a thread and a connection of its
/// own, so that a server that is slow or away holds up nothing. That it is away is said by those who need its answers.
final class CompanionReporter: Sendable {
    private static let timeoutMilliseconds = 1000

    private let server: ServerAddress
    private let credentials: ServerCredentials
    private let head: [JSON.Member]
    private let metrics: StreamMetrics
    private let stopping = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)

    init(to server: ServerAddress, credentials: ServerCredentials, detector: DetectorRules, metrics: StreamMetrics) {
        self.server = server
        self.credentials = credentials
        self.metrics = metrics
        let process = ProcessInfo.processInfo
        head = Self.head(name: "\(process.hostName):\(process.processIdentifier)", detector)
    }

    static func head(name: String, _ detector: DetectorRules) -> [JSON.Member] {
        let name = JSON.Member(
            "name",
            .string(String(String.UnicodeScalarView(name.unicodeScalars.suffix(CompanionReport.nameCharactersMax)))))
        switch detector {
        case .window(let rules):
            let threshold = rules.threshold.value
            return [
                name, .init("detector", "window"), .init("threshold", JSON(threshold.isFinite ? threshold : nil)),
            ]
        case .sequential: return [name, .init("detector", "sequential")]
        }
    }

    func start() {
        OwnThread.detach("tare-report") { [self] in
            var limits = CurlConnection.Limits()
            limits.connectMilliseconds = Self.timeoutMilliseconds
            let connection = CurlConnection(to: server, limits: limits, credentials: credentials)
            repeat { report(through: connection) } while stopping.wait(timeout: .now() + .seconds(1)) == .timedOut
            // What the run came to.
            report(through: connection)
            ended.signal()
        }
    }

    /// Returns when the last report is sent, or could not be in time.
    func stop() {
        stopping.signal()
        _ = ended.wait(timeout: .now() + .milliseconds(3 * Self.timeoutMilliseconds))
    }

    private func report(through connection: CurlConnection) {
        let call = HTTPCall(
            target: "/companion", body: Self.report(head, metrics.current).bytes,
            timeoutMilliseconds: Self.timeoutMilliseconds)
        _ = try? connection.perform(call)
    }

    static func report(_ head: [JSON.Member], _ tally: StreamTally) -> JSON {
        let known = Set(CompanionReport.counts)
        return .object(head + (tally.document(isKafkaAway: nil).members ?? []).filter { known.contains($0.name) })
    }
}

extension StreamCommand {
    /// What counts the run, where anybody is told of it.
    var counting: StreamMetrics? { metricsPort != nil || roles.needModel ? StreamMetrics() : nil }

    /// Nil where the model server has no part in the run.
    func reporter(_ metrics: StreamMetrics?, _ preset: Preset) throws -> CompanionReporter? {
        guard let metrics, roles.needModel else { return nil }
        let reporter = CompanionReporter(
            to: access.server, credentials: try access.credentials(), detector: try detector(preset), metrics: metrics)
        reporter.start()
        return reporter
    }
}
