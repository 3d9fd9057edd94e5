import Dispatch
import Foundation
import Glibc
import Program
import Specification
import Streaming
import Threading

/// Keeps the live view at the end of a terminal, and what is said above it.
///
/// It writes over its own lines and changes no mode of the terminal, so that nothing is left to restore however the process
/// ends. Where the terminal takes nothing, only those wait who write to it.
final class LiveScreen: Sendable {
    private static let interval = DispatchTimeInterval.milliseconds(200)

    private let state = Lock(LiveState())
    /// The lines that stand on the terminal now, to be written over; nil once the view has ended. Held while something is
    /// written.
    private let shown = Lock<[String]?>([])
    private let report: ReadableReport
    private let specification: ModelSpecification
    private let clock = SystemMoment()
    private let queue = DispatchQueue(label: "tare.live")

    init(_ specification: ModelSpecification) {
        self.specification = specification
        report = ReadableReport(specification)
        drawAgain()
    }

    private func drawAgain() {
        queue.asyncAfter(deadline: .now() + Self.interval) { [weak self] in
            let goesOn = self?.shown.withLock { shown in
                self?.draw(&shown)
                return shown != nil
            }
            if goesOn == true { self?.drawAgain() }
        }
    }

    @Sendable func note(_ event: RunEvent) { state.withLock { $0.take(event, report) } }

    /// Says something above the view.
    func say(_ body: () -> Void) {
        shown.withLock { shown in
            if let lines = shown {
                _ = Terminal.write(Self.erasing(lines), to: STDOUT_FILENO, patienceMilliseconds: 2000)
                shown = []
            }
            body()
            draw(&shown)
        }
    }

    /// The last view stays; what follows is written below it.
    func end() {
        shown.withLock { shown in
            draw(&shown)
            shown = nil
        }
    }

    private func draw(_ shown: inout [String]?) {
        guard let before = shown, let size = Terminal.size(of: STDOUT_FILENO) else { return }
        let style = TerminalStyle(terminalWidth: size.columns, environment: ProcessInfo.processInfo.environment)
        let (copy, rate) = state.withLock { state in
            let rate = state.rate(at: clock.elapsed)
            return (state, rate)
        }
        let lines = LiveView(specification: specification, style: style)
            .lines(copy, rate: rate, rows: size.rows - 1).map { Self.cut($0, to: size.columns) }
        let text = Self.erasing(before, columns: size.columns) + lines.map { $0 + "\n" }.joined()
        if Terminal.write(text, to: STDOUT_FILENO, patienceMilliseconds: 50) { shown = lines }
    }

    /// Moves to the first of these lines, which may take several rows where the terminal has become narrower, and erases
    /// them.
    static func erasing(_ shown: [String], columns: Int? = nil) -> String {
        let columns = columns ?? Terminal.size(of: STDOUT_FILENO)?.columns ?? 80
        let rows = shown.reduce(0) { $0 + max(1, (visibleCount($1) + columns - 1) / columns) }
        return rows > 0 ? "\u{1B}[\(rows)A\r\u{1B}[J" : ""
    }

    /// Characters, without the escapes for colours.
    static func visibleCount(_ line: String) -> Int {
        line.replacing(/\u{1B}\[[0-9;]*m/, with: "").count
    }

    /// As many characters as fit in a row, and no colour left on.
    static func cut(_ line: String, to columns: Int) -> String {
        guard visibleCount(line) > columns else { return line }
        var (cut, count, isEscape) = ("", 0, false)
        for character in line {
            if character == "\u{1B}" { isEscape = true }
            if !isEscape {
                guard count < columns else { continue }
                count += 1
            }
            cut.append(character)
            if isEscape, character == "m" { isEscape = false }
        }
        return cut
    }
}

/// The time since it was made.
private struct SystemMoment: Sendable {
    private let begin = ContinuousClock.now

    var elapsed: Duration { ContinuousClock.now - begin }
}
