import Documents
import Glibc
import Streaming

/// Lines on stdout: at once where a person reads them, else in large pieces.
final class StandardOutput: LineOutput {
    private static let pieceSize = 1 << 16
    /// How long a reader who does not read may hold up a process that was asked to stop.
    private static let patienceOnStop: Duration = .seconds(2)

    private let isTerminal = isatty(STDOUT_FILENO) == 1
    private let clock = SystemClock()
    private var waiting: [UInt8] = []

    func write(_ line: String) throws(LineOutputError) {
        waiting.append(contentsOf: line.utf8)
        waiting.append(0x0A)
        if isTerminal || waiting.count >= Self.pieceSize { try flush() }
    }

    func flush() throws(LineOutputError) {
        defer { waiting.removeAll(keepingCapacity: true) }
        var left = waiting[...]
        while !left.isEmpty {
            guard isWritable() else { throw .closed }
            // `poll` promises room for this many bytes (POSIX, `PIPE_BUF`), so that `write` does not block.
            let piece = left.prefix(4096)
            let count = unsafe piece.withUnsafeBytes { unsafe Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            guard count < 0 else {
                left = left.dropFirst(count)
                continue
            }
            switch errno {
            case EINTR, EAGAIN: continue
            case EPIPE: throw .closed
            default:
                let reason = unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
                throw .failed("stdout cannot be written: \(reason)")
            }
        }
    }

    /// Waits for the reader for as long as it takes, or until a stop was asked for some time ago.
    private func isWritable() -> Bool {
        var stopSeen: Duration?
        while true {
            var output = pollfd(fd: STDOUT_FILENO, events: CShort(POLLOUT), revents: 0)
            if unsafe poll(&output, 1, 100) > 0 { return true }
            if clock.isStopping {
                let since = stopSeen ?? clock.now
                stopSeen = since
                if clock.now - since > Self.patienceOnStop { return false }
            }
        }
    }
}
