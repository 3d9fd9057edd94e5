package import Logging

package enum Log {
    /// A logger on standard error, because standard output belongs to what a command is asked for.
    package static func make(_ label: String, level: Logger.Level, format: LogFormat) -> Logger {
        let format = format.ofStandardError
        var log = Logger(label: label) { label in
            LineLogHandler(label: label, format: format, write: LogOutput.standardError.write)
        }
        log.logLevel = level
        return log
    }
}
