import Documents

/// From where a source must be read again, so that everything that is not yet done with comes once more.
///
/// A point says how late the latest of all inputs up to a position was. What is needed begins behind the last position
/// whose inputs are all older than that. An input whose time is not believed is a point by itself: its date says nothing
/// about those after it.
struct ReplayPoints<Position> {
    /// Points lie this far apart, so that a day of events needs some thousands of them.
    private static var spacing: Int64 { 10_000 }

    private struct Point {
        var latest: Int64
        var position: Position
        var isDoubted = false
    }

    private var points: [Point] = []
    private var latest = Int64.min
    private var reached: Position?

    init() {}

    /// - Parameters:
    ///   - time: of the input that ended at the position; nil where there was none, or nothing to use.
    ///   - isDoubted: whether the time is not believed.
    mutating func add(_ position: Position, time: Timestamp?, isDoubted: Bool = false) {
        if isDoubted, let time {
            points.append(Point(latest: time.milliseconds, position: position, isDoubted: true))
            return
        }
        latest = max(latest, time?.milliseconds ?? latest)
        let point = Point(latest: latest, position: position)
        if let last = points.last, !last.isDoubted,
            latest == .min || latest / Self.spacing == last.latest / Self.spacing
        {
            points[points.count - 1] = point
        } else {
            points.append(point)
        }
    }

    /// The last position whose inputs all happened before this time; nil where there is none.
    /// - Parameter believed: times beyond this one were held, and found wrong; nil where some are still held.
    mutating func position(before time: Timestamp?, believed: Timestamp? = nil) -> Position? {
        let needed = time?.milliseconds ?? .max
        let wrong = believed?.milliseconds ?? .max
        let done = points.prefix { $0.latest < needed || $0.isDoubted && $0.latest > wrong }
        if let last = done.last {
            reached = last.position
            points.removeFirst(done.count)
        }
        return reached
    }
}
