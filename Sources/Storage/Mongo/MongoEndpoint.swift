import ModelService
import Threading

/// One collection, reached over connections that are made when they are needed.
///
/// The database may be away, or hang, at any time: every call then fails within the sum of `MongoURI.milliseconds`, and
/// libmongoc's own threads find the database again. How long a name server takes is not bounded: the system's resolver is
/// asked.
final class MongoEndpoint: Sendable {
    /// A call that fails sooner than this on a lost connection is repeated once on another one.
    private static let repeatWithin = Duration.milliseconds(100)

    let location: MongoLocation
    private let uri: Lock<MongoURI>
    private let pool = Lock<MongoPool?>(nil)

    init(_ location: MongoLocation, log: @Sendable (String) -> Void) throws(StoreError) {
        let uri: MongoURI
        do { uri = try MongoURI(location) } catch {
            throw StoreError(mongo: error, purpose: "reading the URI", location: location)
        }
        for warning in uri.warnings { log("the URI of \(location): \(warning)") }
        self.location = location
        self.uri = Lock(uri)
    }

    func close() { pool.withLock { $0 = nil } }

    /// - Parameters:
    ///   - purpose: what is tried, such as `recording 3 rows`.
    ///   - first: is given the pool before it is used.
    ///   - body: may run twice, so that it must not matter whether it had an effect before it failed.
    func attempt<Result>(
        _ purpose: String, first: (MongoPool) -> Void = { _ in },
        _ body: (borrowing MongoCollection) throws(MongoFailure) -> Result
    ) throws(StoreError) -> Result {
        let start = ContinuousClock.now
        do {
            let pool = try opened()
            first(pool)
            do {
                return try pool.withCollection(at: location, body)
            } catch let error where error.isLostConnection && ContinuousClock.now - start < Self.repeatWithin {
                return try pool.withCollection(at: location, body)
            }
        } catch {
            throw StoreError(mongo: error, purpose: purpose, location: location)
        }
    }

    /// The pool is made by the first call and not at once, as it may have to ask a name server.
    private func opened() throws(MongoFailure) -> MongoPool {
        try pool.withLock { held throws(MongoFailure) in
            if let pool = held { return pool }
            let opened = try uri.withLock { uri throws(MongoFailure) in try MongoPool(uri) }
            held = opened
            return opened
        }
    }
}
