import Regression
import Specification

/// The newest rows that can be trained on, oldest first. The others are passed over, and the store is asked on until there
/// are enough.
///
/// Those that were passed over stand among the rows that are given, so that whoever uses these can count them.
struct UsableRows {
    let store: any Store
    let rule: RowRule
    var bounds = RowBounds()

    /// How many rows are looked at beyond those that are wanted; of each level, how many.
    static let passedOverMax = 100_000
    static let passedOverOfLevelMax = 10_000
    private static let growth = 4

    func newest(_ count: Int) throws(StoreError) -> TrainingColumns {
        var asked = max(0, count)
        while true {
            let rows = TrainingColumns(try store.newestColumns(asked, rule.specification), rule: rule)
            let most = min(Self.passedOverMax + count, max(bounds.rowsMax, count))
            if let end = rows.end(holding: count) { return end }
            if rows.count < asked || asked >= most { return rows }
            asked = min(asked * Self.growth, most)
        }
    }

    /// - Returns: those of each level, the levels in byte order.
    func newestOfEachLevel(_ count: Int, within bounds: RowBounds) throws(StoreError) -> [TrainingColumns] {
        var asked = max(0, count)
        while true {
            let rows = try store.newestOfEachLevel(asked, within: bounds)
            let levels = byLevel(rows).map { rows in
                TrainingColumns(ObservedColumns(oldestFirst: rows.reversed(), rule.specification), rule: rule)
            }
            // Nothing comes of it: see `CandidateTraining`.
            if bounds.isExceeded(rows: rows.count, levels: levels.count) { return levels }
            let isEnough = levels.allSatisfy { level in
                level.usableCount >= count || level.count < asked || !isLevel(level)
            }
            if isEnough || asked >= Self.passedOverOfLevelMax + count {
                return levels.map { $0.end(holding: count) ?? $0 }
            }
            asked = min(asked * Self.growth, Self.passedOverOfLevelMax + count)
        }
    }

    /// Whether rows of the level can be usable at all.
    private func isLevel(_ level: TrainingColumns) -> Bool {
        guard let name = level.rows.groups?.usedNames.first else { return rule.specification.factor == nil }
        return rule.admits(level: name, ofFactor: 0)
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
