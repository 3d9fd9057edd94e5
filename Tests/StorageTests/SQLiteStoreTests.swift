import CSQLite
import Dispatch
import Documents
import Foundation
import ModelService
import Specification
import Testing
import Threading

@testable import Storage

/// What only a file can get wrong: locks, disks, folders, and other files in its place.
@Suite struct SQLiteStoreTests {
    private func open(_ file: URL, log: @escaping @Sendable (String) -> Void = { _ in }) throws -> any Store {
        try openStore(.sqlite(path: file.path), specification: Sample.fish, log: log)
    }

    /// Another connection, as another process would have it.
    private func connect(_ file: URL) throws -> SQLiteConnection { try SQLiteConnection(path: file.path, .writing) }

    /// What SQLite does for a statement, step by step.
    private func plan(_ sql: String, _ values: [SQLiteValue], in file: URL) throws -> [String] {
        try connect(file).rows("EXPLAIN QUERY PLAN \(sql)", values) { $0.text(3) ?? "" }
    }

    @Test(
        "the newest rows are read in the order of the index, without a sort",
        arguments: [
            (SQLiteSchema.newest, [50], "SCAN observation USING INDEX observation_newest"),
            (
                SQLiteSchema.newestBefore, [1_623_245_967_971, 50],
                "SEARCH observation USING INDEX observation_newest (timestamp<?)"
            ),
        ])
    func plan(sql: String, arguments: [Int64], expected: String) throws {
        try withTemporaryFolder { folder throws in
            let file = folder.appending(path: "rows.sqlite")
            let store = try open(file)
            defer { store.close() }
            #expect(try store.record(Sample.rows(0..<1000)).newCount == 1000)
            #expect(try plan(sql, arguments.map { .integer($0) }, in: file) == [expected])
        }
    }

    @Test(
        "rows are one by time and identity, in new files and in those of the version before", arguments: [false, true])
    func oneOfEach(isEarlier: Bool) throws {
        try withTemporaryFolder { folder throws in
            let file = folder.appending(path: "rows.sqlite")
            if isEarlier { _ = try SQLiteConnection.earlier(file, migrations: SQLiteSchema.migrations.count) }
            let store = try open(file)
            defer { store.close() }
            var (undated, other, later) = (Sample.row(1), Sample.row(2), Sample.row(3))
            undated.timestamp = nil
            other.timestamp = nil
            later.actual = 99
            #expect(try store.record(Sample.rows([1, 2, 1]) + [undated, other, undated]).newCount == 4)
            #expect(try store.record([undated, Sample.row(2), Sample.row(3)]).rows == [.repeated, .repeated, .new])
            #expect(try store.record([later]).rows == [.conflicting(kept: Sample.row(3))])
            #expect(try store.newest(9).count == 5)
            let found = try plan(SQLiteSchema.kept, [.integer(0), .text("")], in: file)
            #expect(found.count == 1 && found.allSatisfy { $0.hasPrefix("SEARCH observation USING INDEX") })
        }
    }

    @Test(
        "a new file has one index of each row's time and identity, and one of an earlier version keeps its two",
        arguments: [
            (false, ["observation_level", "observation_newest", "observation_undated"]),
            (true, ["observation_level", "observation_newest", "sqlite_autoindex_observation_1"]),
        ])
    func indexes(isEarlier: Bool, expected: [String]) throws {
        try withTemporaryFolder { folder throws in
            let file = folder.appending(path: "rows.sqlite")
            if isEarlier { _ = try SQLiteConnection.earlier(file, migrations: 1) }
            try open(file).close()
            try open(file).close()
            let names = "SELECT name FROM sqlite_schema WHERE tbl_name = 'observation' AND type = 'index' ORDER BY name"
            #expect(try connect(file).rows(names) { $0.text(0) ?? "" } == expected)
        }
    }

    @Test("the levels and their newest rows are found by steps in the index, without a scan or a sort")
    func planByLevel() throws {
        try withTemporaryFolder { folder throws in
            let file = folder.appending(path: "rows.sqlite")
            let store = try open(file)
            defer { store.close() }
            #expect(try store.record(Sample.rows(0..<1000)).newCount == 1000)
            let plans =
                try plan(SQLiteSchema.newestOfLevel, ["salmon", 50], in: file)
                + plan(SQLiteSchema.levels, [], in: file)
            let details = plans.filter { $0.contains("observation") }
            #expect(details.count == 3)
            #expect(details.allSatisfy { $0.hasPrefix("SEARCH observation USING") && $0.contains("observation_level") })
        }
    }

