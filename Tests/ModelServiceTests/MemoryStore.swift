import Documents
import ModelService
import Threading

/// A store in memory that can be told to fail, and to wait before it answers.
final class MemoryStore: Store {
    private let rows = MemoryRows()
    private let failure = Lock<StoreError?>(nil)
    private let gate: Gate?
    /// Of a row that is refused for good.
    private let refused: String?

    init(_ rows: [Observation] = [], gate: Gate? = nil, refusing refused: String? = nil) {
        self.gate = gate
        self.refused = refused
        _ = self.rows.record(rows)
    }

    func fail(with error: StoreError?) { failure.withLock { $0 = error } }

    func record(_ new: [Observation]) throws(StoreError) -> Recorded {
        try check()
        if let refused, new.contains(where: { $0.identifier == refused }) { throw StoreError(.refused, "not that one") }
        return rows.record(new)
    }

    func newest(_ count: Int) throws(StoreError) -> [Observation] {
        gate?.pass()
        try check()
        return rows.newest(count)
    }

    func newest(_ count: Int, before time: Timestamp) throws(StoreError) -> [Observation] {
        try check()
        return rows.newest(count, before: time)
    }

    func newestOfEachLevel(_ count: Int, within bounds: RowBounds) throws(StoreError) -> [Observation] {
        try check()
        return rows.newestOfEachLevel(count, within: bounds)
    }

    func end(notAfter latest: Timestamp?) throws(StoreError) -> StorePlace {
        try check()
        return rows.end(notAfter: latest)
    }

    func rows(
        after place: StorePlace, notAfter latest: Timestamp?, limit: Int
    ) throws(StoreError) -> StorePage {
        try check()
        return rows.rows(after: place, notAfter: latest, limit: limit)
    }

    func check() throws(StoreError) {
        if let error = failure.withLock({ $0 }) { throw error }
    }

    func close() {}
}
