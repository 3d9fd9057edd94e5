import Documents

/// Knows the last names that it was asked about, to tell a record that a process published again after it had been ended
/// in between. Repeats begin at most one commit back, so that a bounded memory is enough.
struct RepeatFilter: Sendable {
    private var recent: RecentHashes

    init(countMax: Int = 100_000) { recent = RecentHashes(countMax: countMax) }

    /// - Returns: whether the name was known. It is from now on.
    mutating func isRepeat(_ name: some Hashable) -> Bool {
        !recent.insert(hashOf: name)
    }
}
