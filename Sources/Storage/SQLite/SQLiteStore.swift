import Documents
import GRDB
import ModelService
import Regression
import Specification

/// Observations in one SQLite file, the embedded default.
///
/// Every transaction is on the disk when `record` returns (write-ahead log, `synchronous = FULL`), and readers do not
/// wait for writers. Other processes may use the same file.
final class SQLiteStore: Store {
    private let specification: ModelSpecification
    private let reader: ObservationReader
    private let access: SQLiteAccess

    /// - Throws: what is refused, such as a folder. A file that is damaged or merely unavailable is opened later.
    init(path: String, specification: ModelSpecification, log: @escaping @Sendable (String) -> Void) throws(StoreError)
    {
        self.specification = specification
        reader = ObservationReader(specification)
        access = SQLiteAccess(path: path, log: log)
        do {
            try access.attempt("opening a table") { _, _ in }
        } catch let error where error.kind == .unavailable {
            // Every call tries it again, and says so.
        }
    }

    func record(_ rows: [Observation]) throws(StoreError) -> Recorded {
        guard !rows.isEmpty else { return Recorded([]) }
        return try access.attempt("recording \(rows.count) rows") { pool, beginWriting in
            try pool.writeWithoutTransaction { db in
                beginWriting()
                var recorded = Recorded([])
                try db.inTransaction(.immediate) {
                    recorded = try insert(rows, into: db)
                    return .commit
                }
                return recorded
            }
        }
    }

    func newest(_ count: Int) throws(StoreError) -> [Observation] {
        guard count > 0 else { return [] }
        return try access.attempt("reading the newest \(count) rows") { pool, _ in
            try pool.read { db in try rows(of: SQLiteSchema.newest, [count], in: db) }
        }
    }

    func newest(_ count: Int, before time: Timestamp) throws(StoreError) -> [Observation] {
        guard count > 0 else { return [] }
        return try access.attempt("reading \(count) rows before a time") { pool, _ in
            try pool.read { db in try rows(of: SQLiteSchema.newestBefore, [time.milliseconds, count], in: db) }
        }
    }

    func newestOfEachLevel(_ count: Int, within bounds: RowBounds) throws(StoreError) -> [Observation] {
        guard count > 0 else { return [] }
        return try access.attempt("reading the newest \(count) rows of each level") { pool, _ in
            try pool.read { db in
                let levels = try String.fetchCursor(db, sql: SQLiteSchema.levels)
                var (rows, number): ([Observation], Int) = ([], 0)
                while !bounds.isExceeded(rows: rows.count, levels: number), let level = try levels.next() {
                    rows += try self.rows(of: SQLiteSchema.newestOfLevel, [level, count], in: db)
                    number += 1
                }
                return rows
            }
        }
    }

    private func rows(of sql: String, _ arguments: StatementArguments, in db: Database) throws -> [Observation] {
        let found = try Row.fetchCursor(try db.cachedStatement(sql: sql), arguments: arguments)
        var reader = reader
        var rows: [Observation] = []
        while let row = try found.next() { rows.append(try reader.read(row)) }
        return rows
    }

    func check() throws(StoreError) {
        try access.attempt("looking into a table") { pool, _ in
            _ = try pool.read { db in try Int.fetchOne(db, sql: SQLiteSchema.check) }
        }
    }

    func close() { access.close() }

    private func insert(_ rows: [Observation], into db: Database) throws -> Recorded {
        let statement = try db.cachedStatement(sql: SQLiteSchema.insert)
        var recorded = Recorded([])
        var new: ClosedRange<Int64>?
        for row in rows {
            let document = row.document(specification).compact
            try statement.execute(arguments: [
                row.identity, row.timestamp?.milliseconds, row.level, document, CRC32C.checksum(document.utf8),
            ])
            if db.changesCount > 0 {
                let sequence = db.lastInsertedRowID
                new = (new?.lowerBound ?? sequence)...sequence
                recorded.rows.append(.new)
            } else {
                recorded.rows.append(Recorded.Row(row, kept: try kept(row, in: db)))
            }
        }
        // A transaction's rows are numbered one after the other: nobody else writes meanwhile.
        recorded.span = new.map { StoreSpan(start: .sequence($0.lowerBound - 1), end: .sequence($0.upperBound)) }
        return recorded
    }

    /// The row that is there under the identity of another.
    private func kept(_ row: Observation, in db: Database) throws -> Observation? {
        let statement = try db.cachedStatement(sql: SQLiteSchema.kept)
        var reader = reader
        return try Row.fetchOne(statement, arguments: [row.identity]).map { try reader.read($0) }
    }
}

// MARK: - Places

extension SQLiteStore {
    /// By insertion, whatever the time.
    func end(notAfter latest: Timestamp?) throws(StoreError) -> StorePlace {
        try access.attempt("looking for the last row") { pool, _ in try pool.read { db in try end(in: db) } }
    }

    func rows(
        after place: StorePlace, notAfter latest: Timestamp?, limit: Int
    ) throws(StoreError) -> StorePage {
        try access.attempt("reading up to \(limit) rows behind a place") { pool, _ in
            try pool.read { db in
                guard case .sequence(let start) = place else {
                    return StorePage(rows: [], end: try end(in: db), isFull: false)
                }
                return try page(after: start, limit: limit, in: db)
            }
        }
    }

    private func page(after start: Int64, limit: Int, in db: Database) throws -> StorePage {
        let statement = try db.cachedStatement(sql: SQLiteSchema.following)
        let found = try Row.fetchCursor(statement, arguments: [start, max(0, limit)])
        var reader = reader
        var (rows, last): ([Observation], Int64) = ([], start)
        while let row = try found.next() {
            last = row[0]
            rows.append(try reader.read(row))
        }
        // The file may have been replaced by one with fewer rows.
        let end = rows.isEmpty ? try end(in: db) : .sequence(last)
        return StorePage(rows: rows, end: end, isFull: rows.count == limit)
    }

    private func end(in db: Database) throws -> StorePlace {
        .sequence(try Int64.fetchOne(db, sql: SQLiteSchema.end) ?? 0)
    }
}

extension ObservationReader {
    /// - Parameter row: of `SQLiteSchema.columns`.
    /// - Throws: `DamagedRow` where the document is not as it was written.
    mutating func read(_ row: Row) throws -> Observation {
        let document: String = row[1]
        if let checksum: UInt32 = row[2], checksum != CRC32C.checksum(document.utf8) {
            throw DamagedRow(sequence: row[0])
        }
        return read((try? JSON(parsing: document)) ?? .null)
    }
}
