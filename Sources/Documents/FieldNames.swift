/// How a field of a document is found by its name.
package enum FieldNames: Sendable, Equatable {
    /// Letter for letter: ksqlDB's quoted columns.
    case exact
    /// In any case; the upper-case spelling first, else the last of those that fit: ksqlDB's unquoted columns.
    case anyCase

    package func value(_ name: String, in members: [JSON.Member]) -> JSON? {
        switch self {
        case .exact: return members.last { $0.name == name }?.value
        case .anyCase:
            let folded = Self.folded(name)
            return (members.last { $0.name == folded } ?? members.last { Self.folded($0.name) == folded })?.value
        }
    }

    /// One spelling for all that differ only in case.
    package static func folded(_ name: String) -> String { name.uppercased() }
}
