import Dispatch
import Glibc
import Threading

/// How far a piece of work is: a value.
struct WorkProgress: Sendable, Equatable {
    /// What is being done, such as `reading rows`.
    var name: String
    /// How much of all the work was done when this was told, 0 to 1; nil where nobody knows.
    var fraction: Double?
    /// Since the work's start, when this was told.
    var toldAt: Duration

    /// What a person is shown. The time left is that at the pace so far, and only said once there is a pace.
    /// - Parameter now: since the work's start.
    func text(at now: Duration) -> String {
        guard let fraction, fraction >= 0.02, fraction <= 1, toldAt > .zero else {
            return "\(name), \(Self.seconds(now)) so far"
        }
        let left = max(.zero, toldAt * ((1 - fraction) / fraction) - (now - toldAt))
        return "\(name), \(Int(fraction * 100)) %, about \(Self.seconds(left)) left"
    }

    private static func seconds(_ time: Duration) -> String {
        let seconds = Int((time / .seconds(1)).rounded(.up))
        return seconds < 120 ? "\(seconds) s" : "\((seconds + 30) / 60) min"
    }
}

/// Shows progress as one line that is written over, where a terminal shows stderr, and nothing elsewhere. Short work shows
/// none.
package final class ProgressLine: Sendable {
    private struct State {
        var progress: WorkProgress?
        var isShown = false
        var isEnded = false
    }

    private static let interval = DispatchTimeInterval.milliseconds(200)
    /// Before that nothing is shown.
    private static let patience: Duration = .milliseconds(700)

    private let state = Lock(State())
    private let queue = DispatchQueue(label: "tare.progress")
    private let begin = ContinuousClock.now
    private let isOn = isatty(STDERR_FILENO) == 1

    package init() {
        if isOn { drawAgain() }
    }

    /// - Parameter fraction: of all the work that is done; nil where nobody knows.
    package func tell(_ name: String, _ fraction: Double? = nil) {
        guard isOn else { return }
        let progress = WorkProgress(name: name, fraction: fraction, toldAt: ContinuousClock.now - begin)
        state.withLock { $0.progress = progress }
    }

    /// Writes something else, in place of the line until it is drawn again.
    package func say(_ body: () -> Void) {
        state.withLock { state in
            Self.erase(&state)
            body()
        }
    }

    /// Takes the line away, before anything else is written.
    package func end() {
        state.withLock { state in
            Self.erase(&state)
            state.isEnded = true
        }
    }

    private static func erase(_ state: inout State) {
        if state.isShown { _ = Terminal.write("\r\u{1B}[K", to: STDERR_FILENO, patienceMilliseconds: 100) }
        state.isShown = false
    }

    private func drawAgain() {
        queue.asyncAfter(deadline: .now() + Self.interval) { [weak self] in
            guard let self, self.draw() else { return }
            self.drawAgain()
        }
    }

    private func draw() -> Bool {
        let now = ContinuousClock.now - begin
        return state.withLock { state in
            guard !state.isEnded else { return false }
            guard now >= Self.patience, let progress = state.progress else { return true }
            let columns = Terminal.size(of: STDERR_FILENO)?.columns ?? 80
            let line = "\r\u{1B}[K" + progress.text(at: now).prefix(max(1, columns - 1))
            state.isShown = Terminal.write(line, to: STDERR_FILENO, patienceMilliseconds: 0) || state.isShown
            return true
        }
    }
}
