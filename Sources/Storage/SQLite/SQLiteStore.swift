import Documents
import GRDB
import ModelService
import Regression
import Synchronization

/// Observations in one SQLite file, the embedded default.
///
/// Every transaction is on the disk when `record` returns (write-ahead log, `synchronous = FULL`), and readers do not
/// wait for writers. Other processes may use the same file. A file that is locked, or on a full disk, is tried anew by
/// every call; one that was removed or replaced is made or opened anew by the next.
final class SQLiteStore: Store {
    /// How long a call waits for a lock that another process holds, in seconds.
    static let lockSecondsMax = 2.0

    private let path: String
    private let specification: ModelSpecification
    private let reader: ObservationReader
    private let log: @Sendable (String) -> Void
    private let lockWait = LockWait()
    private let file = Mutex<SQLiteFile?>(nil)

    /// - Throws: what is refused, such as a file that is no database. A file that is merely unavailable is opened later.
    init(path: String, specification: ModelSpecification, log: @escaping @Sendable (String) -> Void) throws(StoreError)
    {
        self.path = path
        self.specification = specification
        reader = ObservationReader(specification)
        self.log = log
        do {
            try attempt("opening a table") { _, _ in }
        } catch let error where error.kind == .unavailable {
            log("\(error); it is tried again with every call")
        }
    }

    func record(_ rows: [Observation]) throws(StoreError) -> Recorded {
        guard !rows.isEmpty else { return Recorded([]) }
        return try attempt("recording \(rows.count) rows") { pool, deadline in
            try pool.writeWithoutTransaction { db in
                lockWait.end(at: deadline)
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
        return try attempt("reading the newest \(count) rows") { pool, _ in
            try pool.read { db in try rows(of: SQLiteSchema.newest, [count], in: db) }
        }
    }

    func newestOfEachLevel(_ count: Int) throws(StoreError) -> [Observation] {
        guard count > 0 else { return [] }
        return try attempt("reading the newest \(count) rows of each level") { pool, _ in
            try pool.read { db in
                try String.fetchAll(db, sql: SQLiteSchema.levels).flatMap { level in
                    try rows(of: SQLiteSchema.newestOfLevel, [level, count], in: db)
                }
            }
        }
    }

    private func rows(of sql: String, _ arguments: StatementArguments, in db: Database) throws -> [Observation] {
        let documents = try String.fetchCursor(try db.cachedStatement(sql: sql), arguments: arguments)
        var reader = reader
        var rows: [Observation] = []
        while let text = try documents.next() { rows.append(reader.read(text)) }
        return rows
    }

    func check() throws(StoreError) {
        try attempt("looking into a table") { pool, _ in
            _ = try pool.read { db in try Int.fetchOne(db, sql: SQLiteSchema.check) }
        }
    }

    func close() {
        guard let file = file.withLock({ $0.take() }) else { return }
        do {
            lockWait.end(at: .now)
            try file.close()
        } catch {
            log("\(StoreError(sqlite: error, purpose: "closing a table", path: path))")
        }
    }

    private func insert(_ rows: [Observation], into db: Database) throws -> Recorded {
        let statement = try db.cachedStatement(sql: SQLiteSchema.insert)
        var recorded = Recorded([])
        var new: ClosedRange<Int64>?
        for row in rows {
            try statement.execute(arguments: [
                row.identity, row.timestamp?.milliseconds, row.level, row.document(specification).compact,
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
        return try String.fetchOne(statement, arguments: [row.identity]).map { reader.read($0) }
    }
}

// MARK: - Places

extension SQLiteStore {
    /// By insertion, whatever the time.
    func end(notAfter latest: Timestamp?) throws(StoreError) -> StorePlace {
        try attempt("looking for the last row") { pool, _ in try pool.read { db in try end(in: db) } }
    }

    func rows(
        after place: StorePlace, notAfter latest: Timestamp?, limit: Int
    ) throws(StoreError) -> StorePage {
        try attempt("reading up to \(limit) rows behind a place") { pool, _ in
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
            rows.append(reader.read(row[1] as String))
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
    fileprivate mutating func read(_ text: String) -> Observation { read((try? JSON(parsing: text)) ?? .null) }
}

// MARK: - The file

extension SQLiteStore {
    /// - Parameter body: is given the open database, and until when it may wait for a lock.
    private func attempt<Result>(
        _ purpose: String, _ body: (DatabasePool, ContinuousClock.Instant) throws -> Result
    ) throws(StoreError) -> Result {
        let deadline = ContinuousClock.now + .seconds(Self.lockSecondsMax)
        do {
            let file = try current(until: deadline)
            let result = try body(file.pool, deadline)
            guard file.isInPlace else { throw StoreError(.unavailable, "the file was removed or replaced meanwhile") }
            return result
        } catch {
            throw StoreError(sqlite: error, purpose: purpose, path: path)
        }
    }

    private func current(until deadline: ContinuousClock.Instant) throws -> SQLiteFile {
        try file.withLock { held in
            if let file = held {
                if file.isInPlace { return file }
                log("the SQLite database \(path) was removed or replaced; it is opened anew")
                held = nil
            }
            lockWait.end(at: deadline)
            let opened = try SQLiteFile(path: path, lockWait: lockWait, lockSecondsMax: Self.lockSecondsMax)
            held = opened
            return opened
        }
    }
}
