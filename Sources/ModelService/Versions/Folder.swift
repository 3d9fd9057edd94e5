import Glibc

/// What a store needs of the folder that its files are in.
package enum Folder {
    package struct Failure: Error {
        package let path: String
        /// The system's.
        package let code: Int32
    }

    /// The folder that a file or folder is in.
    package static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    package static func exists(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Makes the folder and those above it where they are missing, so that they survive a power cut.
    package static func make(_ path: String) throws(Failure) {
        if try makeOne(path) { return }
        guard parent(of: path) != path else { throw Failure(path: path, code: ENOENT) }
        try make(parent(of: path))
        // A folder that is there and yet takes no entry was removed, is of /proc, or is a link to nothing.
        guard try makeOne(path) else { throw Failure(path: path, code: ENOENT) }
    }

    /// - Returns: false where the folder above it is missing.
    private static func makeOne(_ path: String) throws(Failure) -> Bool {
        if unsafe mkdir(path, 0o777) == 0 {
            try sync(parent(of: path))
            return true
        }
        switch errno {
        case EEXIST: return true
        case ENOENT: return false
        case let code: throw Failure(path: path, code: code)
        }
    }

    /// A new name is durable once its folder is.
    private static func sync(_ path: String) throws(Failure) {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY)
        guard descriptor >= 0 else { throw Failure(path: path, code: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw Failure(path: path, code: errno) }
    }
}
