import Documents
import Logging

/// An event of the log: a value, and how it is written in one line.
struct LogRecord {
    var time: Timestamp
    var level: Logger.Level
    var logger: String
    var message: String
    /// In the order in which they are written.
    var fields: [JSON.Member]

    /// A line is shorter, so that it goes through a pipe in one piece (POSIX, `PIPE_BUF`).
    static let bytesMax = 4096

    /// How much of each text stands in a line, in characters: the first that makes it short enough.
    private static let textsMax = [2000, 400, 80, 20]

    /// Without the line break. Long texts are shortened, so that a stranger's cannot fill a disk.
    func line(_ format: LogFormat) -> String {
        var line = ""
        for count in Self.textsMax {
            line = shortened(to: count).whole(format)
            if line.utf8.count < Self.bytesMax { break }
        }
        return line
    }

    private func shortened(to count: Int) -> LogRecord {
        var record = self
        record.message = message.shortened(to: count)
        record.fields = fields.map { field in
            guard case .string(let text) = field.value else { return field }
            return JSON.Member(field.name, .string(text.shortened(to: count)))
        }
        return record
    }

    private func whole(_ format: LogFormat) -> String {
        switch format {
        case .plain: Self.escaped(message)
        case .auto, .text: text
        case .json: json.compact
        }
    }

    private var text: String {
        let head = "\(time) \(level) \(logger): \(Self.escaped(message))"
        return fields.reduce(into: head) { line, field in
            line += " \(field.name)=\(Self.word(field.value))"
        }
    }

    private var json: JSON {
        .object(
            [
                JSON.Member("time", .string(time.description)), JSON.Member("level", .string(level.rawValue)),
                JSON.Member("logger", .string(logger)), JSON.Member("message", .string(message)),
            ] + fields)
    }

    /// Without quotes where it can be read without them.
    private static func word(_ value: JSON) -> String {
        guard case .string(let text) = value else { return value.compact }
        let isPlain =
            !text.isEmpty && text.unicodeScalars.allSatisfy { isShown($0) && !"\" =".unicodeScalars.contains($0) }
        return isPlain ? text : JSON.string(escaped(text)).compact
    }

    /// A stranger's text must not look like another line, nor speak to a terminal.
    private static func escaped(_ text: String) -> String {
        guard !text.unicodeScalars.allSatisfy(isShown) else { return text }
        return text.unicodeScalars.reduce(into: "") { shown, scalar in
            shown += isShown(scalar) ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
        }
    }

    private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}
