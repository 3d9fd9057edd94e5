import Documents

/// From where a source must be read again, so that everything that is not yet done with comes once more.
///
/// A point says how late the latest of all inputs up to a position was. What is needed begins behind the last position
/// whose inputs are all older than that.
struct ReplayPoints<Position> {
    /// Points lie this far apart, so that a day of events needs some thousands of them.
    private static var spacing: Int64 { 10_000 }

    private var points: [(latest: Int64, position: Position)] = []
    private var latest = Int64.min
    private var reached: Position?

    init() {}

    /// - Parameter time: of the input that ended at the position; nil where there was none, or nothing to use.
    mutating func add(_ position: Position, time: Timestamp?) {
        latest = max(latest, time?.milliseconds ?? latest)
        if let last = points.last, latest == .min || latest / Self.spacing == last.latest / Self.spacing {
            points[points.count - 1] = (latest, position)
        } else {
            points.append((latest, position))
        }
    }

    /// The last position whose inputs all happened before this time; nil where there is none.
    mutating func position(before time: Timestamp?) -> Position? {
        let needed = time?.milliseconds ?? .max
        let done = points.prefix { $0.latest < needed }
        if let last = done.last {
            reached = last.position
            points.removeFirst(done.count)
        }
        return reached
    }
}
