import Glibc

/// A lock between processes, which the system opens when the one that holds it ends, however it ends.
final class FileLock: Sendable {
    private let file: Int32

    /// Adopts a file that is open.
    private init(file: Int32) { self.file = file }

    /// How often a lock that somebody holds is tried again, in microseconds.
    private static let pause: UInt32 = 5_000

    /// - Parameters:
    ///   - isShared: whether others may hold it too who share it.
    ///   - patience: how long to wait for it: a process that was stopped holds it for as long as nobody lets it go on.
    /// - Returns: nil where somebody else holds it all that time.
    static func take(
        _ path: String, isShared: Bool = false, within patience: Duration = .zero
    ) throws(StoreError) -> FileLock? {
        let file = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw StoreError(failedTo: "open", path) }
        let lock = FileLock(file: file)
        let end = ContinuousClock.now + patience
        while flock(file, (isShared ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            guard errno == EWOULDBLOCK else { throw StoreError(failedTo: "lock", path) }
            guard ContinuousClock.now < end else { return nil }
            usleep(pause)
        }
        return lock
    }

    deinit { Glibc.close(file) }
}
