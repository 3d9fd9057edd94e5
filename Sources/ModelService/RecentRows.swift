import Documents

/// Which rows were told of lately, so that each is told once: a value.
struct RecentRows {
    /// A hash of what two deliveries of a row have in common, as `Observation.identity` has it; of each process another.
    /// Of 64 bits: that a new row has that of another, and is not told of, happens once in 10¹⁵ rows.
    private static func key(_ row: Observation) -> Int {
        var hasher = Hasher()
        if var identifier = row.identifier, let timestamp = row.timestamp {
            identifier.withUTF8 { unsafe hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
            hasher.combine(timestamp.milliseconds)
        } else {
            hasher.combine(row.identity)
        }
        return hasher.finalize()
    }

    private var keys: RecentSet<Int>

    /// - Parameter countMax: more than one page of those that are read from a store at once.
    init(countMax: Int = 16_384) { keys = RecentSet(countMax: countMax) }

    /// - Returns: those rows that are not among the recent ones, which they are from now on.
    mutating func take(_ rows: [Observation]) -> [Observation] { rows.filter { keys.insert(Self.key($0)) } }
}
