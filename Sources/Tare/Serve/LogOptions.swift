public import ArgumentParser
public import Logging
import Program

/// How `tare serve` logs.
struct LogOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("What is logged on standard error: debug, info, notice, warning, error.", valueName: "level")
    )
    var logLevel = Logger.Level.info

    @Option(help: ArgumentHelp("How a line of the log looks: \(LogFormat.help).", valueName: "format"))
    var logFormat = LogFormat.auto

    func logger(_ label: String) -> Logger { Log.make(label, level: logLevel, format: logFormat) }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
