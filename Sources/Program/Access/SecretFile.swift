import Foundation
import Glibc

/// The text of a file that holds secrets.
package struct SecretFile {
    package let text: String
    /// Whether users other than its owner may read it. Told and not refused: containers mount their secrets so.
    package let isReadableByOthers: Bool

    /// - Throws: `TokenFileProblem` that names the file and holds nothing of its content.
    package init(reading path: String, bytesMax: Int) throws(TokenFileProblem) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw TokenFileProblem("\(path) cannot be read: \(unsafe String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw TokenFileProblem("\(path) is no regular file, which can be read again")
        }
        guard status.st_mode & S_IWOTH == 0 else {
            throw TokenFileProblem("\(path) can be written by every user of this machine: chmod 600 \(path)")
        }
        isReadableByOthers = status.st_mode & S_IROTH != 0
        guard let bytes = try? FileHandle(fileDescriptor: descriptor).read(upToCount: bytesMax + 1) ?? Data(),
            bytes.count <= bytesMax
        else { throw TokenFileProblem("\(path) cannot be read, or has more than \(bytesMax) bytes") }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw TokenFileProblem("\(path) is no text")
        }
        self.text = text
    }
}
