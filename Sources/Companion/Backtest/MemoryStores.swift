import ModelService
import Threading

/// The models of a backtest, in memory: one server, which nobody shares them with.
final class MemoryModels: ModelStore {
    private struct Kept {
        var models: [String: ModelVersion] = [:]
        var state = ServingState()
    }

    private let kept = Lock(Kept())

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

    func state(otherThan revision: Int64) -> ServingState? {
        kept.withLock { $0.state.revision == revision ? nil : $0.state }
    }

    func replaceState(with state: ServingState, keeping model: ModelVersion?) -> Bool {
        kept.withLock { kept in
            guard state.revision == kept.state.revision + 1 else { return false }
            if let model { kept.models[model.version] = model }
            kept.state = state
            return true
        }
    }

    func beginTraining() -> Bool { true }
    func endTraining() {}
    func removeLeftovers() {}
    func close() {}
}
