package import Documents

/// A document of a collection that is followed.
package struct FeedDocument: Sendable, Equatable {
    package let collection: String
    /// Its `_id` as canonical extended JSON.
    package let identifier: String
    /// When its object id was made, to the second; nil where `_id` is something else.
    package let creation: Timestamp?
    /// Its fields with plain values, without `_id`. A date is its ISO text.
    package let fields: JSON

    /// - Parameter document: as canonical extended JSON.
    init(_ document: JSON, of collection: String) {
        let identifier = document["_id"] ?? .null
        self.collection = collection
        self.identifier = identifier.compact
        creation = ExtendedJSON.creation(ofIdentifier: identifier)
        fields = .object(
            (document.members ?? []).filter { $0.name != "_id" }.map {
                JSON.Member($0.name, ExtendedJSON.plain($0.value))
            })
    }
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
