import Documents
import ModelService

/// What a query for the newest rows found, in the database's order.
///
/// MongoDB sorts by kind first: in a descending sort every BSON date precedes every string, numbers and missing fields
/// come last. A collection with both kinds must be asked for its strings once more, lest old dates hide newer strings.
struct NewestRows {
    enum Kind { case date, text, other }

    private(set) var rows: [Observation] = []
    /// Of the timestamp of each row.
    private var kinds: [Kind] = []

    init(capacity: Int) {
        rows.reserveCapacity(capacity)
        kinds.reserveCapacity(capacity)
    }

    mutating func append(_ row: consuming Observation, _ kind: Kind) {
        rows.append(consume row)
        kinds.append(kind)
    }

    /// Whether, of a query without a filter for `count` rows, the answer may lack strings that are newer than its dates.
    func needTexts(count: Int) -> Bool { rows.count == count && kinds.contains(.date) }

    /// Takes the newest strings, where they were asked for, in place of those that are here.
    mutating func replaceTexts(with texts: NewestRows) {
        let others = zip(rows, kinds).filter { $0.1 != .text }
        self = NewestRows(capacity: others.count + texts.rows.count)
        for (row, kind) in others { append(row, kind) }
        for row in texts.rows { append(row, .text) }
    }

    /// By time, whatever its kind; the rows without one are last.
    consuming func sorted() -> [Observation] {
        // Mostly the database's order is the right one. The sort is stable: among rows of one time it keeps that order.
        let areSorted = rows.indices.dropFirst().allSatisfy {
            !Self.precedes(rows[$0].timestamp, rows[$0 - 1].timestamp)
        }
        return areSorted ? rows : rows.sorted { Self.precedes($0.timestamp, $1.timestamp) }
    }

    private static func precedes(_ left: Timestamp?, _ right: Timestamp?) -> Bool {
        guard let left else { return false }
        guard let right else { return true }
        return left > right
    }
}
