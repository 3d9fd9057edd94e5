/// What is accepted of an option's value where the parser only says that the value is invalid.
package enum AcceptedValues {
    /// By what the help calls a value.
    private static let texts = [
        "span": "a length of time, such as 500ms, 2s, 1.5m or 2h; a bare number counts seconds",
        "factor": "a number above 0, such as 60", "share": "a number from 0 to 1", "error": "a number above 0",
        "n": wholeNumber, "count": wholeNumber, "rows": wholeNumber, "seconds": wholeNumber,
    ]
    private static let wholeNumber = "a whole number from 0 up"

    /// The parser's message about a command line, with what is accepted behind its first line.
    package static func told(in message: String) -> String {
        var lines = message.split(separator: "\n", omittingEmptySubsequences: false)
        guard let match = lines.first?.wholeMatch(of: #/.*The value '.*' is invalid for '.*<(.+)>'/#),
            let text = texts[String(match.output.1)]
        else { return message }
        lines[0] += "; accepted is \(text)"
        return lines.joined(separator: "\n")
    }
}
