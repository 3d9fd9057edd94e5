/// Where the rows are kept: `sqlite:PATH`, `mongodb://…/DB.COLLECTION` or `mongodb+srv://…/DB.COLLECTION`.
package enum StoreLocation: Sendable, Equatable {
    case sqlite(path: String)
    case mongo(MongoLocation)

    /// - Parameter defaultCollection: `DB.COLLECTION`, for a MongoDB URI that does not name one.
    package init(parsing text: String, defaultCollection: String) throws(StoreLocationProblem) {
        let sqlite = "sqlite:"
        if text.hasPrefix("mongodb://") || text.hasPrefix("mongodb+srv://") {
            self = .mongo(try MongoLocation(parsing: text, defaultCollection: defaultCollection))
        } else if text.hasPrefix(sqlite), text.count > sqlite.count, !text.hasSuffix("/"), !text.contains("\0") {
            self = .sqlite(path: String(text.dropFirst(sqlite.count)))
        } else {
            // What has the form of a URI may hold a password.
            let given = text.contains("@") ? "\(text.prefix { $0 != ":" && $0 != "@" }):…" : text
            throw StoreLocationProblem("'\(given)' is no store; sqlite:PATH, \(MongoLocation.accepted)")
        }
    }
}

extension StoreLocation: CustomStringConvertible {
    /// Without credentials.
    package var description: String {
        switch self {
        case .sqlite(let path): "sqlite:\(path)"
        case .mongo(let location): "\(location)"
        }
    }
}

/// Why a text names no store: what was given and what is accepted, in one line and without credentials.
package struct StoreLocationProblem: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
