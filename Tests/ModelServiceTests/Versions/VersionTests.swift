import Dispatch
import Documents
import Foundation
import Specification
import Testing
import Threading

@testable import ModelService

@Suite("Versions of a service")
struct VersionTests {
    private func estimate(_ service: ModelService) -> UInt64? {
        service.current?.estimate(predictors: [60, 3, 4], levels: ["south"])?.value.bitPattern
    }

    private func trainedTwice(_ harness: ServiceHarness, _ service: ModelService) async throws -> [String] {
        for window in 1...2 {
            _ = await service.train(.window(window))
            var rows = Observation.flats(90)
            for index in rows.indices { rows[index].actual? += Double(index) }
            _ = try harness.store.record(rows)
        }
        return try harness.versions
    }

    @Test("going back serves the same bits as before, at once, and after a restart")
    func activate() async throws {
        let harness = ServiceHarness()
        let service = harness.service()
        _ = await service.train(.window(1))
        let before = estimate(service)
        let versions = try await trainedTwice(harness, service)
        let (first, last) = (try #require(versions.last), versions[0])
        #expect(estimate(service) != before)
        let activation = try #require(try service.activate(first))
        #expect(activation.model.version == first && activation.previous == last)
        #expect(estimate(service) == before)
        let restarted = harness.service()
        try restarted.settle()
        #expect(estimate(restarted) == before && restarted.current?.model.version == first)
        #expect(try service.activate("20210101T000000000Z-00000000") == nil)
        #expect(try service.activate("../../etc/passwd") == nil)
    }

    @Test("a model after one that was gone back to has that one as its parent, and a version that sorts last")
    func parentAfterActivation() async throws {
        let harness = ServiceHarness()
        let service = harness.service()
        let versions = try await trainedTwice(harness, service)
        _ = try service.activate(versions[1])
        guard case .retrained(let model) = await service.train(.window(9)) else {
            Issue.record("not retrained")
            return
        }
        #expect(model.parent == versions[1] && model.version > versions[0])
        #expect(try harness.versions == [model.version] + versions)
    }

    @Test("a number of models is kept; the one that serves and its parent stay, whatever their age")
    func retention() async throws {
        let harness = ServiceHarness()
        let service = harness.service { $0.retention = Retention(keep: 3) }
        var versions: [String] = []
        for window in 1...6 {
            _ = await service.train(.window(window))
            versions.append(try #require(service.current?.model.version))
        }
        #expect(try harness.versions == Array(versions.suffix(3).reversed()))
        _ = try service.activate(versions[3])
        _ = await service.train(.window(7))
        _ = await service.train(.window(8))
        let model = try #require(service.current?.model)
        let parent = try #require(model.parent)
        #expect(try harness.versions.count == 3 && harness.versions.prefix(2) == [model.version, parent])
    }

    @Test("the initial model is kept like any other, so that there is a way back to it")
    func initial() async throws {
        let harness = ServiceHarness()
        let initial = try ModelVersionTests.model(Observation.flats(20))
        let service = harness.service(initial: initial)
        try service.settle()
        #expect(try harness.versions == [initial.version])
        _ = await service.train(.window(1))
        #expect(try harness.versions.count == 2)
        _ = try service.activate(initial.version)
        #expect(service.current?.model == initial)
    }

    @Test("models from before there was a state: the newest that served is taken over")
    func olderFolder() throws {
        let harness = ServiceHarness()
        let directory = ModelDirectory(path: harness.folder)
        var models = try (0..<3).map {
            try ModelVersionTests.model(
                Observation.flats(20), time: ModelVersionTests.time.advanced(byMilliseconds: Int64($0)))
        }
        models[2].state = .refused
        for model in models { try directory.save(model) }
        let service = harness.service(initial: models[0])
        try service.settle()
        #expect(service.current?.model == models[1])
    }

    @Test("a model of another specification is never served")
    func otherSpecification() async throws {
        let harness = ServiceHarness()
        let service = harness.service()
        _ = await service.train(.window(1))
        let version = try #require(service.current?.model.version)
        let path = "\(harness.folder)/\(version).json"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let other = "\(version)-other"
        try text.replacing("\"flats\"", with: "\"houses\"").replacing(version, with: other).write(
            toFile: "\(harness.folder)/\(other).json", atomically: true, encoding: .utf8)
        #expect(throws: StoreError.self) { try service.activate(other) }
        #expect(service.current?.model.version == version)
    }

    @Test("where the model that is to serve cannot be read, the newest that can be serves")
    func unreadable() async throws {
        let harness = ServiceHarness()
        let service = harness.service()
        let versions = try await trainedTwice(harness, service)
        // Until then the state has the model too.
        service.close()
        try Data("{".utf8).write(to: URL(filePath: "\(harness.folder)/\(versions[0]).json"))
        let restarted = harness.service()
        try restarted.settle()
        #expect(restarted.current?.model.version == versions[1])
        #expect(await restarted.train(.window(7)).answer?["status"] == "retrained")
    }

    @Test("another server over the same folder follows a swap and a rollback")
    func follow() async throws {
        let harness = ServiceHarness()
        let first = harness.service()
        let second = harness.service { $0.followMilliseconds = 5 }
        second.follow()
        func followed(_ version: String?) async -> Bool {
            for _ in 0..<2000 where second.current?.model.version != version {
                try? await Task.sleep(for: .milliseconds(5))
            }
            return second.current?.model.version == version
        }
        let versions = try await trainedTwice(harness, first)
        #expect(await followed(versions[0]))
        _ = try first.activate(versions[1])
        #expect(await followed(versions[1]))
        second.close()
    }

    @Test("a model that is trained while the first one is looked for stays in service")
    func trainedMeanwhile() async throws {
        let harness = ServiceHarness()
        let models = InterruptedModels(folder: harness.folder)
        let service = ModelService(
            specification: .flats, store: harness.store, models: models,
            initial: try ModelVersionTests.model(Observation.flats(20)), clock: { ModelVersionTests.time })
        let trained = Lock<JSON?>(nil)
        models.interrupt {
            let done = DispatchSemaphore(value: 0)
            service.train(.window(1, isForced: true)) { outcome in
                trained.withLock { $0 = outcome.answer?["version"] }
                done.signal()
            }
            done.wait()
        }
        try service.settle()
        let version = try #require(trained.withLock { $0?.text })
        #expect(service.current?.model.version == version && service.state.active == version)
    }

    @Test("that the others cannot be followed is logged once, and once that they can again, however the reason changes")
    func followFault() async throws {
        let harness = ServiceHarness()
        let former = harness.service()
        _ = await former.train(.window(1))
        // It leaves the state in one line, which nobody writes anew in the middle of what follows.
        former.close()
        let service = harness.service { $0.followMilliseconds = 5 }
        try service.settle()
        service.follow()
        let state = URL(filePath: "\(harness.folder)/serving.state")
        let whole = try Data(contentsOf: state)
        for (text, fault) in [("{", "is not JSON"), ("[]", "is no state"), ("{}", "is no state")] {
            try Data(text.utf8).write(to: state, options: .atomic)
            for _ in 0..<2000 where service.modelsFault?.contains(fault) != true {
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(service.modelsFault?.contains(fault) == true)
        }
        try whole.write(to: state, options: .atomic)
        for _ in 0..<2000 where service.modelsFault != nil { try await Task.sleep(for: .milliseconds(5)) }
        service.close()
        #expect(harness.logged.withLock { $0.count } == 2, "\(harness.logged.withLock { $0 })")
    }
}

/// A folder of models where something else happens while the next listing is on its way.
private final class InterruptedModels: ModelStore {
    private let directory: ModelDirectory
    private let interruption = Lock<(@Sendable () -> Void)?>(nil)

    init(folder: String) { directory = ModelDirectory(path: folder) }

    func interrupt(_ body: @escaping @Sendable () -> Void) { interruption.withLock { $0 = body } }

    func versions(before: String?, limit: Int) throws(StoreError) -> [String] {
        let body = interruption.withLock { held in
            defer { held = nil }
            return held
        }
        let versions = try directory.versions(before: before, limit: limit)
        body?()
        return versions
    }

    func save(_ model: ModelVersion) throws(StoreError) { try directory.save(model) }
    func model(_ version: String) throws(StoreError) -> ModelVersion? { try directory.model(version) }
    func remove(_ versions: [String]) throws(StoreError) { try directory.remove(versions) }
    func state(otherThan revision: Int64) throws(StoreError) -> ServingState? {
        try directory.state(otherThan: revision)
    }
    func replaceState(with state: ServingState, keeping model: ModelVersion?) throws(StoreError) -> Bool {
        try directory.replaceState(with: state, keeping: model)
    }
    func removeLeftovers() { directory.removeLeftovers() }
    func beginTraining() throws(StoreError) -> Bool { try directory.beginTraining() }
    func endTraining() { directory.endTraining() }
    func close() { directory.close() }
}
