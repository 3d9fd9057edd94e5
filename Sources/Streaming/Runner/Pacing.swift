package import Documents
import EventProcessing

/// When an event is due: as long after the first one as its event time is later, divided by the speed.
///
/// An event that is dated far ahead of the one before is not waited for, as its date may be wrong. Where the next is dated
/// so as well, time has come so far, and what follows is paced from there.
package struct Pacing: Sendable {
    /// How many times faster than the clock event time passes; nil is as fast as possible.
    private let factor: Double?
    /// In milliseconds; nil where every date is believed, and waited for.
    private let leap: Int64?
    private var origin: (time: Timestamp, begin: Duration)?
    private var latest: Timestamp?
    /// Of the last event that was not waited for.
    private var ahead: Timestamp?

    package init(factor: Double?, leap: Int64? = TimeRules().leap) {
        precondition(factor.map { $0 > 0 } ?? true)
        self.factor = factor
        self.leap = leap
    }

    /// Whether no event is ever waited for.
    var isUnbounded: Bool { factor == nil }

    /// How long to wait before the event is handled; zero where it is due already. The first event is due at once.
    package mutating func pause(before time: Timestamp, now: Duration) -> Duration {
        guard let factor else { return .zero }
        guard let (first, begin) = origin, let latest else {
            restart(at: time, now)
            return .zero
        }
        if let leap, time.milliseconds > latest.milliseconds + leap {
            if let ahead, abs(time.milliseconds - ahead.milliseconds) <= leap {
                restart(at: time, now)
            } else {
                ahead = time
            }
            return .zero
        }
        self.latest = max(latest, time)
        let milliseconds = Double(time.milliseconds - first.milliseconds)
        return max(.zero, begin + .seconds(milliseconds / 1000 / factor) - now)
    }

    private mutating func restart(at time: Timestamp, _ now: Duration) {
        origin = (time, now)
        latest = time
        ahead = nil
    }
}
