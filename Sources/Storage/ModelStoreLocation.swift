package import ModelService

/// Where the models are kept: a folder, or `mongodb://…/DB.COLLECTION`.
package enum ModelStoreLocation: Sendable, Equatable {
    case folder(path: String)
    case mongo(MongoLocation)

    /// - Parameter defaultCollection: `DB.COLLECTION`, for a MongoDB URI that does not name one.
    package init(parsing text: String, defaultCollection: String) throws(StoreLocationProblem) {
        if text.hasPrefix("mongodb://") || text.hasPrefix("mongodb+srv://") {
            self = .mongo(try MongoLocation(parsing: text, defaultCollection: defaultCollection))
        } else if !text.isEmpty, !text.contains("\0"), !text.contains("://"), !text.hasPrefix("sqlite:") {
            self = .folder(path: text)
        } else {
            // What has the form of a URI may hold a password.
            let given = text.contains("@") ? "\(text.prefix { $0 != ":" && $0 != "@" }):…" : text
            throw StoreLocationProblem("'\(given)' is no place for models; a folder, \(MongoLocation.accepted)")
        }
    }
}

/// Opens the store of models. It does not wait for a database that is away: that shows when a call needs it.
/// - Parameter log: is told in one line what an operator should know, without credentials.
package func openModelStore(
    _ location: ModelStoreLocation, log: @escaping @Sendable (String) -> Void
) throws(StoreError) -> any ModelStore {
    switch location {
    case .folder(let path): ModelDirectory(path: path)
    case .mongo(let location): try MongoModelStore(location: location, log: log)
    }
}
