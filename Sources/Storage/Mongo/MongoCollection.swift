import CMongoC
import Documents
import ModelService

/// One collection, through one connection of a pool.
@safe struct MongoCollection: ~Copyable {
    private let client: OpaquePointer
    private let collection: OpaquePointer
    private let location: MongoLocation

    /// - Parameter client: is borrowed, and must outlive this.
    @unsafe init(_ location: MongoLocation, client: OpaquePointer) {
        guard let collection = unsafe mongoc_client_get_collection(client, location.database, location.collection)
        else {
            preconditionFailure("mongoc_client_get_collection gives a collection")
        }
        unsafe self.client = client
        unsafe self.collection = collection
        self.location = location
    }

    deinit { unsafe mongoc_collection_destroy(collection) }

    /// Runs a command on the database of the collection.
    func run(_ command: JSON) throws(MongoFailure) {
        try MongoFailure.unless { error in
            unsafe BSONDocument(command).withPointer { command in
                unsafe mongoc_client_command_simple(client, location.database, command, nil, nil, &error)
            }
        }
    }

    /// Writes the documents whose `_id` is not there.
    /// - Returns: by their numbers, those that were not written because their `_id` was there.
    /// - Throws: the first failure that is not that an `_id` was there. The other documents may have been written.
    func insert(_ documents: [BSONDocument]) throws(MongoFailure) -> Set<Int> {
        var succeeded = false
        var error = bson_error_t()
        var pointers = unsafe documents.map { document in unsafe document.withPointer { unsafe Optional($0) } }
        defer { extendLifetime(documents) }
        let reply = unsafe BSONDocument(["ordered": false]).withPointer { options in
            unsafe tare_insert_many(collection, &pointers, pointers.count, options, &succeeded, &error)
        }
        guard let reply = unsafe reply else { preconditionFailure("bson_copy gives a document") }
        let outcome = InsertOutcome(unsafe BSONDocument(adopting: reply))
        if let failure = outcome.failure { throw failure }
        guard succeeded || !outcome.duplicates.isEmpty else { throw MongoFailure(error) }
        return outcome.duplicates
    }

    /// Puts the document in place of the one that is found; false where none is.
    func replace(_ filter: JSON, with document: JSON) throws(MongoFailure) -> Bool {
        try change(filter, document, replaces: true)
    }

    /// Changes the document that is found; false where none is.
    /// - Parameter change: operators such as `$set`, or an array of stages, which may use the server's clock.
    func update(_ filter: JSON, _ change: JSON) throws(MongoFailure) -> Bool {
        // An array stands for a document with the names 0, 1, 2, ….
        let stages = change.elements.map { stages in
            JSON.object(stages.enumerated().map { JSON.Member(String($0), $1) })
        }
        return try self.change(filter, stages ?? change, replaces: false)
    }

    func delete(_ filter: JSON) throws(MongoFailure) {
        try MongoFailure.unless { error in
            unsafe BSONDocument(filter).withPointer { filter in
                unsafe mongoc_collection_delete_many(collection, filter, nil, nil, &error)
            }
        }
    }

    private func change(_ filter: JSON, _ change: JSON, replaces: Bool) throws(MongoFailure) -> Bool {
        var succeeded = false
        var error = bson_error_t()
        let reply = unsafe BSONDocument(filter).withPointer { filter in
            unsafe BSONDocument(change).withPointer { change in
                unsafe tare_change_one(collection, filter, change, replaces, &succeeded, &error)
            }
        }
        guard let reply = unsafe reply else { preconditionFailure("bson_copy gives a document") }
        let elements = BSONElements(of: unsafe BSONDocument(adopting: reply))
        guard succeeded else { throw MongoFailure(error) }
        while elements.next() {
            if elements.name == "matchedCount", case .whole(let count) = elements.value { return count > 0 }
        }
        return false
    }

    /// Calls `body` with the elements of each document that is found.
    func find(
        _ filter: BSONDocument, options: JSON, _ body: (borrowing BSONElements) -> Void
    ) throws(MongoFailure) {
        let elements = BSONElements()
        unsafe try find(filter, options: BSONDocument(options)) { document in
            unsafe elements.restart(with: document)
            body(elements)
        }
    }

    /// The documents that are found, each made into something by `body`, which must not keep it.
    @unsafe func find<Result>(
        _ filter: BSONDocument, options: BSONDocument, as body: (OpaquePointer) -> Result
    ) throws(MongoFailure) -> [Result] {
        var found: [Result] = []
        unsafe try find(filter, options: options) { found.append(unsafe body($0)) }
        return found
    }

    @unsafe private func find(
        _ filter: BSONDocument, options: BSONDocument, _ body: (OpaquePointer) -> Void
    ) throws(MongoFailure) {
        // libmongoc copies both documents.
        let cursor = unsafe filter.withPointer { filter in
            unsafe options.withPointer { options in
                unsafe mongoc_collection_find_with_opts(collection, filter, options, nil)
            }
        }
        guard let cursor = unsafe cursor else { preconditionFailure("mongoc_collection_find_with_opts gives a cursor") }
        defer { unsafe mongoc_cursor_destroy(cursor) }
        var document: OpaquePointer?
        while unsafe mongoc_cursor_next(cursor, &document), let document = unsafe document { unsafe body(document) }
        try MongoFailure.unless { error in unsafe !mongoc_cursor_error(cursor, &error) }
    }
}

/// What the server answered to an insertion of many documents.
struct InsertOutcome {
    /// The numbers of the documents whose `_id` was there.
    private(set) var duplicates: Set<Int> = []
    private(set) var failure: MongoFailure?

    init(_ reply: BSONDocument) {
        let elements = BSONElements(of: reply)
        while elements.next() {
            guard ["writeErrors", "writeConcernErrors"].contains(elements.name) else { continue }
            let errors = elements.nested
            while errors.next() { add(errors.nested) }
        }
    }

    private mutating func add(_ error: consuming BSONElements) {
        var code: UInt32 = 0
        var number: Int?
        var message = ""
        var key: [String] = []
        while error.next() {
            switch (error.name, error.value) {
            case ("code", .whole(let value)): code = UInt32(truncatingIfNeeded: value)
            case ("index", .whole(let value)): number = Int(value)
            case ("errmsg", .text(let text)): message = text
            case ("keyPattern", _):
                let pattern = error.nested
                while pattern.next() { key.append(pattern.name) }
            default: break
            }
        }
        // Another unique index that somebody made keeps a row out for good; that must not pass as a repeat.
        if code == MongoFailure.duplicateKeyCode, key.isEmpty || key == ["_id"], let number {
            duplicates.insert(number)
        } else if failure == nil {
            failure = MongoFailure(serverCode: code, message: message)
        }
    }
}
