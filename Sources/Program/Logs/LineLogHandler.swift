import Documents
import Logging
import ModelService

/// Writes each event as a line, under the request that it is done for.
package struct LineLogHandler: LogHandler {
    package static let requestField = "requestId"

    let label: String
    let format: LogFormat
    let write: @Sendable (String) -> Void
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    init(label: String, format: LogFormat, write: @escaping @Sendable (String) -> Void) {
        self.label = label
        self.format = format
        self.write = write
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields = metadata.merging(metadataProvider?.get() ?? [:]) { $1 }.merging(event.metadata ?? [:]) { $1 }
        if fields[Self.requestField] == nil, let id = RequestContext.id { fields[Self.requestField] = "\(id)" }
        let record = LogRecord(
            time: .now, level: event.level, logger: label, message: event.message.description,
            fields: fields.sorted { Self.place($0.key) < Self.place($1.key) }.map {
                JSON.Member($0.key, Self.json($0.value))
            })
        write(record.line(format))
    }

    /// By name, the request last: it is the longest, and looked for.
    private static func place(_ name: String) -> (Int, String) { (name == requestField ? 1 : 0, name) }

    /// Numbers and truths stay what they are.
    private static func json(_ value: Logger.Metadata.Value) -> JSON {
        switch value {
        case .string(let text): .string(text)
        case .stringConvertible(let value): json(value)
        case .array(let values): .array(values.map(json))
        case .dictionary(let members):
            .object(members.sorted { $0.key < $1.key }.map { JSON.Member($0.key, json($0.value)) })
        }
    }

    private static func json(_ value: any CustomStringConvertible) -> JSON {
        switch value {
        case let number as Int: .integer(Int64(number))
        case let number as Double: JSON(number)
        case let truth as Bool: .bool(truth)
        default: .string(value.description)
        }
    }
}
