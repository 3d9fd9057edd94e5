import Documents

/// Which rows were told of lately, so that each is told once: a value.
struct RecentRows {
    private var identities: RecentSet<String>

    /// - Parameter countMax: more than one page of those that are read from a store at once.
    init(countMax: Int = 16_384) { identities = RecentSet(countMax: countMax) }

    /// - Returns: those rows that are not among the recent ones, which they are from now on.
    mutating func take(_ rows: [Observation]) -> [Observation] {
        rows.filter { identities.insert($0.identity) }
    }
}
