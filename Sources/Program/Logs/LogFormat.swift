import ArgumentParser
import Glibc

/// How lines of the log look.
package enum LogFormat: String, ExpressibleByArgument, CaseIterable {
    /// `text` where a terminal shows standard error, else `json`.
    case auto
    /// The message alone, for people who watch one run.
    case plain
    /// Time, level, name and message, then the fields as `name=value`.
    case text
    /// A JSON object a line.
    case json

    /// - Parameter isTerminal: whether a person sees the lines at once.
    func resolved(isTerminal: Bool) -> LogFormat {
        guard self == .auto else { return self }
        return isTerminal ? .text : .json
    }

    package var ofStandardError: LogFormat { resolved(isTerminal: isatty(STDERR_FILENO) == 1) }

    package static let help = "auto (text on a terminal, else json), text, json, or plain, which is the message alone"
}
