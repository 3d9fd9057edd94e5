import Documents
import ModelService

/// How a column is named in a document of MongoDB.
///
/// To a query and to an index a dot in a name leads into an object, and `$` begins an operator: a field of such a name
/// could be written, but not asked for. So both stand there as in an address: `Petal%2ELength`, `%24type`; and so that the
/// name can be read back, `%` as `%25`.
enum MongoFieldName {
    private static let escapes: [(sign: String, escape: String)] = [
        // The first: the others hold one.
        ("%", "%25"), (".", "%2E"), ("$", "%24"),
    ]

    static func stored(_ name: String) -> String {
        guard name.utf8.contains(where: { $0 == 0x25 || $0 == 0x2E || $0 == 0x24 }) else { return name }
        return escapes.reduce(name) { $0.replacingBytes($1.sign, with: $1.escape) }
    }

    /// The column of a field that `stored` has named.
    static func column(_ name: String) -> String {
        escapes.reversed().reduce(name) { $0.replacingBytes($1.escape, with: $1.sign) }
    }
}

extension ObservationReader {
    /// What a field of a document stands for: others write names as they are.
    func field(stored name: String) -> Field? {
        field(named: name) ?? (name.utf8.contains(0x25) ? field(named: MongoFieldName.column(name)) : nil)
    }
}
