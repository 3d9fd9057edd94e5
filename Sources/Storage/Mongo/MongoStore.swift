import Documents
import ModelService
import Regression

/// Observations in a collection of MongoDB, which the sink connector or others may write too.
///
/// `_id` is the row's identity, so that a repeat is a duplicate key and harmless, also between servers.
final class MongoStore: Store {
    /// What is sent in one command, so that each is answered well within the socket's timeout.
    private static let rowsPerInsert = 1000
    private static let rowsPerBatch = 10_000

    private let specification: ModelSpecification
    private let reader: BSONRowReader
    private let endpoint: MongoEndpoint
    private let index: MongoIndex

    init(
        location: MongoLocation, specification: ModelSpecification, log: @escaping @Sendable (String) -> Void
    ) throws(StoreError) {
        endpoint = try MongoEndpoint(location, log: log)
        self.specification = specification
        reader = BSONRowReader(specification)
        index = MongoIndex(timestampField: specification.fields.timestamp, location: location, log: log)
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
            var newest = try self.rows(in: collection, matching: [:], count: count)
            if newest.needTexts(count: count) {
                let isText = JSON.object([.init(self.specification.fields.timestamp, ["$type": "string"])])
                newest.replaceTexts(with: try self.rows(in: collection, matching: isText, count: count))
            }
            let rows = newest.sorted()
            return rows.count > count ? Array(rows.prefix(count)) : rows
        }
    }

    func check() throws(StoreError) {
        try attempt("asking for a sign of life") { collection throws(MongoFailure) in try collection.run(["ping": 1]) }
    }

    func close() {
        index.finish()
        endpoint.close()
    }

    private func attempt<Result>(
        _ purpose: String, _ body: (borrowing MongoCollection) throws(MongoFailure) -> Result
    ) throws(StoreError) -> Result {
        // Not only after a success: without the index, the newest of many rows may not be read in time.
        try endpoint.attempt(purpose, first: index.makeIfWanted, body)
    }

    private func document(of row: Observation) -> BSONDocument {
        let members = row.document(specification).members ?? []
        return BSONDocument(.object([JSON.Member("_id", .string(row.identity))] + members))
    }
}

// MARK: - Reading

extension MongoStore {
    private func rows(
        in collection: borrowing MongoCollection, matching filter: JSON, count: Int
    ) throws(MongoFailure) -> NewestRows {
        guard index.isPresent else { return try read(collection, matching: filter, count: count, hint: nil) }
        do {
            return try read(collection, matching: filter, count: count, hint: index.key)
        } catch let error where error.isUnknownHint {
            index.isMissing()
            return try read(collection, matching: filter, count: count, hint: nil)
        }
    }

    private func read(
        _ collection: borrowing MongoCollection, matching filter: JSON, count: Int, hint: JSON?
    ) throws(MongoFailure) -> NewestRows {
        // One row more than wanted in a batch: at the limit itself the server would keep the cursor open.
        let batch = min(count, Self.rowsPerBatch) + 1
        var options: [JSON.Member] = [
            .init("sort", index.key), .init("limit", JSON(count)), .init("batchSize", JSON(batch)),
        ]
        if let hint { options.append(.init("hint", hint)) }
        var reader = reader
        var newest = NewestRows(capacity: min(count, 1000))
        try collection.find(filter, options: .object(options)) { elements in
            reader.read(elements, into: &newest)
        }
        return newest
    }
}
