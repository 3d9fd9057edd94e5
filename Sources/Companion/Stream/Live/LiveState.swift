import EventProcessing
import Streaming

/// What the live view shows of a run: a value.
struct LiveState: Sendable {
    /// Triggers that are shown.
    static let triggersMax = 5
    /// Over how long the rate is taken.
    private static let rateSpan: Duration = .seconds(5)

    private(set) var tally = StreamTally()
    /// The last of what was found and what came of it, oldest first, as the readable report has it.
    private(set) var triggers: [String] = []
    /// Moments of the last seconds, with the events until then; oldest first.
    private var moments: [(time: Duration, events: Int)] = []

    /// - Parameter report: has the words for drift and trainings.
    mutating func take(_ event: RunEvent, _ report: any StreamReport) {
        tally.take(event)
        switch event {
        case .drift(let drift): triggers += report.lines(.drift(drift))
        case .trained(let answer): triggers += report.lines(trained: answer)
        default: return
        }
        triggers.removeFirst(max(0, triggers.count - Self.triggersMax))
    }

    var events: Int { tally.inputs.values.reduce(0, +) }

    /// Events a second of the last seconds.
    /// - Parameter now: since the run's start.
    mutating func rate(at now: Duration) -> Double {
        moments.append((now, events))
        moments.removeAll { now - $0.time > Self.rateSpan }
        guard let first = moments.first, now > first.time else { return 0 }
        return Double(events - first.events) / ((now - first.time) / .seconds(1))
    }
}
