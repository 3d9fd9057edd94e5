import Documents
import ModelService
import Regression
import Specification

/// Observations in a collection of MongoDB, which the sink connector or others may write too.
///
/// `_id` is the row's identity, so that a repeat is a duplicate key and harmless, also between servers.
final class MongoStore: Store {
    /// What is sent in one command, so that each is answered well within the socket's timeout.
    private static let rowsPerInsert = 1000
    private static let rowsPerBatch = 10_000

    let specification: ModelSpecification
    private let reader: BSONRowReader
    private let endpoint: MongoEndpoint
    /// As the database names them.
    let timestampField: String
    private let levelField: String?
    let index: MongoIndex
    /// Made when rows are first asked for by level; nil where there are no levels to ask by.
    private let levelIndex: MongoIndex?

    init(
        location: MongoLocation, specification: ModelSpecification, log: @escaping @Sendable (String) -> Void
    ) throws(StoreError) {
        endpoint = try MongoEndpoint(location, log: log)
        self.specification = specification
        reader = BSONRowReader(specification)
        timestampField = MongoFieldName.stored(specification.fields.timestamp)
        levelField = specification.factor.map { MongoFieldName.stored($0.field) }
        let newestFirst: [JSON.Member] = [.init(timestampField, -1), .init("_id", -1)]
        index = MongoIndex(key: .object(newestFirst), location: location, log: log)
        levelIndex = levelField.map { field in
            MongoIndex(key: .object([.init(field, 1)] + newestFirst), location: location, log: log)
        }
    }

    func record(_ rows: [Observation]) throws(StoreError) -> Recorded {
        var recorded = Recorded([])
        for start in stride(from: 0, to: rows.count, by: Self.rowsPerInsert) {
            let part = rows[start..<min(start + Self.rowsPerInsert, rows.count)]
            let documents = part.map(document)
            recorded.rows += try attempt("recording \(rows.count) rows") { collection throws(MongoFailure) in
                let duplicates = try collection.insert(documents)
                guard !duplicates.isEmpty else { return part.map { _ in .new } }
                let kept = try self.kept(duplicates.map { part[start + $0].identity }, in: collection)
                return part.enumerated().map { number, row in
                    duplicates.contains(number) ? Recorded.Row(row, kept: kept[Array(row.identity.utf8)]) : .new
                }
            }
        }
        return recorded
    }

    /// The rows that are there under these identities, by the bytes of these: two texts that Unicode calls the same are two.
    private func kept(
        _ identities: [String], in collection: borrowing MongoCollection
    ) throws(MongoFailure) -> [[UInt8]: Observation] {
        let isWanted: JSON = ["_id": ["$in": .array(identities.map { .string($0) })]]
        var reader = ObservationReader(specification)
        var found: [[UInt8]: Observation] = [:]
        try collection.find(BSONDocument(isWanted), options: [:]) { elements in
            var identity: [UInt8]?
            while elements.next() {
                if elements.name == "_id", case .text(let text) = elements.value { identity = Array(text.utf8) }
                if let field = reader.field(stored: elements.name) { reader.take(field, elements.value) }
            }
            let row = reader.finish()
            if let identity { found[identity] = row }
        }
        return found
    }

    func newest(_ count: Int) throws(StoreError) -> [Observation] {
        guard count > 0 else { return [] }
        return try attempt("reading the newest \(count) rows") { collection throws(MongoFailure) in
            try self.newest(count, in: collection, matching: [], by: self.index)
        }
    }

    /// Finds the levels one after the other. A level under a name that is only like the specification's, as in the rows
    /// of the tutorial's queries, is not found.
    func newestOfEachLevel(_ count: Int, within bounds: RowBounds) throws(StoreError) -> [Observation] {
        guard count > 0 else { return [] }
        guard let field = levelField, let levelIndex else { return try newest(count) }
        let purpose = "reading the newest \(count) rows of each level"
        return try attempt(purpose, by: levelIndex) { collection throws(MongoFailure) in
            var rows: [Observation] = []
            var (last, number) = ("", 0)
            while !bounds.isExceeded(rows: rows.count, levels: number),
                let next = try self.level(after: last, of: field, by: levelIndex, in: collection)
            {
                rows += try self.newest(
                    count, in: collection, matching: [.init(field, .string(next))], by: levelIndex)
                last = next
                number += 1
            }
            return rows
        }
    }

    func check() throws(StoreError) {
        try attempt("asking for a sign of life") { collection throws(MongoFailure) in try collection.run(["ping": 1]) }
    }

    func close() {
        index.finish()
        levelIndex?.finish()
        endpoint.close()
    }

    func attempt<Result>(
        _ purpose: String, by other: MongoIndex? = nil,
        _ body: (borrowing MongoCollection) throws(MongoFailure) -> Result
    ) throws(StoreError) -> Result {
        let makeIndexes: (MongoPool) -> Void = { [index] pool in
            index.makeIfWanted(in: pool)
            other?.makeIfWanted(in: pool)
        }
        // Not only after a success: without an index, the newest of many rows may not be read in time.
        return try endpoint.attempt(purpose, first: makeIndexes, body)
    }

    private func document(of row: Observation) -> BSONDocument {
        let members = (row.document(specification).members ?? []).map { member in
            JSON.Member(MongoFieldName.stored(member.name), member.value)
        }
        return BSONDocument(.object([JSON.Member("_id", .string(row.identity))] + members))
    }
}

// MARK: - Reading

extension MongoStore {
    private func level(
        after last: String, of field: String, by index: MongoIndex, in collection: borrowing MongoCollection
    ) throws(MongoFailure) -> String? {
        // A list would match by its elements, and is no level.
        let isNext: JSON = ["$gt": .string(last), "$not": ["$type": "array"]]
        let filter = JSON.object([.init(field, isNext)])
        let rows = try rows(
            in: collection, matching: BSONDocument(filter), count: 1, sort: index.key, by: index
        ).sorted()
        guard let level = rows.first?.level, last.utf8.lexicographicallyPrecedes(level.utf8) else { return nil }
        return level
    }

    private func newest(
        _ count: Int, in collection: borrowing MongoCollection, matching filter: [JSON.Member], by index: MongoIndex
    ) throws(MongoFailure) -> [Observation] {
        let sort = self.index.key
        let isMeant = BSONDocument(.object(filter))
        var newest = try rows(in: collection, matching: isMeant, count: count, sort: sort, by: index)
        if newest.needTexts(count: count) {
            let isText = BSONDocument(
                .object(filter + [.init(timestampField, ["$type": "string"])]))
            newest.replaceTexts(with: try rows(in: collection, matching: isText, count: count, sort: sort, by: index))
        }
        let rows = newest.sorted()
        return rows.count > count ? Array(rows.prefix(count)) : rows
    }

    func rows(
        in collection: borrowing MongoCollection, matching filter: BSONDocument, count: Int, sort: JSON,
        by index: MongoIndex
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
        _ collection: borrowing MongoCollection, matching filter: BSONDocument, count: Int, _ options: [JSON.Member]
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
