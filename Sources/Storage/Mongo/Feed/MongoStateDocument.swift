package import Documents
package import ModelService

/// One document that a program keeps about itself in a collection beside its data.
package final class MongoStateDocument {
    private let location: MongoLocation
    private let name: String
    private let uri: MongoURI
    private var pool: MongoPool?

    /// - Parameters:
    ///   - database: whose collection does not matter.
    ///   - name: its `_id`.
    package init(in database: MongoLocation, collection: String, name: String) throws(StoreError) {
        location = database.sibling(collection)
        self.name = name
        do { uri = try MongoURI(location) } catch {
            throw StoreError(mongo: error, purpose: "reading the URI", location: location)
        }
    }

    /// For messages: where it stands.
    package var description: String { "\(location), _id \"\(name)\"" }

    /// - Returns: nil where there is none.
    package func load() throws(StoreError) -> JSON? {
        try attempt("reading the state of the last run") { pool throws(MongoFailure) in
            let found = try pool.withCollection(at: self.location) { collection throws(MongoFailure) in
                unsafe try collection.find(
                    BSONDocument(["_id": .string(self.name)]), options: BSONDocument([:]),
                    as: { unsafe BSONDocument.extendedJSON($0) ?? "{}" })
            }
            return try? found.first.map { ExtendedJSON.plain(try JSON(parsing: $0, repeatedNames: .lastWins)) }
        }
    }

    /// - Parameter state: an object without `_id`.
    package func save(_ state: JSON) throws(StoreError) {
        let document = JSON.object([.init("_id", .string(name))] + (state.members ?? []))
        let command: JSON = [
            "update": .string(location.collection),
            "updates": [["q": ["_id": .string(name)], "u": document, "upsert": true]],
            "writeConcern": ["w": "majority"],
        ]
        try attempt("keeping the state of this run") { pool throws(MongoFailure) in
            try pool.withCollection(at: self.location) { collection throws(MongoFailure) in
                try collection.run(command)
            }
        }
    }

    private func attempt<Result>(
        _ purpose: String, _ body: (MongoPool) throws(MongoFailure) -> Result
    ) throws(StoreError) -> Result {
        do {
            return try body(try opened())
        } catch {
            throw StoreError(mongo: error, purpose: purpose, location: location)
        }
    }

    private func opened() throws(MongoFailure) -> MongoPool {
        if let pool { return pool }
        let opened = try MongoPool(uri)
        pool = opened
        return opened
    }
}
