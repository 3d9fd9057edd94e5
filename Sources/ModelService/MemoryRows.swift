package import Documents
import Threading

/// A store in memory, for a backtest and for tests: as the databases keep rows, each once, by time and identity.
package final class MemoryRows: Store {
    private struct Kept {
        /// What rows are sorted by. Identities are compared by their bytes, as the databases do it: two texts that Unicode
        /// calls the same are two.
        struct Key: Comparable {
            let time: Int64
            let identity: [UInt8]

            init(_ row: Observation) {
                time = row.timestamp?.milliseconds ?? .min
                identity = Array(row.identity.utf8)
            }

            static func < (left: Key, right: Key) -> Bool {
                if left.time != right.time { return left.time < right.time }
                return left.identity.lexicographicallyPrecedes(right.identity)
            }
        }

        /// Oldest first; those without a time before all others.
        var rows: [(key: Key, row: Observation)] = []
        /// In the order in which they came.
        var arrivals: [Observation] = []

        mutating func insert(_ row: Observation) -> Recorded.Row {
            let key = Key(row)
            // Rows come nearly in order.
            var place = rows.endIndex
            while place > 0, key < rows[place - 1].key { place -= 1 }
            if place > 0, rows[place - 1].key == key { return Recorded.Row(row, kept: rows[place - 1].row) }
            rows.insert((key, row), at: place)
            arrivals.append(row)
            return .new
        }

        var end: StorePlace { .sequence(Int64(arrivals.count)) }

        var newestFirst: [Observation] { rows.reversed().map(\.row) }
    }

    private let kept = Lock(Kept())

    package init() {}

    package var count: Int { kept.withLock(\.rows.count) }
    package var newestTime: Timestamp? { kept.withLock { $0.rows.last?.row.timestamp } }

    package func record(_ rows: [Observation]) -> Recorded {
        kept.withLock { kept in
            let start = kept.end
            return Recorded(rows.map { kept.insert($0) }, span: StoreSpan(start: start, end: kept.end))
        }
    }

    package func newest(_ count: Int) -> [Observation] {
        kept.withLock { $0.rows.suffix(max(0, count)).reversed().map(\.row) }
    }

    package func newest(_ count: Int, before time: Timestamp) -> [Observation] {
        kept.withLock { kept in
            let earlier = kept.rows.filter { row in row.row.timestamp.map { $0 < time } ?? false }
            return earlier.suffix(max(0, count)).reversed().map(\.row)
        }
    }

    package func newestOfEachLevel(_ count: Int, within bounds: RowBounds) -> [Observation] {
        kept.withLock { kept in
            let levels = Dictionary(grouping: kept.newestFirst.filter { $0.level != nil }) {
                Array($0.level?.utf8 ?? "".utf8)
            }
            var rows: [Observation] = []
            for (number, level) in levels.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }).enumerated() {
                if bounds.isExceeded(rows: rows.count, levels: number) { break }
                rows += levels[level, default: []].prefix(max(0, count))
            }
            return rows
        }
    }

    package func end(notAfter latest: Timestamp?) -> StorePlace { kept.withLock(\.end) }

    package func rows(after place: StorePlace, notAfter latest: Timestamp?, limit: Int) -> StorePage {
        kept.withLock { kept in
            guard case .sequence(let place) = place, let start = Int(exactly: place), kept.arrivals.indices ~= start,
                limit > 0
            else { return StorePage(rows: [], end: kept.end, isFull: false) }
            let rows = Array(kept.arrivals[start...].prefix(limit))
            return StorePage(
                rows: rows, end: .sequence(Int64(start + rows.count)), isFull: rows.count == limit)
        }
    }

    package func check() {}
    package func close() {}
}
