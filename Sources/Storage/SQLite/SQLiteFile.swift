import GRDB
import GRDBSQLite
import Glibc
import ModelService

/// The database file as it was opened.
struct SQLiteFile {
    let pool: DatabasePool
    private let path: String
    private let opened: FileIdentity?

    /// Opens the file, makes it, its folder and its tables where they are missing.
    init(path: String, lockWait: LockWait, lockSecondsMax: Double) throws {
        try Folder.make(DurableFolder.parent(of: path))
        // SQLite would say that it is unable to open it, as of a file that is merely out of reach.
        if Folder.exists(path) { throw DatabaseError(resultCode: .SQLITE_CANTOPEN_ISDIR, message: "it is a folder") }
        var configuration = Configuration()
        configuration.label = "observations"
        configuration.busyMode = .callback { attempt in lockWait.goesOn(attempt: attempt) }
        configuration.prepareDatabase { db in
            // The last connection that is closed would remove the log by its name, although another file may have that name
            // by then, with a log of its own.
            var keeps: CInt = 1
            unsafe sqlite3_file_control(db.sqliteConnection, nil, SQLITE_FCNTL_PERSIST_WAL, &keeps)
            // GRDB lets readers wait 10 s; they wait for nothing but another process that recovers the log.
            guard db.configuration.readonly else { return }
            try db.execute(sql: "PRAGMA busy_timeout = \(Int(lockSecondsMax * 1000))")
        }
        pool = try DatabasePool(path: path, configuration: configuration)
        // GRDB chooses NORMAL, under which a power cut takes the last transactions although they were answered.
        try pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
        try SQLiteSchema.migrate(pool)
        self.path = path
        opened = FileIdentity(of: path)
    }

    /// Leaves everything in the one file, unless another process is busy with it. SQLite does so itself when the last
    /// connection that may write closes last, but a pool closes its readers last.
    func close() throws {
        _ = try? pool.writeWithoutTransaction { db in try db.checkpoint(.truncate) }
        try pool.close()
    }

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
