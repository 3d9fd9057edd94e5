import FoundationEssentials
import Glibc

/// Files in one folder that are there whole or not at all, and still are after a power cut.
struct DurableFolder: Sendable {
    let path: String

    func make() throws(StoreError) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw StoreError(.unavailable, "cannot make the folder \(path): \(error)")
        }
    }

    /// Temporary file, sync, rename, sync of the folder: the name never stands for half a file.
    func write(_ bytes: [UInt8], name: String) throws(StoreError) {
        let temporary = "\(path)/.\(name).\(UInt64.random(in: .min ... .max))\(Self.leftoverSuffix)"
        do throws(StoreError) {
            let file = try PlainFile(temporary)
            // As long as it is locked, it is no leftover.
            try file.lock()
            try file.fill(with: bytes)
            guard unsafe rename(temporary, "\(path)/\(name)") == 0 else {
                throw StoreError(failedTo: "rename \(temporary) to", name)
            }
        } catch {
            unsafe unlink(temporary)
            throw error
        }
        try sync()
    }

    private static let leftoverSuffix = ".partial"

    /// Removes what processes that ended while they wrote have left. That such a file cannot be removed is no reason not
    /// to go on: nobody takes it for what it was to become.
    func removeLeftovers() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        for name in names where name.hasPrefix(".") && name.hasSuffix(Self.leftoverSuffix) {
            let file = "\(path)/\(name)"
            guard let lock = (try? FileLock.take(file)) ?? nil else { continue }
            unsafe unlink(file)
            extendLifetime(lock)
        }
    }

    /// The same for a file that is written again and again, by one process at a time. The old file is kept as a spare,
    /// which the next is written over: to free a file costs more than all the rest where the disk is told of free blocks
    /// (ext4 with `discard`: 1.1 of 1.3 ms).
    func replace(_ name: String, with bytes: [UInt8]) throws(StoreError) {
        let (file, spare, old) = ("\(path)/\(name)", "\(path)/.\(name).spare", "\(path)/.\(name).old")
        // A power cut may leave two names for one file, and what the name stands for is never written over.
        if let number = Self.number(of: spare), number == Self.number(of: file) { unsafe unlink(spare) }
        try PlainFile(spare).fill(with: bytes)
        unsafe unlink(old)
        let isKept = unsafe link(file, old) == 0
        guard unsafe rename(spare, file) == 0 else { throw StoreError(failedTo: "rename \(spare) to", name) }
        if isKept { unsafe rename(old, spare) }
        try sync()
    }

    private static func number(of path: String) -> ino_t? {
        var file = stat()
        return unsafe stat(path, &file) == 0 ? file.st_ino : nil
    }

    func remove(_ name: String) throws(StoreError) {
        guard unsafe unlink("\(path)/\(name)") == 0 || errno == ENOENT else {
            throw StoreError(failedTo: "remove", "\(path)/\(name)")
        }
    }

    private func sync() throws(StoreError) {
        let folder = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw StoreError(failedTo: "open", path) }
        defer { Glibc.close(folder) }
        guard fsync(folder) == 0 else { throw StoreError(failedTo: "sync", path) }
    }
}

/// A file that is open for writing.
private struct PlainFile: ~Copyable {
    private let path: String
    private let file: Int32

    /// Opens it, and makes it where it is missing.
    init(_ path: String) throws(StoreError) {
        self.path = path
        file = unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw StoreError(failedTo: "write", path) }
    }

    deinit { Glibc.close(file) }

    func lock() throws(StoreError) {
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else { throw StoreError(failedTo: "lock", path) }
    }

    /// Writes over what is there, and syncs the file.
    func fill(with bytes: [UInt8]) throws(StoreError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = unsafe rest.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { throw StoreError(failedTo: "write", path) }
            rest = rest.dropFirst(written)
        }
        guard ftruncate(file, bytes.count) == 0, fsync(file) == 0 else { throw StoreError(failedTo: "sync", path) }
    }
}

extension StoreError {
    /// What stood in the way of a file, and which. A disk that is full, or cannot be written, may be used again later.
    init(failedTo action: String, _ path: String, _ code: Int32 = errno) {
        self.init(.unavailable, "cannot \(action) \(path): \(unsafe String(cString: strerror(code)))")
    }
}
