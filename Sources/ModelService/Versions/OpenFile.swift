import Glibc

/// A file that is open until nobody needs it any more. All that goes wrong is told with its path.
final class OpenFile: Sendable {
    let path: String
    private let descriptor: Int32

    /// - Parameter makes: whether it is made where it is missing.
    init(_ path: String, writes: Bool = true, makes: Bool = true) throws(StoreError) {
        self.path = path
        descriptor = unsafe open(path, (writes ? O_RDWR : O_RDONLY) | (makes ? O_CREAT : 0) | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw StoreError(failedTo: "open", path) }
    }

    /// A lock would outlive its file in a process that was begun just now and has a copy of it, until its own program runs.
    deinit {
        flock(descriptor, LOCK_UN)
        Glibc.close(descriptor)
    }

    var status: stat {
        get throws(StoreError) {
            var status = stat()
            guard unsafe fstat(descriptor, &status) == 0 else { throw StoreError(failedTo: "look at", path) }
            return status
        }
    }

    /// - Returns: false where another process, or another opening of this one, holds the lock.
    func lock() throws(StoreError) -> Bool {
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            guard errno == EWOULDBLOCK else { throw StoreError(failedTo: "lock", path) }
            return false
        }
        return true
    }

    /// Fewer bytes than asked for where the file ends.
    func read(at offset: Int = 0, count: Int) throws(StoreError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let read = unsafe bytes.withUnsafeMutableBytes { room in
                unsafe pread(
                    descriptor, room.baseAddress?.advanced(by: filled), count - filled, off_t(offset + filled))
            }
            if read < 0 && errno == EINTR { continue }
            guard read >= 0 else { throw StoreError(failedTo: "read", path) }
            if read == 0 { break }
            filled += read
        }
        return filled < count ? Array(bytes.prefix(filled)) : bytes
    }

    func write(_ bytes: [UInt8], at offset: Int = 0) throws(StoreError) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { bytes in
                unsafe pwrite(
                    descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written,
                    off_t(offset + written))
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw StoreError(failedTo: "write", path) }
            written += count
        }
    }

    func truncate(to count: Int) throws(StoreError) {
        guard ftruncate(descriptor, off_t(count)) == 0 else { throw StoreError(failedTo: "shorten", path) }
    }

    /// What is needed to read the contents again, the size too, and not the time of the change: of a file that is written over,
    /// that is one write less.
    func syncContents() throws(StoreError) {
        guard fdatasync(descriptor) == 0 else { throw StoreError(failedTo: "sync", path) }
    }

    func sync() throws(StoreError) {
        guard fsync(descriptor) == 0 else { throw StoreError(failedTo: "sync", path) }
    }
}

extension StoreError {
    /// What stood in the way of a file, and which. A disk that is full, or cannot be written, may be used again later.
    init(failedTo action: String, _ path: String, _ code: Int32 = errno) {
        self.init(.unavailable, "cannot \(action) \(path): \(unsafe String(cString: strerror(code)))")
    }
}
