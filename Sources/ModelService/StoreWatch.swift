import Documents
import Specification
import Threading

/// Keeps the condition of one store, and says once when a fault begins and once when it is over.
final class StoreWatch: Sendable {
    private let name: String
    private let log: @Sendable (String) -> Void
    private let changed: @Sendable (String?) -> Void
    private let condition = Lock(StoreCondition())

    /// - Parameters:
    ///   - name: such as `the store of rows`.
    ///   - changed: is told of a fault that begins, and with nil of its end.
    init(
        _ name: String, log: @escaping @Sendable (String) -> Void,
        changed: @escaping @Sendable (String?) -> Void = { _ in }
    ) {
        self.name = name
        self.log = log
        self.changed = changed
    }

    var fault: String? { condition.withLock(\.fault) }

    var faultCount: Int { condition.withLock(\.faultCount) }

    func note(_ use: StoreCondition.Use, _ fault: String?) {
        switch condition.withLock({ $0.note(use, fault) }) {
        case .began(let fault):
            log("\(name) has a fault: \(fault)")
            changed(fault)
        case .ended:
            log("\(name) is as it should be again")
            changed(nil)
        case nil: break
        }
    }

    /// Notes what becomes of a call.
    func watch<Result>(
        _ use: StoreCondition.Use, _ body: () throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        do throws(StoreError) {
            let result = try body()
            note(use, nil)
            return result
        } catch {
            note(use, error.description)
            throw error
        }
    }
}

/// A store of rows whose condition is watched.
struct WatchedStore: Store {
    let store: any Store
    let watch: StoreWatch

    func record(_ rows: [Observation]) throws(StoreError) -> Recorded {
        try watch.watch(.write) { () throws(StoreError) in try store.record(rows) }
    }

    func newest(_ count: Int) throws(StoreError) -> [Observation] {
        try watch.watch(.read) { () throws(StoreError) in try store.newest(count) }
    }

    func newestColumns(
        _ count: Int, _ specification: ModelSpecification
    ) throws(StoreError) -> ObservedColumns {
        try watch.watch(.read) { () throws(StoreError) in try store.newestColumns(count, specification) }
    }

    func newest(_ count: Int, before time: Timestamp) throws(StoreError) -> [Observation] {
        try watch.watch(.read) { () throws(StoreError) in try store.newest(count, before: time) }
    }

    func newestOfEachLevel(_ count: Int, within bounds: RowBounds) throws(StoreError) -> [Observation] {
        try watch.watch(.read) { () throws(StoreError) in try store.newestOfEachLevel(count, within: bounds) }
    }

    func end(notAfter latest: Timestamp?) throws(StoreError) -> StorePlace {
        try watch.watch(.read) { () throws(StoreError) in try store.end(notAfter: latest) }
    }

    func rows(after place: StorePlace, notAfter latest: Timestamp?, limit: Int) throws(StoreError) -> StorePage {
        try watch.watch(.read) { () throws(StoreError) in
            try store.rows(after: place, notAfter: latest, limit: limit)
        }
    }

    func check() throws(StoreError) {
        try watch.watch(.read) { () throws(StoreError) in try store.check() }
    }

    func close() { store.close() }
}

/// A store of models whose condition is watched: by the looks at the state, which are many, and by what is written.
struct WatchedModels: ModelStore {
    let models: any ModelStore
    let watch: StoreWatch

    func save(_ model: ModelVersion) throws(StoreError) {
        try watch.watch(.write) { () throws(StoreError) in try models.save(model) }
    }

    func model(_ version: String) throws(StoreError) -> ModelVersion? { try models.model(version) }

    func versions(before: String?, limit: Int) throws(StoreError) -> [String] {
        try models.versions(before: before, limit: limit)
    }

    func remove(_ versions: [String]) throws(StoreError) { try models.remove(versions) }

    func state(otherThan revision: Int64) throws(StoreError) -> ServingState? {
        try watch.watch(.read) { () throws(StoreError) in try models.state(otherThan: revision) }
    }

    func replaceState(with state: ServingState, keeping model: ModelVersion?) throws(StoreError) -> Bool {
        try watch.watch(.write) { () throws(StoreError) in try models.replaceState(with: state, keeping: model) }
    }

    /// Takes a lock, which is no write: only that it cannot be taken tells something.
    func beginTraining() throws(StoreError) -> Bool {
        do throws(StoreError) { return try models.beginTraining() } catch {
            watch.note(.write, error.description)
            throw error
        }
    }

    func endTraining() { models.endTraining() }
    func removeLeftovers() { models.removeLeftovers() }

    /// That there was nothing to do tells nothing.
    func tidy() throws(StoreError) -> Bool {
        do throws(StoreError) {
            guard try models.tidy() else { return false }
            watch.note(.write, nil)
            return true
        } catch {
            watch.note(.write, error.description)
            throw error
        }
    }

    func close() { models.close() }
}
