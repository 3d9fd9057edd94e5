import Glibc

/// Files in one folder that are there whole or not at all, and still are after a power cut.
package struct DurableFolder: Sendable {
    let path: String

    /// Makes it and those above it where they are missing, each with a name that is durable.
    func make() throws(StoreError) {
        guard unsafe access(path, F_OK) != 0 else { return }
        do {
            try Folder.make(path)
        } catch {
            throw StoreError(failedTo: "make the folder", error.path, error.code)
        }
    }

    /// Temporary file, sync, rename, sync of the folder: the name never stands for half a file.
    func write(_ bytes: [UInt8], name: String) throws(StoreError) {
        let temporary = "\(path)/.\(name).\(UInt64.random(in: .min ... .max))\(Self.leftoverSuffix)"
        do throws(StoreError) {
            let file = try OpenFile(temporary)
            // While it is locked, nobody removes it as a leftover.
            guard try file.lock() else { throw StoreError(.unavailable, "\(temporary) is taken for a leftover") }
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
        for name in hiddenNames where name.hasSuffix(Self.leftoverSuffix) {
            let file = "\(path)/\(name)"
            guard let lock = (try? FileLock.take(file)) ?? nil else { continue }
            unsafe unlink(file)
            extendLifetime(lock)
        }
    }

    /// The same for a file that is written again and again, by one process at a time. The old file is kept as a spare,
    /// which the next is written over: to free a file costs more than all the rest where the disk is told of free blocks
    /// (ext4 with `discard`: 1.1 of 1.3 ms).
    /// - Returns: what the file is like.
    func replace(_ name: String, with bytes: [UInt8]) throws(StoreError) -> stat {
        let (file, spare, old) = ("\(path)/\(name)", "\(path)/.\(name).spare", "\(path)/.\(name).old")
        // After a power cut both names may mean the same file, and the file under the real name must never be written over.
        if let number = Self.number(of: spare), number == Self.number(of: file) { unsafe unlink(spare) }
        let written = try OpenFile(spare)
        try written.fill(with: bytes)
        let status = try written.status
        unsafe unlink(old)
        let isKept = unsafe link(file, old) == 0
        guard unsafe rename(spare, file) == 0 else { throw StoreError(failedTo: "rename \(spare) to", name) }
        if isKept { unsafe rename(old, spare) }
        try sync()
        return status
    }

    /// The names in it that begin with a dot; none where it cannot be read. What has another name is not made a text of: the
    /// folder may hold thousands of files.
    var hiddenNames: [String] {
        guard let folder = unsafe opendir(path) else { return [] }
        defer { unsafe closedir(folder) }
        var names: [String] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe UnsafeRawPointer(entry).advanced(by: MemoryLayout<dirent>.offset(of: \.d_name)!)
                .assumingMemoryBound(to: CChar.self)
            if unsafe name[0] == CChar(UInt8(ascii: ".")) { names.append(unsafe String(cString: name)) }
        }
        return names
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

    /// A new name is durable once its folder is.
    func sync() throws(StoreError) { try OpenFile(path, writes: false, makes: false).sync() }
}

extension OpenFile {
    /// Writes over what is there, and syncs the file.
    func fill(with bytes: [UInt8]) throws(StoreError) {
        try write(bytes)
        try truncate(to: bytes.count)
        try syncContents()
    }
}
