import Glibc
import Threading

/// Where lines of the log go: they never hold up who writes them for long. Where nobody reads them, they are dropped and
/// counted; what a full disk refuses is written once there is room.
final class LogOutput: Sendable {
    static let standardError = LogOutput(STDERR_FILENO)

    /// How long a reader may be behind before lines are dropped.
    private static let patienceMilliseconds: CInt = 100

    /// So many lines that a full disk refused are kept until it has room.
    private static let keptMax = 100

    private struct State {
        /// How many lines were dropped since the last that was written.
        var dropped = 0
        var kept: [String] = []
    }

    private let descriptor: CInt
    private let state = Lock(State())

    init(_ descriptor: CInt) { self.descriptor = descriptor }

    /// - Parameter line: shorter than `LogRecord.bytesMax`, for which a pipe that can be written has room.
    func write(_ line: String) {
        state.withLock { state in
            // A reader that did not read before is not waited for again.
            guard isWritable(within: state.dropped == 0 ? Self.patienceMilliseconds : 0) else {
                state.dropped += 1
                return
            }
            if state.dropped > 0 {
                let count = state.dropped
                guard StandardStreams.say("\(count) lines of the log were dropped: nobody read them", on: descriptor)
                else { return keep(line, in: &state) }
                state.dropped = 0
                guard isWritable(within: 0) else {
                    state.dropped = 1
                    return
                }
            }
            keep(line, in: &state)
            writeKept(in: &state)
        }
    }

    private func keep(_ line: String, in state: inout State) {
        state.kept.append(line)
        guard state.kept.count > Self.keptMax else { return }
        state.kept.removeFirst()
        state.dropped += 1
    }

    private func writeKept(in state: inout State) {
        while let line = state.kept.first, isWritable(within: 0), StandardStreams.say(line, on: descriptor) {
            state.kept.removeFirst()
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
