import Documents

/// Which rows were told of lately, so that each is told once: a value.
struct RecentRows {
    /// A hash of what two deliveries of a row have in common, as `Observation.identity` has it; of each process another.
    /// Of 64 bits: that a new row has that of another, and is not told of, happens once in 10¹⁵ rows.
    @inline(__always)
    private static func key(_ row: borrowing Observation) -> UInt64 {
        var hasher = Hasher()
        if let identifier = row.identifier, let timestamp = row.timestamp {
            unsafe identifier.utf8.span.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
            hasher.combine(timestamp.milliseconds)
        } else {
            hasher.combine(row.identity)
        }
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }

    private var keys: RecentHashes

    /// - Parameter countMax: more than one page of those that are read from a store at once.
    init(countMax: Int = 16_384) { keys = RecentHashes(countMax: countMax) }

    /// - Returns: those rows that are not among the recent ones, which they are from now on.
    mutating func take(_ rows: [Observation]) -> [Observation] {
        let given = rows.span
        var known: Set<Int> = []
        for number in given.indices where !keys.insert(Self.key(given[number])) { known.insert(number) }
        return known.isEmpty ? rows : rows.indices.filter { !known.contains($0) }.map { rows[$0] }
    }
}
