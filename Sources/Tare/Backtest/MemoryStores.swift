import Documents
import ModelService
import Synchronization

/// The rows of a backtest, in memory: as the databases keep them, each once, by time and identity.
final class MemoryRows: Store {
    private struct Kept {
        /// Oldest first; those without a time before all others.
        var rows: [(key: (time: Int64, identity: String), row: Observation)] = []

        mutating func insert(_ row: Observation) -> Bool {
            let key = (time: row.timestamp?.milliseconds ?? .min, identity: row.identity)
            // Rows come nearly in order.
            var place = rows.endIndex
            while place > 0, key < rows[place - 1].key { place -= 1 }
            guard place == 0 || rows[place - 1].key != key else { return false }
            rows.insert((key, row), at: place)
            return true
        }

        var newestFirst: [Observation] { rows.reversed().map(\.row) }
    }

    private let kept = Mutex(Kept())

    func record(_ rows: [Observation]) -> Int {
        kept.withLock { kept in rows.reduce(0) { $0 + (kept.insert($1) ? 1 : 0) } }
    }

    var newestTime: Timestamp? { kept.withLock { $0.rows.last?.row.timestamp } }

    func newest(_ count: Int) -> [Observation] {
        kept.withLock { $0.rows.suffix(count).reversed().map(\.row) }
    }

    func newestOfEachLevel(_ count: Int) -> [Observation] {
        kept.withLock { kept in
            let levels = Dictionary(grouping: kept.newestFirst.filter { $0.level != nil }) { $0.level ?? "" }
            return levels.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
                .flatMap { levels[$0, default: []].prefix(count) }
        }
    }

    func check() {}
    func close() {}
}

/// The models of a backtest, in memory: one server, which nobody shares them with.
final class MemoryModels: ModelStore {
    private struct Kept {
        var models: [String: ModelVersion] = [:]
        var state = ServingState()
    }

    private let kept = Mutex(Kept())

    func save(_ model: ModelVersion) { kept.withLock { $0.models[model.version] = model } }

    func model(_ version: String) -> ModelVersion? { kept.withLock { $0.models[version] } }

    func versions(before: String?, limit: Int) -> [String] {
        kept.withLock { kept in
            let versions = kept.models.keys.filter { version in before.map { version < $0 } ?? true }
            return Array(versions.sorted(by: >).prefix(limit))
        }
    }

    func remove(_ versions: [String]) {
        kept.withLock { kept in for version in versions { kept.models[version] = nil } }
    }

    func state(after revision: Int64) -> ServingState? {
        kept.withLock { $0.state.revision > revision ? $0.state : nil }
    }

    func replaceState(with state: ServingState) -> Bool {
        kept.withLock { kept in
            guard state.revision == kept.state.revision + 1 else { return false }
            kept.state = state
            return true
        }
    }

    func beginTraining() -> Bool { true }
    func endTraining() {}
    func close() {}
}
