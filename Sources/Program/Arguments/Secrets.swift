/// What of a command line must not be repeated: in a message, or in the list of processes.
///
/// A secret is what stands before the `@` of a URI (`mongodb://USER:PASSWORD@HOST`), and the value of a setting whose name
/// speaks of a password, a secret or a token (`sasl.password=…`, `tlsCertificateKeyFilePassword=…`).
package struct Secrets {
    /// Arguments that hold a secret, and how they are shown.
    private let shown: [(argument: String, text: String)]

    package init(in arguments: [String]) {
        shown = arguments.compactMap { argument in
            let ranges = Self.ranges(in: argument)
            guard !ranges.isEmpty else { return nil }
            // What follows an option's `=` may be repeated alone.
            let start = argument.hasPrefix("--") ? argument.firstIndex(of: "=").map { argument.index(after: $0) } : nil
            let value = String(argument[(start ?? argument.startIndex)...])
            return (value, Self.hidden(value))
        }
    }

    package var isEmpty: Bool { shown.isEmpty }

    /// A message about the command line, without its secrets.
    package func hidden(in message: String) -> String {
        let message = shown.reduce(message) { $0.replacing($1.argument, with: $1.text) }
        // Parts of an argument, and what came from elsewhere.
        return message.split(separator: " ", omittingEmptySubsequences: false).map { Self.hidden(String($0)) }
            .joined(separator: " ")
    }

    static func hidden(_ text: String) -> String {
        var text = text
        for range in ranges(in: text).reversed() { text.replaceSubrange(range, with: "…") }
        return text
    }

    /// Where the secrets of one argument stand, in their order.
    static func ranges(in text: String) -> [Range<String.Index>] {
        var ranges = settings(in: text)
        if let range = credentials(in: text), range.lowerBound != range.upperBound {
            ranges.removeAll { $0.overlaps(range) }
            ranges.append(range)
        }
        return ranges.sorted { $0.lowerBound < $1.lowerBound }
    }

    /// Up to the last `@`, as a password that was not escaped may hold any sign.
    private static func credentials(in text: String) -> Range<String.Index>? {
        guard let scheme = text.firstRange(of: ":/"), let end = text.lastIndex(of: "@") else { return nil }
        let start = text[scheme.upperBound...].firstIndex { $0 != "/" } ?? text.endIndex
        return start < end ? start..<end : nil
    }

    private static func settings(in text: String) -> [Range<String.Index>] {
        // Most arguments are none, and the expression takes a millisecond to be read.
        guard text.contains("=") else { return [] }
        return text.matches(
            of:
                #/(?i)[a-z0-9._-]*(password|passphrase|secret|authmechanismproperties|jaas\.config|key\.pem)[a-z0-9._]*=([^&]+)/#
        )
        .map { $0.output.2.startIndex..<$0.output.2.endIndex }
    }
}
