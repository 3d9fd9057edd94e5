import Foundation

/// Where a collection is: `mongodb://[USER:PASSWORD@]HOST[:PORT][,…]/DB.COLLECTION[?OPTIONS]`, or `mongodb+srv://…`.
///
/// The path names the collection, not the database of the user, which is `admin` unless `authSource` says otherwise.
package struct MongoLocation: Sendable, Equatable {
    package let database: String
    package let collection: String
    /// The URI without a path, as libmongoc takes it. It may hold a password.
    let uri: String
    /// Scheme and hosts.
    private let server: String

    static let accepted = "mongodb://HOST:PORT/DB.COLLECTION or mongodb+srv://HOST/DB.COLLECTION is accepted"

    /// - Parameter defaultCollection: `DB.COLLECTION`, for what the path leaves out.
    package init(parsing text: String, defaultCollection: String) throws(StoreLocationProblem) {
        guard let scheme = ["mongodb://", "mongodb+srv://"].first(where: { text.hasPrefix($0) }) else {
            throw StoreLocationProblem("no MongoDB URI was given; \(Self.accepted)")
        }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let tail = rest.dropFirst(authority.count)
        guard authority.contains("@") || !tail.contains("@") else {
            throw StoreLocationProblem(
                "an '@' stands behind the first '/' or '?' of the MongoDB URI; in a user name or password, write '/' as"
                    + " %2F, '?' as %3F, and elsewhere '@' as %40")
        }
        let path = tail.prefix { $0 != "?" }.dropFirst()
        let options = tail.drop { $0 != "?" }
        (database, collection) = try Self.names(in: String(path), defaultCollection: defaultCollection)
        let hosts = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        server = scheme + hosts
        uri = scheme + authority + "/" + options
        let anonymous = scheme + hosts + "/" + options
        try MongoURI.validate(uri, withoutCredentials: anonymous)
    }

    /// Another collection of the same database.
    func sibling(_ collection: String) -> MongoLocation {
        MongoLocation(database: database, collection: collection, uri: uri, server: server)
    }

    private init(database: String, collection: String, uri: String, server: String) {
        self.database = database
        self.collection = collection
        self.uri = uri
        self.server = server
    }

    private static func names(
        in path: String, defaultCollection: String
    ) throws(StoreLocationProblem) -> (database: String, collection: String) {
        let fallback = defaultCollection.split(separator: ".", maxSplits: 1).map(String.init)
        guard let decoded = path.removingPercentEncoding else {
            throw StoreLocationProblem("the path '\(path)' of the MongoDB URI holds a broken % escape")
        }
        let given = decoded.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let database = decoded.isEmpty ? fallback[0] : given[0]
        let collection = given.count > 1 ? given[1] : fallback[1]
        let badInDatabase: Set<Character> = ["/", "\\", " ", "\"", "$", "\0"]
        let badInCollection: Set<Character> = ["$", "\0"]
        guard !database.isEmpty, database.utf8.count <= 63, !database.contains(where: badInDatabase.contains),
            !collection.isEmpty, collection.utf8.count <= 120, !collection.contains(where: badInCollection.contains),
            !collection.hasPrefix("system.")
        else {
            throw StoreLocationProblem(
                "the path '\(path)' of the MongoDB URI names no collection; DB.COLLECTION is accepted, or nothing for"
                    + " \(defaultCollection)")
        }
        return (database, collection)
    }
}

extension MongoLocation: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Without credentials and options.
    package var description: String { "\(server)/\(database).\(collection)" }
    package var debugDescription: String { description }
    /// So that no dump shows a password.
    package var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}
