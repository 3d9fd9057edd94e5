import Glibc

/// What the store needs of the folder that its file is in.
enum Folder {
    struct Failure: Error {
        let path: String
        let code: Int32
    }

    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    static func exists(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Makes the folder and those above it where they are missing, so that they survive a power cut.
    static func make(_ path: String) throws(Failure) {
        if unsafe mkdir(path, 0o777) == 0 { return try sync(parent(of: path)) }
        switch errno {
        case EEXIST: return
        case ENOENT where parent(of: path) != path:
            try make(parent(of: path))
            try make(path)
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
