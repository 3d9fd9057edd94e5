import Documents

/// Knows the last names that it was asked about, to tell a record that a process published again after it had been ended
/// in between. Repeats begin at most one commit back, so that a bounded memory is enough.
struct RepeatFilter: Sendable {
    private var recent: RecentSet<Int>

    init(countMax: Int = 100_000) { recent = RecentSet(countMax: countMax) }

    /// - Returns: whether the name was known. It is from now on.
    mutating func isRepeat(_ name: some Hashable) -> Bool {
        // 64 bits of SipHash: among 100,000 names two are equal by chance once in four billion runs.
        !recent.insert(name.hashValue)
    }
}
