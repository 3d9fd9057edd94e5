import CSQLite

/// What SQLite answered where it did not do what it was asked.
struct SQLiteFailure: Error, Equatable {
    /// SQLite's extended result code.
    let code: Int32
    let message: String

    /// The code without what extends it.
    var primaryCode: Int32 { code & 0xFF }
}

/// A connection to one database file, with the statements that it has prepared.
///
/// Unchecked, because SQLite lets any thread use a connection that was opened with `SQLITE_OPEN_NOMUTEX`, one at a time.
/// `SQLiteFile` lends each connection to one thread at a time. `interrupt` alone may be called beside it.
@safe final class SQLiteConnection: @unchecked Sendable {
    enum Access {
        case reading
        /// Makes the file where it is missing.
        case writing
    }

    /// SQLite asks it where another connection holds a lock; `attempt` counts from 0. False gives up.
    typealias BusyHandler = @Sendable (_ attempt: Int) -> Bool

    private let handle: OpaquePointer
    private let busyHandler: BusyHandlerBox
    private var statements: [String: SQLiteStatement] = [:]

    /// Nobody asks how much memory SQLite takes, and to count it takes a lock for each block.
    private static let countsNoMemory: Void = { _ = tare_sqlite_count_no_memory() }()

    init(path: String, _ access: Access, whenBusy busyHandler: @escaping BusyHandler = { _ in false }) throws {
        let mode = access == .reading ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        Self.countsNoMemory
        var handle: OpaquePointer?
        let code = unsafe sqlite3_open_v2(path, &handle, mode | SQLITE_OPEN_NOMUTEX, nil)
        guard let handle = unsafe handle else { throw SQLiteFailure(code: code, message: "out of memory") }
        guard code == SQLITE_OK else {
            let failure = unsafe SQLiteFailure(of: handle)
            unsafe sqlite3_close_v2(handle)
            throw failure
        }
        unsafe self.handle = handle
        self.busyHandler = BusyHandlerBox(busyHandler)
        unsafe sqlite3_extended_result_codes(handle, 1)
        // The box lives as long as the connection does.
        unsafe sqlite3_busy_handler(handle, onBusy, Unmanaged.passUnretained(self.busyHandler).toOpaque())
    }

    deinit {
        // They must go before the connection, which would otherwise stay open.
        statements = [:]
        unsafe sqlite3_close_v2(handle)
    }

    /// Runs statements that have no parameters and whose rows do not matter.
    func execute(_ sql: String) throws {
        guard unsafe sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else {
            throw unsafe SQLiteFailure(of: handle)
        }
    }

    /// Lends the statement of a text, which is prepared once.
    func withStatement<Result>(_ sql: String, _ body: (SQLiteStatement) throws -> Result) throws -> Result {
        let statement: SQLiteStatement
        if let known = statements[sql] {
            statement = known
        } else {
            statement = try unsafe SQLiteStatement(sql, on: handle)
            statements[sql] = statement
        }
        // A statement that is not at its end holds the file as it was when it began.
        defer { statement.reset() }
        return try body(statement)
    }

    /// The same of two.
    func withStatements<Result>(
        _ first: String, _ second: String, _ body: (SQLiteStatement, SQLiteStatement) throws -> Result
    ) throws -> Result {
        try withStatement(first) { first in try withStatement(second) { try body(first, $0) } }
    }

    /// What `body` makes of the rows of a query.
    func rows<Row>(
        _ sql: String, _ values: [SQLiteValue] = [], _ body: (SQLiteStatement) throws -> Row
    ) throws -> [Row] {
        try withStatement(sql) { statement in
            try statement.bind(values)
            var rows: [Row] = []
            while try statement.step() { rows.append(try body(statement)) }
            return rows
        }
    }

    /// The first column of the first row; nil where there is no row, or NULL.
    func integer(_ sql: String, _ values: [SQLiteValue] = []) throws -> Int64? {
        try rows(sql, values) { $0.integer(0) }.first ?? nil
    }

    /// The first column of the first row; nil where there is no row, or NULL.
    func text(_ sql: String, _ values: [SQLiteValue] = []) throws -> String? {
        try rows(sql, values) { $0.text(0) }.first ?? nil
    }

    /// Runs `body` between the two, or takes back what it did.
    /// - Parameter begin: `BEGIN IMMEDIATE` to write; `BEGIN` to see the file as it is when `body` first reads.
    func inTransaction<Result>(_ begin: String, _ body: () throws -> Result) throws -> Result {
        try execute(begin)
        do {
            let result = try body()
            try execute("COMMIT")
            return result
        } catch {
            // Some failures have ended it already.
            if unsafe sqlite3_get_autocommit(handle) == 0 { try? execute("ROLLBACK") }
            throw error
        }
    }

    /// The numbers of the rows that the last statement inserted, one after the other; nil where it inserted none.
    var addedRows: ClosedRange<Int64>? {
        let count = unsafe sqlite3_changes64(handle)
        return count > 0 ? lastInsertedRow - count + 1...lastInsertedRow : nil
    }

    var lastInsertedRow: Int64 { unsafe sqlite3_last_insert_rowid(handle) }

    /// Whether the log stays under its name when the last connection is closed.
    func keepLog() {
        var keeps: CInt = 1
        unsafe sqlite3_file_control(handle, nil, SQLITE_FCNTL_PERSIST_WAL, &keeps)
    }

    /// Ends what runs, from any thread.
    func interrupt() { unsafe sqlite3_interrupt(handle) }
}

/// So that C has an address to give back.
private final class BusyHandlerBox: Sendable {
    let handler: SQLiteConnection.BusyHandler

    init(_ handler: @escaping SQLiteConnection.BusyHandler) { self.handler = handler }
}

private func onBusy(_ context: UnsafeMutableRawPointer?, _ attempt: CInt) -> CInt {
    guard let context = unsafe context else { return 0 }
    let box = unsafe Unmanaged<BusyHandlerBox>.fromOpaque(context).takeUnretainedValue()
    return box.handler(Int(attempt)) ? 1 : 0
}

extension SQLiteFailure {
    /// What the connection says of its last call.
    init(of connection: OpaquePointer?) {
        let text = unsafe sqlite3_errmsg(connection)
        self.init(
            code: unsafe sqlite3_extended_errcode(connection),
            message: unsafe text.map { unsafe String(cString: $0) } ?? "no reason given")
    }
}
