import Documents
import ModelService
import Regression
import Specification
import Threading

/// Observations in one SQLite file, the embedded default.
///
/// Every transaction is on the disk when `record` returns (write-ahead log, `synchronous = FULL`), and readers do not
/// wait for writers. Other processes may use the same file.
final class SQLiteStore: Store {
    private let specification: ModelSpecification
    private let documents: ObservationReader
    private let access: SQLiteAccess
    private let writes: WriteQueue<SQLiteRowWriter.Write, Result<Recorded, StoreError>>

    /// How many rows of several writers one transaction takes, so that none waits long for the others.
    private static let transactionRowsMax = 5000

    /// - Throws: what is refused, such as a folder. A file that is damaged or merely unavailable is opened later.
    init(path: String, specification: ModelSpecification, log: @escaping @Sendable (String) -> Void) throws(StoreError)
    {
        self.specification = specification
        documents = ObservationReader(specification)
        let writer = SQLiteRowWriter(access: SQLiteAccess(path: path, log: log), specification: specification)
        access = writer.access
        writes = WriteQueue(batchMax: Self.transactionRowsMax) { writer.write($0) }
        do {
            try access.attempt("opening a table") { _, _ in }
        } catch let error where error.kind == .unavailable {
            // Every call tries it again, and says so.
        }
    }

    func record(_ rows: [Observation]) throws(StoreError) -> Recorded {
        guard !rows.isEmpty else { return Recorded([]) }
        let write = SQLiteRowWriter.Write(rows: rows, deadline: .now + .seconds(SQLiteAccess.lockSecondsMax))
        return try writes.answer(to: write, size: rows.count).get()
    }

    func newest(_ count: Int) throws(StoreError) -> [Observation] {
        guard count > 0 else { return [] }
        return try access.attempt("reading the newest \(count) rows") { file, _ in
            try file.read { connection in try rows(of: SQLiteSchema.newest, [.integer(Int64(count))], in: connection) }
        }
    }

    func newestColumns(
        _ count: Int, _ specification: ModelSpecification
    ) throws(StoreError) -> ObservedColumns {
        guard count > 0 else { return ObservedColumns.Builder(specification).columns() }
        return try access.attempt("reading the newest \(count) rows") { file, _ in
            guard count <= RowCache.rowsMax, let version = file.versionOfOthers else {
                return try file.read { connection in try newest(count, from: connection) }.columns()
            }
            let cache = try cache(of: count, in: file, version)
            file.rowCache.withLock { $0 = cache }
            return cache.newest(count).columns()
        }
    }

    /// - Parameter version: of what other processes wrote, looked at before the rows are read: what they write later makes
    ///   the cache useless.
    private func cache(of count: Int, in file: SQLiteFile, _ version: Int64) throws -> RowCache {
        let known = file.rowCache.withLock { $0.take() }
        return try file.read { connection in
            let end = try connection.integer(SQLiteSchema.end) ?? 0
            if var known, let start = known.start(of: count, end: end, version: version) {
                try known.add(upTo: end) { columns in
                    try read(SQLiteSchema.added, [.integer(start)], from: connection, into: &columns)
                }
                return known
            }
            return RowCache(try newest(count, from: connection), countMax: count, end: end, version: version)
        }
    }

    private func newest(_ count: Int, from connection: SQLiteConnection) throws -> ObservedColumns.Builder {
        var columns = ObservedColumns.Builder(specification)
        let span = try connection.integer(SQLiteSchema.sequenceSpan)
        columns.reserveCapacity(min(count, span.map { Int($0) + 1 } ?? 0))
        guard let span, span >= count else {
            // All of them. In the order of the file none has to be looked for, and mostly that is the order of their times.
            try read(SQLiteSchema.inFileOrder, [], from: connection, into: &columns)
            columns.sort()
            return columns
        }
        let last = try connection.rows(SQLiteSchema.lastOfNewest, [.integer(Int64(count - 1))]) { row in
            (time: row.integer(0), identity: row.text(1) ?? "")
        }
        let (sql, values): (String, [SQLiteValue]) =
            switch last.first {
            case nil: (SQLiteSchema.oldestFirst, [])
            case (nil, let identity)?: (SQLiteSchema.oldestFirstFromUndated, [.text(identity)])
            case (let time?, let identity)?: (SQLiteSchema.oldestFirstFrom, [.integer(time), .text(identity)])
            }
        try read(sql, values, from: connection, into: &columns)
        return columns
    }