    @Test("what is answered as written is on the disk: the log is synced with every transaction")
    func synchronous() throws {
        try withTemporaryFolder { folder throws in
            let wait = LockWait()
            let file = try SQLiteFile(
                path: folder.appending(path: "rows.sqlite").path, lockWait: wait, lockSecondsMax: 1)
            defer { file.close() }
            try file.withWriter { connection throws in
                #expect(try connection.integer("PRAGMA synchronous") == 2)
                #expect(try connection.text("PRAGMA journal_mode") == "wal")
            }
        }
    }

    @Test("missing folders are made")
    func folders() throws {
        try withTemporaryFolder { folder throws in
            let store = try open(folder.appending(path: "a/b/c/rows.sqlite"))
            defer { store.close() }
            #expect(try store.record(Sample.rows([1])).newCount == 1)
        }
    }

    @Test("eight processes may make the same database at once")
    func openedAtOnce() throws {
        try withTemporaryFolder { folder throws in
            let file = folder.appending(path: "rows.sqlite")
            let outcomes = Lock<[Result<Int, any Error>]>([])
            DispatchQueue.concurrentPerform(iterations: 8) { number in
                let outcome = Result {
                    let store = try open(file)
                    defer { store.close() }
                    return try store.record(Sample.rows([number])).newCount
                }
                outcomes.withLock { $0.append(outcome) }
            }
            #expect(try outcomes.withLock { try $0.map { try $0.get() } } == Array(repeating: 1, count: 8))
        }
    }

    @Test("a folder is refused when it is opened, with the path and the reason")
    func isFolder() throws {
        try withTemporaryFolder { folder throws in
            let isFolder = #expect(throws: StoreError.self) { try open(folder) }
            #expect(isFolder?.kind == .refused)
            #expect(isFolder?.description.contains(folder.path) == true)
        }
    }

    @Test("a database of a newer version of the program is refused")
    func newer() throws {
        try withTemporaryFolder { folder throws in
            let file = folder.appending(path: "rows.sqlite")
            try open(file).close()
            try connect(file).execute("INSERT INTO grdb_migrations VALUES ('observations of the future')")
            let error = #expect(throws: StoreError.self) { try open(file) }
            #expect(error?.kind == .refused)
            #expect(error?.description.contains("newer version") == true)
        }
    }

    @Test("while another process holds the lock, rows are read but not written; then they are")
    func locked() throws {
        try withTemporaryFolder { folder throws in
            let file = folder.appending(path: "rows.sqlite")
            let store = try open(file)
            defer { store.close() }
            #expect(try store.record(Sample.rows([1])).newCount == 1)
            let other = try connect(file)
            try other.execute("BEGIN IMMEDIATE")
            // Together: they wait for the lock side by side and not one after the other.
            DispatchQueue.concurrentPerform(iterations: 4) { number in
                let error = #expect(throws: StoreError.self) { try store.record(Sample.rows([number + 2])) }
                #expect(error?.kind == .unavailable)
                #expect(error?.description.contains("database is locked") == true)
            }
            #expect(try store.newest(5) == Sample.rows([1]))
            try store.check()
            try other.execute("ROLLBACK")
            #expect(try store.record(Sample.rows([1, 2])).newCount == 1)
        }
    }

    @Test("a file that is locked when it is opened is opened later")
    func lockedAtStart() throws {
        try withTemporaryFolder { folder throws in
            let file = folder.appending(path: "rows.sqlite")
            try open(file).close()
            var other: SQLiteConnection? = try connect(file)
            try other?.execute("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE t (c)")
            let store = try open(file)
            defer { store.close() }
            let error = #expect(throws: StoreError.self) { try store.newest(1) }
            #expect(error?.kind == .unavailable)
            try other?.execute("ROLLBACK")
            other = nil
            #expect(try store.record(Sample.rows([1])).newCount == 1)
        }
    }

    @Test("a file that was removed while it was open is made anew, and so is its folder")
    func removed() throws {
        try withTemporaryFolder { folder throws in
            let inner = folder.appending(path: "inner")
            let lines = Lock<[String]>([])
            let store = try open(inner.appending(path: "rows.sqlite")) { line in lines.withLock { $0.append(line) } }
            defer { store.close() }
            #expect(try store.record(Sample.rows([1, 2])).newCount == 2)
            try FileManager.default.removeItem(at: inner)
            #expect(try store.newest(5).isEmpty)
            #expect(try store.record(Sample.rows([1])).newCount == 1)
            #expect(try store.newest(5) == Sample.rows([1]))
            #expect(lines.withLock { $0.count } == 1)
        }
    }

