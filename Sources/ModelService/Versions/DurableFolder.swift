import FoundationEssentials
import Glibc

/// Files in one folder that are there whole or not at all, and still are after a power cut.
struct DurableFolder: Sendable {
    let path: String

    func make() throws(StoreError) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw StoreError(.refused, "cannot make the folder \(path): \(error)")
        }
    }

    /// Temporary file, sync, rename, sync of the folder: the name never stands for half a file.
    func write(_ bytes: [UInt8], name: String) throws(StoreError) {
        let temporary = "\(path)/.\(name).\(getpid()).partial"
        let file = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw StoreError(failedTo: "write", temporary) }
        do throws(StoreError) {
            try write(bytes, to: file, named: temporary)
            guard fsync(file) == 0 else { throw StoreError(failedTo: "sync", temporary) }
        } catch {
            Glibc.close(file)
            unsafe unlink(temporary)
            throw error
        }
        Glibc.close(file)
        guard unsafe rename(temporary, "\(path)/\(name)") == 0 else {
            defer { unsafe unlink(temporary) }
            throw StoreError(failedTo: "rename \(temporary) to", name)
        }
        try sync()
    }

    func remove(_ name: String) throws(StoreError) {
        guard unsafe unlink("\(path)/\(name)") == 0 || errno == ENOENT else {
            throw StoreError(failedTo: "remove", "\(path)/\(name)")
        }
    }

    private func write(_ bytes: [UInt8], to file: Int32, named name: String) throws(StoreError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = unsafe rest.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { throw StoreError(failedTo: "write", name) }
            rest = rest.dropFirst(written)
        }
    }

    private func sync() throws(StoreError) {
        let folder = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw StoreError(failedTo: "open", path) }
        defer { Glibc.close(folder) }
        guard fsync(folder) == 0 else { throw StoreError(failedTo: "sync", path) }
    }
}

/// A lock between processes, which the system opens when the one that holds it ends, however it ends.
final class FileLock: Sendable {
    private let file: Int32

    private init(file: Int32) { self.file = file }

    /// Nil where somebody else holds it and `waits` is false.
    static func take(_ path: String, waits: Bool) throws(StoreError) -> FileLock? {
        let file = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw StoreError(failedTo: "open", path) }
        let lock = FileLock(file: file)
        while flock(file, LOCK_EX | (waits ? 0 : LOCK_NB)) != 0 {
            if errno == EINTR { continue }
            guard errno == EWOULDBLOCK else { throw StoreError(failedTo: "lock", path) }
            return nil
        }
        return lock
    }

    deinit { Glibc.close(file) }
}

extension StoreError {
    /// What stood in the way of a file, and which.
    init(failedTo action: String, _ path: String, _ code: Int32 = errno) {
        self.init(.refused, "cannot \(action) \(path): \(unsafe String(cString: strerror(code)))")
    }
}
