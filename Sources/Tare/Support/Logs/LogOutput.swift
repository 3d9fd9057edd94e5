import Glibc
import Locking

/// Where lines of the log go: they never hold up who writes them for long. Where nobody reads them, they are dropped and
/// counted; what cannot be written at all is dropped.
final class LogOutput: Sendable {
    static let standardError = LogOutput(STDERR_FILENO)

    /// How long a reader may be behind before lines are dropped.
    private static let patienceMilliseconds: CInt = 100

    private let descriptor: CInt
    /// How many lines were dropped since the last that was written.
    private let dropped = Lock(0)

    init(_ descriptor: CInt) { self.descriptor = descriptor }

    /// - Parameter line: shorter than `LogRecord.bytesMax`, for which a pipe that can be written has room.
    func write(_ line: String) {
        dropped.withLock { dropped in
            // Who did not read yesterday is not waited for again.
            guard isWritable(within: dropped == 0 ? Self.patienceMilliseconds : 0) else {
                dropped += 1
                return
            }
            if dropped > 0 {
                StandardStreams.say("\(dropped) lines of the log were dropped: nobody read them", on: descriptor)
                dropped = 0
                guard isWritable(within: 0) else {
                    dropped = 1
                    return
                }
            }
            StandardStreams.say(line, on: descriptor)
        }
    }

    private func isWritable(within milliseconds: CInt) -> Bool {
        var output = pollfd(fd: descriptor, events: CShort(POLLOUT), revents: 0)
        while true {
            let count = unsafe poll(&output, 1, milliseconds)
            if count < 0, errno == EINTR { continue }
            return count > 0
        }
    }
}
