import CSQLite
import ModelService
import Threading

/// The way to one database file, which may be away, locked, damaged or replaced at any time.
///
/// A file that is locked, or on a full disk, is tried anew by every call; one that was removed or replaced is made or
/// opened anew by the next. One that is damaged is left alone until there is another under its name: to write to it could
/// harm what can still be saved.
final class SQLiteAccess: Sendable {
    /// How long a call waits for a lock that another process holds, in seconds.
    static let lockSecondsMax = 2.0

    private struct State {
        var file: SQLiteFile?
        var damage: Damage?
    }

    /// What was found, and in which file.
    private struct Damage {
        let reason: String
        let identity: FileIdentity?
    }

    let path: String
    private let log: @Sendable (String) -> Void
    private let lockWait = LockWait()
    private let state = Lock(State())
    private let check = SQLiteCheck()

    init(path: String, log: @escaping @Sendable (String) -> Void) {
        self.path = path
        self.log = log
    }

    /// - Parameters:
    ///   - deadline: until then a lock is waited for; nil is `lockSecondsMax` from now on.
    ///   - body: is given the open database.
    func attempt<Result>(
        _ purpose: String, until deadline: ContinuousClock.Instant? = nil,
        _ body: (SQLiteFile, _ beginWriting: () -> Void) throws -> Result
    ) throws(StoreError) -> Result {
        let deadline = deadline ?? .now + .seconds(Self.lockSecondsMax)
        var used: SQLiteFile?
        do {
            let file = try current(until: deadline)
            used = file
            let result = try body(file) { lockWait.end(at: deadline) }
            guard file.isInPlace else { throw StoreError(.unavailable, "the file was removed or replaced meanwhile") }
            return result
        } catch {
            let reason = StoreError(sqlite: error, purpose: purpose, path: path)
            let code = (error as? SQLiteFailure)?.primaryCode
            if code == SQLITE_CORRUPT || code == SQLITE_NOTADB || error is DamagedRow {
                condemn(used, reason.description)
            }
            // It was opened where nothing could be written, and would stay so.
            if code == SQLITE_READONLY { drop(used) }
            throw reason
        }
    }

    func close() {
        guard let file = state.withLock({ $0.file.take() }) else { return }
        check.end()
        lockWait.end(at: .now)
        file.close()
    }

    private func current(until deadline: ContinuousClock.Instant) throws -> SQLiteFile {
        try state.withLock { state in
            if let damage = state.damage {
                guard FileIdentity(of: path) != damage.identity else { throw StoreError(.unavailable, damage.reason) }
                state.damage = nil
            }
            if let file = state.file {
                if file.isInPlace { return file }
                log("the SQLite database \(path) was removed or replaced; it is opened anew")
                state.file = nil
            }
            lockWait.end(at: deadline)
            let opened = try SQLiteFile(path: path, lockWait: lockWait, lockSecondsMax: Self.lockSecondsMax)
            state.file = opened
            // Where damage lies in pages that nobody happens to read, nobody else would notice it.
            check.begin(path) { [weak self, weak opened] finding in
                guard let self, let opened else { return }
                condemn(opened, "the SQLite database \(path) is damaged: \(finding)")
            }
            return opened
        }
    }

    private func drop(_ file: SQLiteFile?) {
        state.withLock { if $0.file === file { $0.file = nil } }
    }

    /// - Parameter file: in which it was found; nil where the file cannot even be opened.
    private func condemn(_ file: SQLiteFile?, _ reason: String) {
        state.withLock { state in
            // Meanwhile there may be another.
            guard state.damage == nil, state.file === file else { return }
            // Closing may write to the file, so what it is like is looked at afterwards.
            state.file.take()?.close()
            let advice = "'tare check --repair' sets it aside and saves the rows that are whole"
            state.damage = Damage(reason: "\(reason); \(advice)", identity: FileIdentity(of: path))
        }
    }
}

/// A row is not as it was written.
struct DamagedRow: Error {
    let sequence: Int64
}
