import ModelService
import Synchronization

/// A store in memory that can be told to fail, and to wait before it answers.
final class MemoryStore: Store {
    private let rows = Mutex<[Observation]>([])
    private let failure = Mutex<StoreError?>(nil)
    private let gate: Gate?
    private let tellsRepeats: Bool

    init(_ rows: [Observation] = [], gate: Gate? = nil, tellsRepeats: Bool = false) {
        self.gate = gate
        self.tellsRepeats = tellsRepeats
        self.rows.withLock { $0 = rows }
    }

    func fail(with error: StoreError?) { failure.withLock { $0 = error } }

    func record(_ new: [Observation]) throws(StoreError) -> Int {
        try check()
        return rows.withLock { rows in
            let fresh = tellsRepeats ? new.filter { !rows.contains($0) } : new
            rows += fresh
            return fresh.count
        }
    }

    func newest(_ count: Int) throws(StoreError) -> [Observation] {
        gate?.pass()
        try check()
        return rows.withLock { Array($0.reversed().prefix(count)) }
    }

    func newestOfEachLevel(_ count: Int) throws(StoreError) -> [Observation] {
        try check()
        let byLevel = Dictionary(grouping: rows.withLock { Array($0.reversed()) }, by: \.level)
        return byLevel.keys.compactMap(\.self).sorted().flatMap { (byLevel[$0] ?? []).prefix(count) }
    }

    func check() throws(StoreError) {
        if let error = failure.withLock({ $0 }) { throw error }
    }

    func close() {}
}
