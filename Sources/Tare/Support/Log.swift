public import ArgumentParser
public import Logging

enum Log {
    /// A logger on standard error, because standard output belongs to what a command is asked for.
    static func make(_ label: String, level: Logger.Level) -> Logger {
        var log = Logger(label: label) { StreamLogHandler.standardError(label: $0) }
        log.logLevel = level
        return log
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
