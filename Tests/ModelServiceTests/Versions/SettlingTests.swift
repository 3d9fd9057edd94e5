import Dispatch
import Documents
import Foundation
import Specification
import Testing
import Threading

@testable import ModelService

/// A folder of models in which something happens, once, just after the versions were listed.
private final class InterruptedModels: ModelStore {
    private let models: ModelDirectory
    private let interruption = Lock<(@Sendable () -> Void)?>(nil)

    init(path: String) { models = ModelDirectory(path: path) }

    func interrupt(with body: @escaping @Sendable () -> Void) { interruption.withLock { $0 = body } }

    func versions(before: String?, limit: Int) throws(StoreError) -> [String] {
        let versions = try models.versions(before: before, limit: limit)
        let body = interruption.withLock { body in
            defer { body = nil }
            return body
        }
        body?()
        return versions
    }

    func save(_ model: ModelVersion) throws(StoreError) { try models.save(model) }
    func model(_ version: String) throws(StoreError) -> ModelVersion? { try models.model(version) }
    func remove(_ versions: [String]) throws(StoreError) { try models.remove(versions) }
    func state(otherThan revision: Int64) throws(StoreError) -> ServingState? { try models.state(otherThan: revision) }
    func replaceState(with state: ServingState, keeping model: ModelVersion?) throws(StoreError) -> Bool {
        try models.replaceState(with: state, keeping: model)
    }
    func removeLeftovers() { models.removeLeftovers() }
    func beginTraining() throws(StoreError) -> Bool { try models.beginTraining() }
    func endTraining() { models.endTraining() }
    func close() { models.close() }
}

@Suite("What serves at the start")
struct SettlingTests {
    @Test("a model that was trained while the first one was looked for serves, and goes on to")
    func interrupted() throws {
        let folder = NSTemporaryDirectory() + "tare-settling-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let initial = try ModelVersion(
            fitting: TrainingRows(oldestFirst: Observation.flats(40), specification: .flats),
            time: ModelVersionTests.time, parent: nil, trigger: .null)
        let models = InterruptedModels(path: folder)
        var settings = ModelService.Settings()
        settings.isGated = false
        let service = ModelService(
            specification: .flats, store: MemoryStore(Observation.flats(80)), models: models, initial: initial,
            settings: settings, clock: { ModelVersionTests.time })
        models.interrupt {
            let trained = DispatchSemaphore(value: 0)
            service.train(.window(1)) { _ in trained.signal() }
            trained.wait()
        }
        try service.settle()
        let trained = try #require(try models.versions(before: nil, limit: 1).first)
        #expect(trained != initial.version)
        #expect(service.state.active == trained)
        #expect(service.current?.model.version == trained)
    }
}
