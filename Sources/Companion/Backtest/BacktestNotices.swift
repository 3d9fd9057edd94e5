import Program
import Streaming

/// What people are told of many runs: the words of the first, as they would be the same of all, and how far all are.
final class BacktestNotices: RunNotices {
    private let runs: Int
    private let line = ProgressLine()
    private var done = 0

    /// - Parameter runs: how many there will be.
    init(runs: Int) { self.runs = runs }

    func say(_ text: String, about request: String?) {
        if done == 0 { line.say { StandardError.say(text) } }
    }

    func show(_ progress: RunProgress) { tell(progress.fraction ?? 0) }

    func noteRun() {
        done += 1
        tell(0)
    }

    func end() { line.end() }

    private func tell(_ fraction: Double) {
        line.tell("run \(min(done + 1, runs)) of \(runs)", (Double(done) + fraction) / Double(runs))
    }
}
