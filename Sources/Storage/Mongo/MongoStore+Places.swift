import Documents
import ModelService
import Regression
import Specification

/// Places by time: MongoDB does not know in which order documents were written. Rows without a time, which only others
/// write, are behind no place.
extension MongoStore {
    /// How a time may stand in a document. A comparison finds only values of its own kind.
    private enum Kind: CaseIterable {
        case text, date

        /// What all values of the kind are at least.
        var least: JSON { self == .text ? "" : value(Timestamp(milliseconds: .min)) }

        /// In MongoDB's extended JSON.
        func value(_ time: Timestamp) -> JSON {
            switch self {
            case .text: .string(time.description)
            case .date: ["$date": ["$numberLong": .string("\(time.milliseconds)")]]
            }
        }
    }

    func end(notAfter latest: Timestamp?) throws(StoreError) -> StorePlace {
        try attempt("looking for the last row") { collection throws(MongoFailure) in
            var times: [Timestamp] = []
            for kind in Kind.allCases {
                let rows = try self.rows(
                    in: collection, matching: self.filter(kind, after: nil, notAfter: latest), count: 1,
                    sort: self.index.key, by: self.index
                ).rows
                times += rows.compactMap(\.timestamp)
            }
            return .time(times.max())
        }
    }

    func newest(_ count: Int, before time: Timestamp) throws(StoreError) -> [Observation] {
        guard count > 0 else { return [] }
        let found = try attempt("reading \(count) rows before a time") { collection throws(MongoFailure) in
            var found: [Observation] = []
            for kind in Kind.allCases {
                let filter = try self.filter(kind, ["$gte": kind.least, "$lt": kind.value(time)])
                found += try self.rows(
                    in: collection, matching: filter, count: count, sort: self.index.key, by: self.index
                ).rows
            }
            return found
        }
        // The sort is stable: among rows of one time it keeps the database's order.
        let timed = found.compactMap { row in row.timestamp.map { (time: $0, row: row) } }
        return timed.filter { $0.time < time }.sorted { $0.time > $1.time }.prefix(count).map(\.row)
    }

    func rows(
        after place: StorePlace, notAfter latest: Timestamp?, limit: Int
    ) throws(StoreError) -> StorePage {
        guard case .time(let start) = place, limit > 0 else {
            return StorePage(rows: [], end: try end(notAfter: latest), isFull: false)
        }
        let oldestFirst = JSON.object((index.key.members ?? []).map { JSON.Member($0.name, 1) })
        let found = try attempt("reading up to \(limit) rows behind a time") { collection throws(MongoFailure) in
            var found: [[Observation]] = []
            for kind in Kind.allCases {
                let filter = try self.filter(kind, after: start, notAfter: latest)
                found.append(
                    try self.rows(
                        in: collection, matching: filter, count: limit, sort: oldestFirst, by: self.index
                    ).rows)
            }
            return found
        }
        return Self.page(of: found, after: start, limit: limit)
    }

    /// Puts together what was found of each kind, oldest first.
    ///
    /// Where more may follow, rows of the last time are left for the next page, which begins behind a time: unless all
    /// have that time.
    private static func page(of found: [[Observation]], after start: Timestamp?, limit: Int) -> StorePage {
        let bound = found.filter { $0.count == limit }.compactMap { $0.last?.timestamp }.min()
        // A text may be in another form than that in which it is sorted; none must count twice.
        let timed = found.joined().compactMap { row in row.timestamp.map { (time: $0, row: row) } }
            .filter { entry in (start.map { entry.time > $0 } ?? true) && (bound.map { entry.time <= $0 } ?? true) }
            .sorted { $0.time < $1.time }
        let earlier = timed.filter { entry in bound.map { entry.time < $0 } ?? true }
        let page = earlier.isEmpty ? timed : earlier
        return StorePage(
            rows: page.map(\.row), end: .time(page.last?.time ?? start), isFull: bound != nil)
    }

    private func filter(
        _ kind: Kind, after start: Timestamp?, notAfter latest: Timestamp?
    ) throws(MongoFailure) -> BSONDocument {
        var conditions = [start.map { JSON.Member("$gt", kind.value($0)) } ?? JSON.Member("$gte", kind.least)]
        if let latest { conditions.append(JSON.Member("$lte", kind.value(latest))) }
        return try filter(kind, .object(conditions))
    }

    private func filter(_ kind: Kind, _ conditions: JSON) throws(MongoFailure) -> BSONDocument {
        try BSONDocument(extendedJSON: JSON.object([JSON.Member(timestampField, conditions)]).compact)
    }
}
