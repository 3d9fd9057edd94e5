import Regression
import Specification

/// The newest rows that can be trained on. The others are passed over, and the store is asked on until there are enough.
///
/// Those that were passed over stand among the rows that are given, so that whoever uses these can count them.
struct UsableRows: RowsByTime {
    let store: any Store
    let rule: RowRule
    var bounds = RowBounds()

    /// How many rows are looked at beyond those that are wanted; of each level, how many.
    static let passedOverMax = 100_000
    static let passedOverOfLevelMax = 10_000
    private static let growth = 4

    func newest(_ count: Int) throws(StoreError) -> [Observation] {
        guard count > 0 else { return [] }
        var asked = count
        while true {
            let rows = try store.newest(asked)
            let first = rows.prefix(holding: count, of: rule)
            let most = min(Self.passedOverMax + count, max(bounds.rowsMax, count))
            if first.isEnough || rows.count < asked || asked >= most {
                return rule.foldsCase ? first.rows.map(rule.folded) : Array(first.rows)
            }
            asked = min(asked * Self.growth, most)
        }
    }

    func newestOfEachLevel(_ count: Int, within bounds: RowBounds) throws(StoreError) -> [Observation] {
        guard count > 0 else { return [] }
        var asked = count
        while true {
            let rows = try store.newestOfEachLevel(asked, within: bounds)
            let levels = byLevel(rows)
            // Nothing comes of it: see `CandidateTraining`.
            if bounds.isExceeded(rows: rows.count, levels: levels.count) { return rows }
            let firsts = levels.map { $0.prefix(holding: count, of: rule) }
            let isEnough = zip(levels, firsts).allSatisfy { level, first in
                first.isEnough || level.count < asked || !isLevel(level[0].level)
            }
            if isEnough || asked >= Self.passedOverOfLevelMax + count { return firsts.flatMap(\.rows) }
            asked = min(asked * Self.growth, Self.passedOverOfLevelMax + count)
        }
    }

    /// Whether rows of the level can be usable at all.
    private func isLevel(_ name: String?) -> Bool {
        guard let factor = rule.specification.factor else { return true }
        return name.map(factor.admits) ?? false
    }

    /// The rows of each level, newest first, the levels in byte order.
    private func byLevel(_ rows: [Observation]) -> [[Observation]] {
        let levels = Dictionary(grouping: rows.map(rule.folded)) { Array(($0.level ?? "").utf8) }
        return levels.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { _, rows in
            // What was folded comes from several levels of the store.
            rule.foldsCase ? rows.sorted { Self.isNewer($0, $1) } : rows
        }
    }

    private static func isNewer(_ left: Observation, _ right: Observation) -> Bool {
        guard let time = left.timestamp else { return false }
        guard let other = right.timestamp else { return true }
        return time == other ? right.identity.utf8.lexicographicallyPrecedes(left.identity.utf8) : time > other
    }
}

extension [Observation] {
    /// The shortest beginning with so many usable rows, or all.
    fileprivate func prefix(
        holding count: Int, of rule: RowRule
    ) -> (rows: ArraySlice<Observation>, isEnough: Bool) {
        var usable = 0
        for (index, row) in enumerated() where rule.row(row) != nil {
            usable += 1
            if usable == count { return (self[...index], true) }
        }
        return (self[...], false)
    }
}
