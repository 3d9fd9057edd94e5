/// A few levels that came last: rows mostly have one of a few, and to compare a level with these takes less than to hash it.
package struct RecentLevels: Sendable {
    private static let countMax = 8

    private var levels: [String] = []

    package init() {}

    /// - Returns: false where it is among them, true where it is from now on.
    package mutating func insert(_ level: String) -> Bool {
        for place in levels.indices where levels[place] == level { return false }
        if levels.count == Self.countMax { levels.removeAll(keepingCapacity: true) }
        levels.append(level)
        return true
    }
}
