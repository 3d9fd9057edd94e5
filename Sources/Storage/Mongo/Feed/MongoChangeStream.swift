import CMongoC
import Documents

/// The documents that are inserted into some collections of a database, as they are. One connection of a pool belongs to
/// it. For one thread at a time.
@safe final class MongoChangeStream {
    /// How long the server waits for something to happen before it answers that nothing did.
    private static let patienceMilliseconds = 100

    private let pool: MongoPool
    private let client: OpaquePointer
    private let stream: OpaquePointer

    /// - Parameter token: goes on after it; without one, from now on.
    init(_ pool: MongoPool, database: String, collections: [String], after token: String?) throws(MongoFailure) {
        let isWanted: JSON = [
            "operationType": "insert", "ns.coll": ["$in": .array(collections.map(JSON.string))],
        ]
        let pipeline = BSONDocument(["pipeline": [["$match": isWanted]]])
        let after = token.map { ",\"startAfter\":\($0)" } ?? ""
        let options = try BSONDocument(extendedJSON: "{\"maxAwaitTimeMS\":\(Self.patienceMilliseconds)\(after)}")
        let client = unsafe try pool.take()
        let handle = unsafe mongoc_client_get_database(client, database)
        defer { unsafe mongoc_database_destroy(handle) }
        let stream = unsafe pipeline.withPointer { pipeline in
            unsafe options.withPointer { options in unsafe mongoc_database_watch(handle, pipeline, options) }
        }
        guard let stream = unsafe stream else { preconditionFailure("mongoc_database_watch gives a stream") }
        self.pool = pool
        unsafe self.client = client
        unsafe self.stream = stream
        try check()
    }

    deinit {
        unsafe mongoc_change_stream_destroy(stream)
        unsafe pool.giveBack(client)
    }

    /// What the stream can go on after, as extended JSON: behind the last document, and also where there was none for long.
    var token: String? {
        guard let token = unsafe mongoc_change_stream_get_resume_token(stream) else { return nil }
        return unsafe BSONDocument.extendedJSON(token)
    }

    /// The next document that was inserted; nil where none came for a while.
    func next() throws(MongoFailure) -> FeedDocument? {
        var event: OpaquePointer?
        guard unsafe mongoc_change_stream_next(stream, &event), let event = unsafe event else {
            try check()
            return nil
        }
        return unsafe Self.document(of: event)
    }

    @unsafe private static func document(of event: OpaquePointer) -> FeedDocument {
        let text = unsafe BSONDocument.extendedJSON(event)
        let whole = text.flatMap { try? JSON(parsing: $0, repeatedNames: .lastWins) }
        if let document = whole?["fullDocument"] { return FeedDocument(document, of: collection(of: whole)) }
        let head = unsafe BSONDocument.extendedJSON(event, where: { $0 == "ns" || $0 == "documentKey" })
        let read = head.flatMap { try? JSON(parsing: $0) }
        return FeedDocument(
            read?["documentKey"] ?? [:], of: collection(of: read), problem: FeedDocument.unreadable)
    }

    private static func collection(of event: JSON?) -> String { event?["ns"]?["coll"]?.text ?? "" }

    private func check() throws(MongoFailure) {
        try MongoFailure.unless { error in unsafe !mongoc_change_stream_error_document(stream, &error, nil) }
    }
}
