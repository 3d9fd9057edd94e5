package import Documents

/// A document of a collection that is followed.
package struct FeedDocument: Sendable, Equatable {
    package let collection: String
    /// Its `_id` as canonical extended JSON. libbson 1.23 reads JavaScript code in it only up to a zero, so that the next look
    /// may begin before this document, never behind it.
    package let identifier: String
    /// When its object id was made, to the second; nil where `_id` is something else.
    package let creation: Timestamp?
    /// Its fields with plain values, without `_id`. A date is its ISO text.
    package let fields: JSON
    /// Why nothing but `_id` could be read of it.
    package let problem: String?

    /// - Parameters:
    ///   - document: as canonical extended JSON.
    ///   - problem: what kept the rest of it from being read.
    init(_ document: JSON, of collection: String, problem: String? = nil) {
        self.problem = problem
        // The feed goes on from there.
        let identifier = ExtendedJSON.canonical(document["_id"] ?? .null)
        self.collection = collection
        self.identifier = identifier.compact
        creation = ExtendedJSON.creation(ofIdentifier: identifier)
        fields = ExtendedJSON.plain(document: (document.members ?? []).filter { $0.name != "_id" })
    }
}

extension FeedDocument {
    /// - Parameter document: belongs to libmongoc.
    @unsafe init(_ document: OpaquePointer, of collection: String) {
        if let text = unsafe BSONDocument.extendedJSON(document),
            let read = try? JSON(parsing: text, repeatedNames: .lastWins)
        {
            self.init(read, of: collection)
        } else {
            let text = unsafe BSONDocument.extendedJSON(document, where: { $0 == "_id" })
            let identifier = text.flatMap { try? JSON(parsing: $0) }
            self.init(identifier ?? [:], of: collection, problem: Self.unreadable)
        }
    }

    static let unreadable = "a text in it is not UTF-8, or it is nested too deeply"
}

/// How far a feed has been read; what is handed to another feed to go on from there.
package struct FeedPosition: Sendable, Equatable {
    /// What the change stream goes on after, as extended JSON; nil where there is none.
    package var token: String?
    /// The `_id` of the last document that was read of each collection, as extended JSON, while existing documents are
    /// read and where there is no change stream.
    package var identifiers: [String: String] = [:]
    /// Whether existing documents are still to be read.
    package var isReading = true

    package init() {}
}
