import CMongoC
package import Documents
import Foundation

/// Commands to a server, past the store: to lay out what others would have written, and to look at what came of it.
package struct MongoShell {
    private let uri: String
    private let database: String

    package init(uri: String, database: String) {
        self.uri = uri
        self.database = database
    }

    package struct Failure: Error, CustomStringConvertible { package let description: String }

    /// libmongoc wants to be started once; the program under test does so too, which is harmless.
    private static let start: Void = tare_mongoc_start()

    /// - Parameter command: in extended JSON, so that it may hold dates, object ids and integers of either size.
    @discardableResult
    package func run(_ command: JSON) throws -> JSON {
        Self.start
        var error = bson_error_t()
        guard let parsed = unsafe mongoc_uri_new_with_error(uri, &error) else { throw Failure(description: "\(uri)") }
        defer { unsafe mongoc_uri_destroy(parsed) }
        unsafe mongoc_uri_set_option_as_int32(parsed, MONGOC_URI_SERVERSELECTIONTIMEOUTMS, 5000)
        guard let client = unsafe mongoc_client_new_from_uri(parsed) else { throw Failure(description: "no client") }
        defer { unsafe mongoc_client_destroy(client) }
        guard let document = unsafe bson_new_from_json(command.compact, -1, &error), let reply = unsafe bson_new()
        else {
            throw Failure(description: "\(Self.message(error)): \(command.compact)")
        }
        defer {
            unsafe bson_destroy(document)
            unsafe bson_destroy(reply)
        }
        guard unsafe mongoc_client_command_simple(client, database, document, nil, reply, &error) else {
            throw Failure(description: Self.message(error))
        }
        guard let text = unsafe bson_as_relaxed_extended_json(reply, nil) else { return .null }
        defer { unsafe bson_free(text) }
        return try JSON(parsing: unsafe String(cString: text))
    }

    package func insert(_ documents: [JSON], into collection: String = "rows") throws {
        for start in stride(from: 0, to: documents.count, by: 1000) {
            let reply = try run([
                "insert": .string(collection),
                "documents": .array(Array(documents[start..<min(start + 1000, documents.count)])),
            ])
            guard reply["writeErrors"] == nil else { throw Failure(description: reply.compact) }
        }
    }

    /// Waits for the index that the store makes beside its calls. A replica set lists it before it serves queries.
    package func awaitIndex(of collection: String = "rows") throws {
        let key: JSON = ["Timestamp": -1, "_id": -1]
        for _ in 0..<400 {
            let isListed = (try? indexes(of: collection).contains(key)) ?? false
            if isListed, (try? run(["find": .string(collection), "hint": key, "limit": 1])) != nil { return }
            usleep(25_000)
        }
        throw Failure(description: "the index was not made")
    }

    private static func message(_ error: bson_error_t) -> String {
        unsafe withUnsafePointer(to: error) { unsafe String(cString: tare_error_message($0)) }
    }

    /// The keys of the collection's indexes.
    private func indexes(of collection: String) throws -> [JSON] {
        let reply = try run(["listIndexes": .string(collection)])
        return (reply["cursor"]?["firstBatch"]?.elements ?? []).compactMap { $0["key"] }
    }
}
