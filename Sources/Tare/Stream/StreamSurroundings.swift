import Documents
import Glibc
import Streaming

/// The machine's clock, whose waits a stop signal ends.
final class SystemClock: StreamClock {
    private let clock = ContinuousClock()
    private let begin = ContinuousClock().now

    var date: Timestamp { .now }

    var now: Duration { clock.now - begin }

    var isStopping: Bool { StopSignals.received != nil }

    func wait(_ duration: Duration) {
        let due = now + duration
        while !isStopping, case let left = due - now, left > .zero {
            _ = StopSignals.wait(milliseconds: left.millisecondsRoundedUp)
        }
    }
}

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

/// What people are told on stderr. Progress is one line that is written over, and only where a terminal shows it and
/// the output goes elsewhere: on one terminal with the output, the output is progress enough.
final class StandardErrorNotices: RunNotices {
    private static let interval: Duration = .milliseconds(200)

    private let showsProgress = isatty(STDERR_FILENO) == 1 && isatty(STDOUT_FILENO) == 0
    private let log: RunLog
    private var shownAt: Duration?
    private var isLineOpen = false

    init(_ log: RunLog = RunLog(format: .plain)) { self.log = log }

    func say(_ text: String, about request: String?) {
        clear()
        log.say(text, request)
    }

    func show(_ progress: RunProgress) {
        guard showsProgress, shownAt.map({ progress.elapsed - $0 >= Self.interval }) ?? true else { return }
        shownAt = progress.elapsed
        let seconds = max(progress.elapsed / .seconds(1), 0.001)
        let part = progress.fraction.map { "\(Int($0 * 100)) %, " } ?? ""
        write("\r\u{1B}[K\(part)\(progress.events) events, \(Int(Double(progress.events) / seconds)) a second")
        isLineOpen = true
    }

    /// Takes the line of progress away.
    func clear() {
        guard isLineOpen else { return }
        isLineOpen = false
        write("\r\u{1B}[K")
    }

    /// Where stderr cannot be written, there is nobody to tell.
    private func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}

extension Duration {
    fileprivate var millisecondsRoundedUp: Int { Int((self / .milliseconds(1)).rounded(.up)) }
}
