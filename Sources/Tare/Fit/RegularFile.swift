import Glibc

/// A file that is read straight to where its bytes stay: by way of `Data` there would be two copies of a large one.
enum RegularFile {
    /// Nil of what is no such file, has no size or cannot be read: whoever reads it in another way is told why.
    static func bytes(of path: String) -> [UInt8]? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0
        else { return nil }
        let size = Int(status.st_size)
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { room, count in
            while count < size {
                let read = unsafe read(descriptor, room.baseAddress?.advanced(by: count), size - count)
                if read < 0 && errno == EINTR { continue }
                guard read > 0 else { break }
                count += read
            }
        }
        return bytes.count == size ? bytes : nil
    }
}
