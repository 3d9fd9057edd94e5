/// Which groups have a label of their own: a value. However many there are, labels stay few.
package struct GroupLabels: Sendable, Equatable {
    package static let groupsMax = 50
    /// Of all groups without a label of their own.
    package static let other = "other"
    /// Where there are no groups.
    package static let all = "all"

    /// In the order of the counts.
    package let names: [String]
    private let places: [String: Int]
    private let rest: Int

    /// - Parameter groups: those beyond the first `max` count as `other`, as does one of that name.
    package init(_ groups: [String], max: Int = groupsMax) {
        let named = Array(groups.lazy.filter { $0 != Self.other }.prefix(max))
        names = groups.isEmpty ? [Self.all] : named + [Self.other]
        places = Dictionary(zip(named, named.indices)) { first, _ in first }
        rest = names.count - 1
    }

    package func place(of group: String?) -> Int {
        guard let group else { return rest }
        // To compare a few short names is faster than to hash one.
        guard rest > Self.comparedMax else { return names.indices.first { names[$0] == group } ?? rest }
        return places[group] ?? rest
    }

    private static let comparedMax = 8
}

/// Counts by group, for threads that must not wait.
package final class GroupCounters: Sendable {
    package let labels: GroupLabels
    private let cells: CounterCells

    package init(_ labels: GroupLabels) {
        self.labels = labels
        cells = CounterCells(count: labels.names.count)
    }

    deinit { cells.free() }

    package func count(_ group: String?, times: UInt64 = 1) {
        cells.add(times, to: labels.place(of: group), at: CountingPlace.current)
    }

    /// In the order of the labels.
    package var counts: [(group: String, count: UInt64)] {
        labels.names.enumerated().map { ($1, cells.sum(of: $0)) }
    }
}
