import Glibc

/// The lines of a file, a pipe or a terminal. It reads only what is asked for.
package final class LineReader {
    enum Reading: Equatable {
        case line(LineSplitter.Line)
        case idle
    }

    private static let chunkSize = 1 << 16
    static let lineBytesMax = 1 << 20

    private let name: String
    private let descriptor: CInt
    private let isOwned: Bool
    /// In bytes; nil where it is not a regular file.
    private let size: Int?
    private var bytesRead = 0
    private var hasEnded = false
    private var splitter = LineSplitter(bytesMax: lineBytesMax)
    private var chunk = [UInt8](repeating: 0, count: chunkSize)

    /// Reads a file from its start.
    package convenience init(path: String) throws(SourceError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SourceError("\(path) cannot be opened: \(Self.errorText())") }
        self.init(name: path, descriptor: descriptor, isOwned: true)
    }

    /// Reads what comes on stdin.
    package static func standardInput() -> LineReader { LineReader(name: "stdin", descriptor: 0, isOwned: false) }

    private init(name: String, descriptor: CInt, isOwned: Bool) {
        self.name = name
        self.descriptor = descriptor
        self.isOwned = isOwned
        var status = stat()
        let isRegular = unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        size = isRegular ? Int(status.st_size) : nil
    }

    deinit {
        if isOwned { close(descriptor) }
    }

    var fraction: Double? { size.map { $0 > 0 ? min(1, Double(bytesRead) / Double($0)) : 1 } }

    /// - Returns: nil at the end.
    func next(waiting patience: Duration) throws(SourceError) -> Reading? {
        while true {
            if let line = splitter.next() { return .line(line) }
            if hasEnded { return splitter.finish().map(Reading.line) }
            guard isReadable(within: patience) else { return .idle }
            try fill()
        }
    }

    private func isReadable(within patience: Duration) -> Bool {
        var waiting = pollfd(fd: descriptor, events: CShort(POLLIN), revents: 0)
        let milliseconds = CInt(clamping: Int64((patience / .milliseconds(1)).rounded(.up)))
        return unsafe poll(&waiting, 1, milliseconds) > 0
    }

    private func fill() throws(SourceError) {
        let descriptor = descriptor
        let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
        if count > 0 {
            bytesRead += count
            splitter.append(chunk[..<count])
        } else if count == 0 {
            hasEnded = true
        } else if errno != EINTR && errno != EAGAIN {
            throw SourceError("\(name) cannot be read: \(Self.errorText())")
        }
    }

    private static func errorText() -> String {
        unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
    }
}
