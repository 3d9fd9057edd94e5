import Documents
import ModelService
import Regression
import Synchronization

/// Observations in a collection of MongoDB, which the sink connector or others may write too.
///
/// `_id` is the row's identity, so that a repeat is a duplicate key and harmless, also between servers. The database may
/// be away, or hang, at any time: every call then fails within the sum of `MongoURI.milliseconds`, and libmongoc's own
/// threads find the database again. How long a name server takes is not bounded: the system's resolver is asked.
final class MongoStore: Store {
    /// What is sent in one command, so that each is answered well within the socket's timeout.
    private static let rowsPerInsert = 1000
    private static let rowsPerBatch = 10_000
    /// A call that fails sooner than this on a lost connection is repeated once on another one.
    private static let repeatWithin = Duration.milliseconds(100)

    private let location: MongoLocation
    private let specification: ModelSpecification
    private let reader: BSONRowReader
    private let uri: Mutex<MongoURI>
    private let index: MongoIndex
    /// Made when rows are first asked for by level.
    private let levelIndex: MongoIndex
    private let pool = Mutex<MongoPool?>(nil)

    init(
        location: MongoLocation, specification: ModelSpecification, log: @escaping @Sendable (String) -> Void
    ) throws(StoreError) {
        let uri: MongoURI
        do { uri = try MongoURI(location) } catch {
            throw StoreError(mongo: error, purpose: "reading the URI", location: location)
        }
        for warning in uri.warnings { log("the URI of \(location): \(warning)") }
        self.location = location
        self.specification = specification
        reader = BSONRowReader(specification)
        self.uri = Mutex(uri)
        let newestFirst: [JSON.Member] = [.init(specification.fields.timestamp, -1), .init("_id", -1)]
        index = MongoIndex(key: .object(newestFirst), location: location, log: log)
        levelIndex = MongoIndex(
            key: .object([.init(specification.factor.field, 1)] + newestFirst), location: location, log: log)
    }

    func record(_ rows: [Observation]) throws(StoreError) -> Int {
        var written = 0
        for start in stride(from: 0, to: rows.count, by: Self.rowsPerInsert) {
            let documents = rows[start..<min(start + Self.rowsPerInsert, rows.count)].map(document)
            written += try attempt("recording \(rows.count) rows") { collection throws(MongoFailure) in
                try collection.insert(documents)
            }
        }
        return written
    }

    func newest(_ count: Int) throws(StoreError) -> [Observation] {
        guard count > 0 else { return [] }
        return try attempt("reading the newest \(count) rows") { collection throws(MongoFailure) in
            try self.newest(count, in: collection, matching: [], by: self.index)
        }
    }

    /// Finds the levels one after the other. A level under a name that is only like the specification's, as in the rows
    /// of the tutorial's queries, is not found.
    func newestOfEachLevel(_ count: Int) throws(StoreError) -> [Observation] {
        guard count > 0 else { return [] }
        let field = specification.factor.field
        return try attempt("reading the newest \(count) rows of each level") { collection throws(MongoFailure) in
            self.levelIndex.makeIfWanted(in: try self.opened())
            var rows: [Observation] = []
            var last = ""
            while let next = try self.level(after: last, in: collection) {
                rows += try self.newest(
                    count, in: collection, matching: [.init(field, .string(next))], by: self.levelIndex)
                last = next
            }
            return rows
        }
    }

    func check() throws(StoreError) {
        try attempt("asking for a sign of life") { collection throws(MongoFailure) in try collection.run(["ping": 1]) }
    }

    func close() {
        index.finish()
        levelIndex.finish()
        pool.withLock { $0 = nil }
    }

    private func document(of row: Observation) -> BSONDocument {
        let members = row.document(specification).members ?? []
        return BSONDocument(.object([JSON.Member("_id", .string(row.identity))] + members))
    }
}

// MARK: - Reading

extension MongoStore {
    private func level(after last: String, in collection: borrowing MongoCollection) throws(MongoFailure) -> String? {
        // A list would match by its elements, and is no level.
        let isNext: JSON = ["$gt": .string(last), "$not": ["$type": "array"]]
        let filter = JSON.object([.init(specification.factor.field, isNext)])
        let rows = try rows(in: collection, matching: filter, count: 1, sort: levelIndex.key, by: levelIndex).sorted()
        guard let level = rows.first?.level, last.utf8.lexicographicallyPrecedes(level.utf8) else { return nil }
        return level
    }

    private func newest(
        _ count: Int, in collection: borrowing MongoCollection, matching filter: [JSON.Member], by index: MongoIndex
    ) throws(MongoFailure) -> [Observation] {
        let sort = self.index.key
        var newest = try rows(in: collection, matching: .object(filter), count: count, sort: sort, by: index)
        if newest.needTexts(count: count) {
            let isText = JSON.object(filter + [.init(specification.fields.timestamp, ["$type": "string"])])
            newest.replaceTexts(with: try rows(in: collection, matching: isText, count: count, sort: sort, by: index))
        }
        let rows = newest.sorted()
        return rows.count > count ? Array(rows.prefix(count)) : rows
    }

    private func rows(
        in collection: borrowing MongoCollection, matching filter: JSON, count: Int, sort: JSON, by index: MongoIndex
    ) throws(MongoFailure) -> NewestRows {
        var options: [JSON.Member] = [.init("sort", sort), .init("limit", JSON(count))]
        guard index.isPresent else { return try read(collection, matching: filter, count: count, options) }
        do {
            options.append(.init("hint", index.key))
            return try read(collection, matching: filter, count: count, options)
        } catch let error where error.isUnknownHint {
            index.isMissing()
            return try read(collection, matching: filter, count: count, options.dropLast())
        }
    }

    private func read(
        _ collection: borrowing MongoCollection, matching filter: JSON, count: Int, _ options: [JSON.Member]
    ) throws(MongoFailure) -> NewestRows {
        // One row more than wanted in a batch: at the limit itself the server would keep the cursor open.
        let batch = min(count, Self.rowsPerBatch) + 1
        var reader = reader
        var newest = NewestRows(capacity: min(count, 1000))
        try collection.find(filter, options: .object(options + [.init("batchSize", JSON(batch))])) { elements in
            reader.read(elements, into: &newest)
        }
        return newest
    }
}

// MARK: - Connections

extension MongoStore {
    private func attempt<Result>(
        _ purpose: String, _ body: (borrowing MongoCollection) throws(MongoFailure) -> Result
    ) throws(StoreError) -> Result {
        let start = ContinuousClock.now
        do {
            let pool = try opened()
            // Not only after a success: without the index, the newest of many rows may not be read in time.
            index.makeIfWanted(in: pool)
            do {
                return try pool.withCollection(at: location, body)
            } catch let error where error.isLostConnection && ContinuousClock.now - start < Self.repeatWithin {
                return try pool.withCollection(at: location, body)
            }
        } catch {
            throw StoreError(mongo: error, purpose: purpose, location: location)
        }
    }

    /// The pool is made by the first call and not with the store, as it may have to ask a name server.
    private func opened() throws(MongoFailure) -> MongoPool {
        try pool.withLock { held throws(MongoFailure) in
            if let pool = held { return pool }
            let opened = try uri.withLock { uri throws(MongoFailure) in try MongoPool(uri) }
            held = opened
            return opened
        }
    }
}
