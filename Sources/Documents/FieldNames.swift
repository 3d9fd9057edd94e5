/// How a field of a document is found by its name.
package enum FieldNames: Sendable, Equatable {
    /// Letter for letter: ksqlDB's quoted columns.
    case exact
    /// In any case; the upper-case spelling first, else the last of those that fit: ksqlDB's unquoted columns.
    case anyCase
    /// In any case, with underscores or without; the last of those that fit: what sinks make of a trigger's columns.
    case anySpelling

    package func value(_ name: String, in members: [JSON.Member]) -> JSON? {
        switch self {
        case .exact: return members.last { $0.name == name }?.value
        case .anyCase:
            let folded = Self.folded(name)
            return (members.last { $0.name == folded } ?? members.last { Self.folded($0.name) == folded })?.value
        case .anySpelling:
            let plain = Self.plain(name)
            return members.last { Self.plain($0.name) == plain }?.value
        }
    }

    private static func plain(_ name: String) -> String { folded(name).replacing("_", with: "") }

    /// One spelling for all that differ only in case.
    package static func folded(_ name: String) -> String { name.uppercased() }
}
