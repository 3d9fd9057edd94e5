import Glibc
import Program

/// Lines for a descriptor whose reader may be slow or leave. Neither keeps a stop signal from being heard: every write
/// is one that the descriptor has room for.
struct PatientOutput {
    private let descriptor: CInt
    private var waiting: [UInt8] = []
    private static let waitingMax = 1 << 16

    init(descriptor: CInt) { self.descriptor = descriptor }

    /// Keeps the line until `flush`, or until enough wait.
    mutating func append(_ line: [UInt8]) throws(OutputError) -> OutputOutcome {
        waiting += line
        waiting.append(0x0A)
        return waiting.count < Self.waitingMax ? .written : try flush()
    }

    mutating func flush() throws(OutputError) -> OutputOutcome {
        defer { waiting.removeAll(keepingCapacity: true) }
        var left = waiting[...]
        while !left.isEmpty {
            _ = StopSignals.wait(for: [pollfd(fd: descriptor, events: CShort(POLLOUT), revents: 0)], milliseconds: -1)
            guard StopSignals.received == nil else { return .ended }
            let part = Self.wholeLines(of: left)
            let count = unsafe part.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            guard count >= 0 else {
                if errno == EINTR || errno == EAGAIN { continue }
                guard errno == EPIPE else { throw OutputError(errno: errno) }
                return .ended
            }
            left = left.dropFirst(count)
        }
        return .written
    }
}

extension PatientOutput {
    /// As many lines as `poll` promises room for (POSIX, `PIPE_BUF`), so that a stop signal falls between two lines.
    private static func wholeLines(of bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let part = bytes.prefix(4096)
        return part.lastIndex(of: 0x0A).map { part[...$0] } ?? part
    }
}

struct OutputError: Error, Equatable, CustomStringConvertible {
    let errno: CInt

    var description: String {
        unsafe "the output cannot be written: \(strerror(errno).map { unsafe String(cString: $0) } ?? "errno \(errno)")"
    }
}