    private func read(
        _ sql: String, _ values: [SQLiteValue], from connection: SQLiteConnection,
        into columns: inout ObservedColumns.Builder
    ) throws {
        var reader = SQLiteRowReader(specification, documents: documents, connection)
        try connection.withStatement(sql) { statement in
            try statement.bind(values)
            var pieces = Piecework(steps: 32)
            while try statement.step() {
                try reader.read(statement, into: &columns)
                pieces.step()
            }
        }
    }

    func newest(_ count: Int, before time: Timestamp) throws(StoreError) -> [Observation] {
        guard count > 0 else { return [] }
        return try access.attempt("reading \(count) rows before a time") { file, _ in
            try file.read { connection in
                try rows(
                    of: SQLiteSchema.newestBefore, [.integer(time.milliseconds), .integer(Int64(count))], in: connection
                )
            }
        }
    }

    func newestOfEachLevel(_ count: Int, within bounds: RowBounds) throws(StoreError) -> [Observation] {
        guard count > 0 else { return [] }
        return try access.attempt("reading the newest \(count) rows of each level") { file, _ in
            try file.read { connection in
                try connection.withStatement(SQLiteSchema.levels) { levels in
                    var (rows, number): ([Observation], Int) = ([], 0)
                    while !bounds.isExceeded(rows: rows.count, levels: number), try levels.step() {
                        rows += try self.rows(
                            of: SQLiteSchema.newestOfLevel, [.text(levels.text(0) ?? ""), .integer(Int64(count))],
                            in: connection)
                        number += 1
                    }
                    return rows
                }
            }
        }
    }

    private func rows(
        of sql: String, _ values: [SQLiteValue], in connection: SQLiteConnection
    ) throws -> [Observation] {
        var reader = SQLiteRowReader(specification, documents: documents, connection)
        return try connection.rows(sql, values) { try reader.read($0) }
    }

    func check() throws(StoreError) {
        try access.attempt("looking into a table") { file, _ in
            _ = try file.read { connection in try connection.integer(SQLiteSchema.check) }
        }
    }

    func close() { access.close() }
}

// MARK: - Places

extension SQLiteStore {
    /// By insertion, whatever the time.
    func end(notAfter latest: Timestamp?) throws(StoreError) -> StorePlace {
        try access.attempt("looking for the last row") { file, _ in
            try file.read { connection in try end(in: connection) }
        }
    }

    func rows(
        after place: StorePlace, notAfter latest: Timestamp?, limit: Int
    ) throws(StoreError) -> StorePage {
        try access.attempt("reading up to \(limit) rows behind a place") { file, _ in
            try file.read { connection in
                guard case .sequence(let start) = place else {
                    return StorePage(rows: [], end: try end(in: connection), isFull: false)
                }
                return try page(after: start, limit: limit, in: connection)
            }
        }
    }

    private func page(after start: Int64, limit: Int, in connection: SQLiteConnection) throws -> StorePage {
        var reader = SQLiteRowReader(specification, documents: documents, connection)
        var last = start
        let rows = try connection.rows(
            SQLiteSchema.following, [.integer(start), .integer(Int64(max(0, limit)))]
        ) { row in
            last = row.integer(0) ?? last
            return try reader.read(row)
        }
        // The file may have been replaced by one with fewer rows.
        let end = rows.isEmpty ? try end(in: connection) : .sequence(last)
        return StorePage(rows: rows, end: end, isFull: rows.count == limit)
    }

    private func end(in connection: SQLiteConnection) throws -> StorePlace {
        .sequence(try connection.integer(SQLiteSchema.end) ?? 0)
    }
}
