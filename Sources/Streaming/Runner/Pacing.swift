package import Documents

/// When an event is due: as long after the first one as its event time is later, divided by the speed.
package struct Pacing: Sendable {
    /// How many times faster than the clock event time passes; nil is as fast as possible.
    private let factor: Double?
    private var origin: (time: Timestamp, begin: Duration)?

    package init(factor: Double?) {
        precondition(factor.map { $0 > 0 } ?? true)
        self.factor = factor
    }

    /// How long to wait before the event is handled; zero where it is due already. The first event is due at once.
    package mutating func pause(before time: Timestamp, now: Duration) -> Duration {
        guard let factor else { return .zero }
        guard let (first, begin) = origin else {
            origin = (time, now)
            return .zero
        }
        let milliseconds = Double(time.milliseconds - first.milliseconds)
        return max(.zero, begin + .seconds(milliseconds / 1000 / factor) - now)
    }
}
