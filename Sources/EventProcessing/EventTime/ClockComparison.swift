/// Notices that the clocks of the two machines are so far apart that nothing can be joined.
struct ClockComparison: Sendable {
    /// So many subjects in a row whose two events lie too far apart.
    private static let missesMax = 10

    /// The outcome's time less the measurement's, of the last ones that missed each other, in milliseconds.
    private var misses: [Int64] = []
    private var isTold = false

    mutating func noteMatch() {
        misses = []
        isTold = false
    }

    /// - Returns: how far the clocks are apart, the middle of what was seen; once, until a pair meets again.
    mutating func noteMiss(_ offset: Int64) -> Int64? {
        guard !isTold else { return nil }
        misses.append(offset)
        guard misses.count == Self.missesMax else { return nil }
        isTold = true
        return misses.sorted()[Self.missesMax / 2]
    }
}
