import Glibc
import Program
import Streaming

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
