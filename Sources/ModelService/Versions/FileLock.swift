import Glibc

/// A lock between processes, which the system opens when the one that holds it ends, however it ends.
final class FileLock: Sendable {
    private let file: OpenFile

    private init(file: OpenFile) { self.file = file }

    /// How often a lock that somebody holds is tried again, in microseconds.
    private static let pause: UInt32 = 5_000

    /// - Parameter patience: how long to wait for it: a process that was stopped holds it for as long as nobody lets it
    ///   go on.
    /// - Returns: nil where somebody else holds it all that time.
    static func take(_ path: String, within patience: Duration = .zero) throws(StoreError) -> FileLock? {
        let file = try OpenFile(path)
        let end = ContinuousClock.now + patience
        while try !file.lock() {
            guard ContinuousClock.now < end else { return nil }
            usleep(pause)
        }
        return FileLock(file: file)
    }
}