    @Test("a file that was replaced while it was open is read, not the one that it replaced")
    func replaced() throws {
        try withTemporaryFolder { folder throws in
            let (file, other) = (folder.appending(path: "rows.sqlite"), folder.appending(path: "other.sqlite"))
            let backup = try open(other)
            #expect(try backup.record(Sample.rows([7])).newCount == 1)
            backup.close()
            let store = try open(file)
            defer { store.close() }
            #expect(try store.record(Sample.rows([1])).newCount == 1)
            for suffix in ["", "-wal", "-shm"] {
                try? FileManager.default.removeItem(atPath: file.path + suffix)
            }
            try FileManager.default.moveItem(at: other, to: file)
            #expect(try store.newest(5) == Sample.rows([7]))
            #expect(try store.record(Sample.rows([1])).newCount == 1)
            #expect(try store.newest(5) == Sample.rows([7, 1]))
        }
    }

    @Test("a folder that cannot be had is unavailable, and used once it can")
    func folderInTheWay() throws {
        try withTemporaryFolder { folder throws in
            let inner = folder.appending(path: "inner")
            let store = try open(inner.appending(path: "rows.sqlite"))
            defer { store.close() }
            try FileManager.default.removeItem(at: inner)
            try Data("in the way".utf8).write(to: inner)
            let error = #expect(throws: StoreError.self) { try store.record(Sample.rows([1])) }
            #expect(error?.kind == .unavailable)
            #expect(error?.description.contains(inner.path) == true)
            try FileManager.default.removeItem(at: inner)
            #expect(try store.record(Sample.rows([1])).newCount == 1)
        }
    }

    @Test("a folder that can never be made is an error with its name, and not an endless attempt")
    func impossibleFolders() throws {
        try withTemporaryFolder { folder throws in
            let link = folder.appending(path: "link")
            try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: "nowhere/at/all")
            for path in ["/proc/x/y", "\(link.path)/inner"] {
                let error = #expect(throws: Folder.Failure.self) { try Folder.make(path) }
                #expect(error?.path.isEmpty == false && error?.code == ENOENT)
            }
        }
    }

    @Test(
        "the folder of a path is what stands before its last slash",
        arguments: [
            ("rows.sqlite", "."), ("/rows.sqlite", "/"), ("var/rows.sqlite", "var"), ("/a/b/rows.sqlite", "/a/b"),
        ])
    func parents(path: String, parent: String) {
        #expect(Folder.parent(of: path) == parent)
    }

    @Test(
        "what can pass is unavailable, what cannot is refused",
        arguments: [
            (SQLITE_BUSY, StoreError.Kind.unavailable), (SQLITE_LOCKED, .unavailable),
            (SQLITE_BUSY | 2 << 8, .unavailable), (SQLITE_FULL, .unavailable), (SQLITE_IOERR | 3 << 8, .unavailable),
            (SQLITE_CANTOPEN, .unavailable), (SQLITE_READONLY | 4 << 8, .unavailable),
            (SQLITE_NOTADB, .unavailable), (SQLITE_CORRUPT, .unavailable), (SQLITE_READONLY, .unavailable),
            (SQLite.cannotOpenFolder, .refused), (SQLITE_CONSTRAINT | 5 << 8, .refused), (SQLITE_ERROR, .refused),
        ])
    func kinds(code: Int32, kind: StoreError.Kind) {
        let error = StoreError(
            sqlite: SQLiteFailure(code: code, message: "reason"), purpose: "recording 3 rows", path: "p.sqlite")
        #expect(error.kind == kind)
        #expect(
            error.description
                == "recording 3 rows in the SQLite database p.sqlite: reason (SQLite \(code))")
    }

    @Test("a caller behind others in the queue does not wait for the lock longer than they do")
    func lockWait() {
        let wait = LockWait()
        #expect(!wait.goesOn(attempt: 0))
        wait.end(at: .now + .seconds(60))
        #expect(wait.goesOn(attempt: 0))
        wait.end(at: .now - .seconds(1))
        #expect(!wait.goesOn(attempt: 0))
    }
}
