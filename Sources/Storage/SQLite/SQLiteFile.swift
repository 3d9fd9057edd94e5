import CSQLite
import Glibc
import ModelService
import Threading

/// The database file as it was opened: one connection that writes, and some that read.
final class SQLiteFile: Sendable {
    private let path: String
    private let lockSecondsMax: Double
    private let opened: FileIdentity?
    /// Nil once it is closed.
    private let writer: Lock<SQLiteConnection?>
    /// Those that nobody uses; nil once the file is closed.
    private let readers: Lock<[SQLiteConnection]?>
    /// What the last training read; nil where it is of no use for the next.
    let rowCache = Lock<RowCache?>(nil)

    /// How many connections that nobody uses stay open: each has memory for pages.
    private static let idleReadersMax = 4

    /// Opens the file, makes it, its folder and its tables where they are missing.
    init(path: String, lockWait: LockWait, lockSecondsMax: Double) throws {
        try Folder.make(Folder.parent(of: path))
        // SQLite would say that it is unable to open it, as of a file that is merely out of reach.
        if Folder.exists(path) { throw SQLiteFailure(code: SQLite.cannotOpenFolder, message: "it is a folder") }
        let writer = try SQLiteConnection(path: path, .writing) { lockWait.goesOn(attempt: $0) }
        // The last connection that is closed would remove the log by its name, although another file may have that name
        // by then, with a log of its own.
        writer.keepLog()
        // Synced with every transaction: under NORMAL a power cut takes the last ones although they were answered.
        try writer.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
        try SQLiteSchema.migrate(writer)
        self.path = path
        self.lockSecondsMax = lockSecondsMax
        opened = FileIdentity(of: path)
        self.writer = Lock(writer)
        readers = Lock([])
    }

    /// Runs `body` in a transaction that is on the disk when this returns, and in which nobody else writes.
    /// - Parameter begin: is called once it is this caller's turn.
    func write<Result: Sendable>(
        _ begin: () -> Void, _ body: (SQLiteConnection) throws -> Result
    ) throws -> Result {
        try withWriter { connection in
            begin()
            return try connection.inTransaction("BEGIN IMMEDIATE") { try body(connection) }
        }
    }

    /// Lends the connection that writes.
    func withWriter<Result: Sendable>(_ body: (SQLiteConnection) throws -> Result) throws -> Result {
        try writer.withLock { connection in
            guard let connection else { throw Self.closed }
            return try body(connection)
        }
    }

    /// Another one as soon as another process has written to the file; nil where it cannot be told without waiting.
    var versionOfOthers: Int64? {
        // Of its own writes the connection does not count any.
        writer.withLockIfFree { try? $0?.integer("PRAGMA data_version") } ?? nil
    }

    /// Runs `body` on the file as it is at one moment, beside whoever writes.
    func read<Result>(_ body: (SQLiteConnection) throws -> Result) throws -> Result {
        let connection = try reader()
        defer {
            readers.withLock { if let idle = $0, idle.count < Self.idleReadersMax { $0?.append(connection) } }
        }
        return try connection.inTransaction("BEGIN") { try body(connection) }
    }

    private func reader() throws -> SQLiteConnection {
        let (isOpen, idle) = readers.withLock { ($0 != nil, $0?.popLast()) }
        guard isOpen else { throw Self.closed }
        if let idle { return idle }
        let connection = try SQLiteConnection(path: path, .reading)
        connection.keepLog()
        // A reader waits for nothing but another process that recovers the log.
        try connection.execute("PRAGMA busy_timeout = \(Int(lockSecondsMax * 1000))")
        return connection
    }

    /// Leaves everything in the one file, unless another process is busy with it.
    func close() {
        readers.withLock { $0 = nil }
        writer.withLock { connection in
            try? connection?.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection = nil
        }
    }

    /// Whoever came to the file before it was closed tries again, and comes to the one that is opened next.
    private static let closed = SQLiteFailure(code: SQLITE_ABORT, message: "the file was closed meanwhile")

    /// Whether the path still leads to this file. Without a look nobody would notice: a file that was removed or
    /// replaced can be written to as long as it is open, and what was written is then lost.
    var isInPlace: Bool { opened != nil && FileIdentity(of: path)?.place == opened?.place }
}

/// What tells one file from another under the same name.
struct FileIdentity: Equatable {
    struct Place: Equatable {
        let device: dev_t
        let inode: ino_t
    }

    let place: Place
    /// A file may also be written over.
    private let size: off_t
    private let seconds: Int
    private let nanoseconds: Int

    init?(of path: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        place = Place(device: status.st_dev, inode: status.st_ino)
        size = status.st_size
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
    }
}
