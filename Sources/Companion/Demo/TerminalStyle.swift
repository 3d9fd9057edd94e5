/// What the reader of the story can see.
struct TerminalStyle: Sendable, Equatable {
    /// In characters.
    var width = 80
    var hasColor = false
    /// Whether block characters arrive; else ASCII stands in.
    var hasBlocks = true

    /// Below, a row of the story would not fit; above, the eye loses the line.
    static let widths = 50...120

    enum Color: String, Sendable {
        case green = "32"
        case yellow = "33"
        case red = "31"
        case cyan = "36"
        case faint = "2"
        case bold = "1"
    }

    init(width: Int = 80, hasColor: Bool = false, hasBlocks: Bool = true) {
        self.width = width
        self.hasColor = hasColor
        self.hasBlocks = hasBlocks
    }

    /// - Parameters:
    ///   - terminalWidth: nil where stdout is no terminal; then lines are plain. So they are where `NO_COLOR` is set
    ///     (no-color.org) or the terminal is `dumb`.
    ///   - environment: `COLUMNS` goes before the terminal's own width; the locale tells whether UTF-8 is read.
    init(terminalWidth: Int?, environment: [String: String]) {
        let asked = environment["COLUMNS"].flatMap { Int($0) } ?? terminalWidth ?? 80
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        let isPlain = environment["NO_COLOR"]?.isEmpty == false || environment["TERM"] == "dumb"
        width = min(max(asked, Self.widths.lowerBound), Self.widths.upperBound)
        hasColor = terminalWidth != nil && !isPlain
        hasBlocks = locale.lowercased().filter { $0 != "-" }.hasSuffix("utf8")
    }

    func colored(_ text: String, _ color: Color) -> String {
        hasColor ? "\u{1B}[\(color.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// Breaks a paragraph between words.
    func wrapped(_ text: String, indentation: Int = 0) -> [String] {
        let margin = String(repeating: " ", count: indentation)
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, indentation + line.count + 1 + word.count > width {
                lines.append(margin + line)
                line = ""
            }
            line += line.isEmpty ? String(word) : " \(word)"
        }
        return line.isEmpty ? lines : lines + [margin + line]
    }
}
