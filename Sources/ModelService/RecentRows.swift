import Documents

/// Which rows were told of lately, so that each is told once: a value.
struct RecentRows {
    /// What two deliveries of a row have in common, as `Observation.identity` has it, without its text where that is longer
    /// to make than to compare.
    private enum Key: Hashable {
        case subject(String, Timestamp)
        case content(String)

        init(_ row: Observation) {
            if let identifier = row.identifier, let timestamp = row.timestamp {
                self = .subject(identifier, timestamp)
            } else {
                self = .content(row.identity)
            }
        }
    }

    private var keys: RecentSet<Key>

    /// - Parameter countMax: more than one page of those that are read from a store at once.
    init(countMax: Int = 16_384) { keys = RecentSet(countMax: countMax) }

    /// - Returns: those rows that are not among the recent ones, which they are from now on.
    mutating func take(_ rows: [Observation]) -> [Observation] { rows.filter { keys.insert(Key($0)) } }
}
