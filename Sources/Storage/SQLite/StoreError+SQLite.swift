import CSQLite
import Glibc
import ModelService

extension StoreError {
    /// - Parameters:
    ///   - purpose: what was tried, such as `recording 3 rows`.
    ///   - path: of the database file.
    init(sqlite error: any Error, purpose: String, path: String) {
        let (kind, reason): (Kind, String) =
            switch error {
            case let error as StoreError: (error.kind, error.description)
            case let error as SQLiteFailure: (Self.kind(of: error), "\(error.message) (SQLite \(error.code))")
            case let error as DamagedRow: (.unavailable, "the row \(error.sequence) is not as it was written")
            case let error as Folder.Failure: (Self.kind(ofSystem: error.code), Self.reason(error))
            default: (.unavailable, "\(error)")
            }
        self.init(kind, "\(purpose) in the SQLite database \(path): \(reason)")
    }

    private static func kind(of failure: SQLiteFailure) -> Kind {
        if failure.code == SQLite.cannotOpenFolder { return .refused }
        switch failure.primaryCode {
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_FULL, SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_NOMEM, SQLITE_PROTOCOL,
            SQLITE_INTERRUPT, SQLITE_ABORT:
            return .unavailable
        // Once another file is there, or the disk can be written, all is well without a restart.
        case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_READONLY, SQLITE_PERM: return .unavailable
        default: return .refused
        }
    }

    private static func kind(ofSystem code: Int32) -> Kind {
        switch code {
        case ENAMETOOLONG, ELOOP: .refused
        default: .unavailable
        }
    }

    private static func reason(_ error: Folder.Failure) -> String {
        let text = unsafe String(cString: strerror(error.code))
        return "the folder \(error.path) cannot be made: \(text)"
    }
}

/// An extended code of SQLite, which its header computes.
enum SQLite {
    static let cannotOpenFolder = SQLITE_CANTOPEN | 2 << 8
}
