import ArgumentParser
import Documents
import Glibc
import Program
import Streaming

/// `tare status`: how a server is, and its companion.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "How a server is, and its companion: for people, or as JSON for scripts.",
        discussion: """
            Exits with 0 where all is as it should be; 1 where the server predicts, but something is not: a store has a \
            fault, a model was taken back, the error is above --error-max, the companion does not answer or waits; 2 where \
            nothing is predicted: no answer, or no model; 3 where the token is not accepted, or what answers is no model \
            server. See docs/logs.md.

              tare status --server http://tare:8000 --token-file token
              tare status --json | jq .rollingError
              tare status --error-max 0.15 >/dev/null || echo look
            """)

    @OptionGroup(title: "The model server") var access: ServerAccessOptions

    @Option(
        help: ArgumentHelp(
            "Where a companion is, by its --metrics-port, such as http://127.0.0.1:9101. Default: none is asked.",
            valueName: "url"),
        transform: { try ServerAddress($0) })
    var companion: ServerAddress?

    @Option(
        help: ArgumentHelp(
            "A mean error of the newest rows above this is a fault; in the model's own measure.", valueName: "error"))
    var errorMax: Double?

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard errorMax.map({ $0 > 0 && $0.isFinite }) ?? true else {
            throw ValidationError("--error-max must be a number above 0, given \(errorMax ?? 0)")
        }
    }

    func run() throws {
        let answers = StatusAnswers(of: access.server, try access.credentials(), companion: companion)
        let report = StatusReport(of: "\(access.server)", answers, errorMax: errorMax)
        let text =
            json
            ? String(decoding: report.document(now: .now).indented, as: UTF8.self).trimmed
            : report.lines(now: .now).joined(separator: "\n")
        StandardStreams.say(text, on: STDOUT_FILENO)
        guard report.verdict == .good else { throw ExitCode(report.verdict.rawValue) }
    }
}
