import CMongoC

/// Connections to a server or replica set, and the threads of libmongoc that watch it.
///
/// Unchecked, as libmongoc says of the one pointer: `mongoc_client_pool_t` is thread-safe, but for its destruction,
/// which is that of this object.
@safe final class MongoPool: @unchecked Sendable {
    private let pointer: OpaquePointer

    /// Does not connect; but for `mongodb+srv` it asks the name server, and waits for it.
    init(_ uri: MongoURI) throws(MongoFailure) {
        var error = bson_error_t()
        let pool = unsafe uri.withPointer { uri in unsafe mongoc_client_pool_new_with_error(uri, &error) }
        guard let pool = unsafe pool else { throw MongoFailure(error) }
        unsafe mongoc_client_pool_set_error_api(pool, MONGOC_ERROR_API_VERSION_2)
        unsafe pointer = pool
    }

    deinit { unsafe mongoc_client_pool_destroy(pointer) }

    /// Lends the collection to `body`, which must not keep it.
    func withCollection<Result>(
        at location: MongoLocation, _ body: (borrowing MongoCollection) throws(MongoFailure) -> Result
    ) throws(MongoFailure) -> Result {
        let client = unsafe try take()
        defer { unsafe giveBack(client) }
        return try body(unsafe MongoCollection(location, client: client))
    }

    /// A connection for as long as somebody needs it; `giveBack` must follow, and before the pool ends.
    @unsafe func take() throws(MongoFailure) -> OpaquePointer {
        guard let client = unsafe mongoc_client_pool_pop(pointer) else {
            throw MongoFailure(waitingFor: "a connection of the pool")
        }
        return unsafe client
    }

    @unsafe func giveBack(_ client: OpaquePointer) { unsafe mongoc_client_pool_push(pointer, client) }
}

extension MongoFailure {
    fileprivate init(waitingFor what: String) {
        domain = MONGOC_ERROR_POOL
        code = 0
        message = "waited too long for \(what)"
    }
}
