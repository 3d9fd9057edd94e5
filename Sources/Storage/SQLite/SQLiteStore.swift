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

    func record(_ rows: [Observation]) throws(StoreError) -> Int {
        guard !rows.isEmpty else { return 0 }
        return try attempt("recording \(rows.count) rows") { pool, deadline in
            try pool.writeWithoutTransaction { db in
                lockWait.end(at: deadline)
                var written = 0
                try db.inTransaction(.immediate) {
                    written = try insert(rows, into: db)
                    return .commit
                }
                return written
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
        while let text = try documents.next() {
            rows.append(reader.read((try? JSON(parsing: text)) ?? .null))
        }
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

    private func insert(_ rows: [Observation], into db: Database) throws -> Int {
        let statement = try db.cachedStatement(sql: SQLiteSchema.insert)
        var written = 0
        for row in rows {
            try statement.execute(arguments: [
                row.identity, row.timestamp?.milliseconds, row.level, row.document(specification).compact,
            ])
            written += db.changesCount
        }
        return written
    }
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
