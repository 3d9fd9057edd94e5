import EventProcessing
import Logging
import Program
import Streaming

/// What a run has to say on standard error: lines for people, or events for a collector of logs.
struct RunLog: Sendable {
    private let format: LogFormat
    private let log: Logger
    /// What is drawn on the terminal meanwhile.
    var screen: LiveScreen?

    init(format: LogFormat) {
        self.format = format.ofStandardError
        log = Log.make("tare.stream", level: .info, format: format)
    }

    /// - Parameter request: the name of the request to the model server that it is about.
    func say(_ text: String, _ request: String? = nil) {
        guard let screen else { return write(text, request) }
        screen.say { write(text, request) }
    }

    private func write(_ text: String, _ request: String?) {
        // Lines for people are not shortened; events are.
        guard format != .plain else { return StandardError.say(text) }
        log.notice("\(text)", metadata: request.map { ["\(LineLogHandler.requestField)": "\($0)"] })
    }

    /// A table for people, one event for a collector.
    func say(_ summary: RunSummary, of roles: Roles) {
        guard format != .plain else { return summary.lines(for: roles).forEach(StandardError.say) }
        let fields = summary.fields(for: roles).map { ($0.name, Logger.MetadataValue.stringConvertible($0.value)) }
        log.info("the run has ended", metadata: Dictionary(fields) { first, _ in first })
    }
}
