import CSQLite
import Dispatch
import Threading

/// Reads a database file from end to end, beside all else that is done with it.
///
/// Over a connection of its own that cannot write: one that could write would, if it were the last to be closed, remove
/// the log under the file's name, which may be another file's by then.
final class SQLiteCheck: Sendable {
    private let queue = DispatchQueue(label: "tare.sqlite.check", qos: .utility)
    private let running = Lock<SQLiteConnection?>(nil)

    /// - Parameter found: is told what is wrong, if anything is.
    func begin(_ path: String, found: @escaping @Sendable (String) -> Void) {
        queue.async { [self] in
            guard let database = try? Self.open(path) else { return }
            running.withLock { $0 = database }
            defer { running.withLock { $0 = nil } }
            if let finding = try? Self.finding(in: database) { found(finding) }
        }
    }

    /// Ends what runs.
    func end() {
        running.withLock { $0 }?.interrupt()
        queue.sync {}
    }

    static func open(_ path: String) throws -> SQLiteConnection { try SQLiteConnection(path: path, .reading) }

    /// What is wrong with the file, or nil.
    static func finding(in database: SQLiteConnection) throws -> String? {
        do {
            let finding = try database.text("PRAGMA quick_check(1)")
            return finding == "ok" ? nil : finding?.split(whereSeparator: \.isNewline).joined(separator: " ")
        } catch let error as SQLiteFailure where [SQLITE_CORRUPT, SQLITE_NOTADB].contains(error.primaryCode) {
            return error.message
        }
    }
}
