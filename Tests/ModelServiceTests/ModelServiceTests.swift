import Documents
import Foundation
import ModelService
import Specification
import Testing
import Threading

@Suite("The model service")
final class ModelServiceTests {
    private let folder = NSTemporaryDirectory() + "tare-service-\(UUID().uuidString)"

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private func service(
        _ store: MemoryStore, initial: ModelVersion? = nil, settings: ModelService.Settings = .init(),
        folder: String? = nil
    ) -> ModelService {
        ModelService(
            specification: .flats, store: store, models: ModelDirectory(path: folder ?? self.folder), initial: initial,
            settings: settings, clock: { ModelVersionTests.time })
    }

    /// Serves every model that the rows make.
    private var ungated: ModelService.Settings {
        var settings = ModelService.Settings()
        settings.isGated = false
        return settings
    }

    private func train(_ service: ModelService, trigger: JSON = .null, isForced: Bool = false) async -> TrainingOutcome
    {
        await withCheckedContinuation { waiting in
            service.train(TrainingRequest(trigger: trigger, isForced: isForced)) { waiting.resume(returning: $0) }
        }
    }

    @Test("a training fits the newest rows, keeps the model on the disk and serves it")
    func retrained() async throws {
        let service = service(MemoryStore(Observation.flats(80)))
        #expect(service.current == nil)
        guard case .retrained(let model) = await train(service, trigger: ["Species": ["x"]]) else {
            Issue.record("not retrained")
            return
        }
        #expect(model.rows == 50)
        #expect(model.trigger == ["Species": ["x"]])
        #expect(
            model.rowsHash
                == TrainingRows(oldestFirst: Array(Observation.flats(80).suffix(50)), specification: .flats).hash)
        #expect(service.current?.model == model)
        #expect(try ModelDirectory(path: folder).newest { _ in } == model)
    }

    @Test("a model names its parent, and its time goes on where the clock stands still")
    func parents() async throws {
        let service = service(MemoryStore(Observation.flats(80)), settings: ungated)
        guard case .retrained(let first) = await train(service), case .retrained(let second) = await train(service)
        else {
            Issue.record("not retrained")
            return
        }
        #expect(first.parent == nil && second.parent == first.version)
        #expect(second.time > first.time && second.version > first.version)
        #expect(second.model == first.model)
    }

    @Test("whatever fails, the model that was served still is")
    func failures() async throws {
        let initial = try ModelVersionTests.model(Observation.flats(20))
        let store = MemoryStore(Observation.flats(5))
        let service = service(store, initial: initial)
        if case .skipped(let refusal, _) = await train(service) {
            #expect(refusal == .tooFewRows(used: 5, leftOut: 0, needed: 6))
        } else {
            Issue.record("not skipped")
        }
        store.fail(with: StoreError(.unavailable, "away"))
        if case .storeFailed(let error) = await train(service) {
            #expect(error == StoreError(.unavailable, "away"))
        } else {
            Issue.record("not failed")
        }
        #expect(service.current?.model == initial)
        let full = self.service(MemoryStore(Observation.flats(80)), initial: initial, folder: "/dev/null/models")
        guard case .storeFailed = await train(full) else {
            Issue.record("was saved")
            return
        }
        #expect(full.current?.model == initial)
    }

    @Test("a trigger that comes while a training runs joins it; only so many may wait")
    func joined() async throws {
        let gate = Gate()
        var settings = ModelService.Settings()
        settings.waitersMax = 3
        let service = service(MemoryStore(Observation.flats(80), gate: gate), settings: settings)
        let outcomes = OutcomeList()
        service.train(TrainingRequest(), completion: outcomes.add)
        gate.waitForArrival()
        for _ in 0..<3 { service.train(TrainingRequest(), completion: outcomes.add) }
        #expect(outcomes.versions == [nil])  // the fourth is refused at once
        gate.open()
        await outcomes.wait(for: 4)
        let versions = outcomes.versions.compactMap(\.self)
        #expect(versions.count == 3 && Set(versions).count == 1)
        #expect(try ModelDirectory(path: folder).versions(before: nil, limit: 9).count == 1)
    }

    @Test("a candidate that is no better is kept with its verdict, and does not serve, not after a restart either")
    func refused() async throws {
        let service = service(MemoryStore(Observation.flats(80)))
        guard case .retrained(let first) = await train(service), case .refused(let second, _) = await train(service)
        else {
            Issue.record("not refused")
            return
        }
        #expect(first.verdict["reason"] == "first" && second.verdict["reason"] == "not_better")
        #expect(second.state == .refused)
        #expect(service.current?.model == first)
        #expect(try ModelDirectory(path: folder).newest { _ in } == first)
        #expect(try ModelDirectory.read(file: "\(folder)/\(second.version).json") == second)
    }

    @Test("a candidate serves whatever the gate says where that is asked for, and its verdict says so")
    func forced() async throws {
        let service = service(MemoryStore(Observation.flats(80)))
        _ = await train(service)
        guard case .retrained(let model) = await train(service, isForced: true) else {
            Issue.record("not retrained")
            return
        }
        #expect(model.verdict["winner"] == "champion" && model.verdict["forced"] == true)
        #expect(service.current?.model == model)
    }

    @Test(
        "a model that does worse on its first rows than its parent would have is taken back, for good, and it is said")
    func rolledBack() async throws {
        let messages = Lock<[String]>([])
        let parent = try ModelVersionTests.model(Observation.flats(60))
        let wrong = Observation.flats(50).map { row in
            var row = row
            row.actual = row.actual.map { $0 / 2 }
            return row
        }
        let service = ModelService(
            specification: .flats, store: MemoryStore(wrong), models: ModelDirectory(path: folder), initial: parent,
            log: { message in messages.withLock { $0.append(message) } }, clock: { ModelVersionTests.time })
        guard case .retrained(let failed) = await train(service) else {
            Issue.record("not retrained")
            return
        }
        let rows = Array(Observation.flats(90).suffix(30))
        _ = try service.observe(Array(rows.prefix(9)))
        #expect(service.current?.model == failed && service.rollback == nil)
        _ = try service.observe([rows[9]])
        #expect(service.current?.model == parent)
        #expect(service.rollback?["version"]?.text == failed.version && service.rollback?["rows"] == 10)
        #expect(messages.withLock { $0.count } == 1)
        let kept = try ModelDirectory.read(file: "\(folder)/\(failed.version).json")
        #expect(kept.state == .rolledBack && kept.verdict["rollback"]?["parent"]?.text == parent.version)
        #expect(try ModelDirectory(path: folder).newest { _ in } == nil)
    }

    @Test("rows that repeat others are not held against a model, and the new ones beside them are")
    func repeats() async throws {
        let store = MemoryStore(Observation.flats(80))
        let service = service(store)
        _ = await train(service)
        _ = try service.observe(Observation.flats(80))
        #expect(service.coverage?.total.observed == 0)
        _ = try service.observe(Array(Observation.flats(90).suffix(12)))
        #expect(service.coverage?.total.observed == 10)
        _ = try service.observe(Array(Observation.flats(91).suffix(2)) + Observation.flats(91).suffix(1))
        #expect(service.coverage?.total.observed == 11)
    }

    @Test("who holds a model keeps it while another is swapped in")
    func swap() async throws {
        let initial = try ModelVersionTests.model(Observation.flats(20))
        let service = service(MemoryStore(Observation.flats(80)), initial: initial, settings: ungated)
        let held = service.current
        _ = await train(service)
        #expect(held?.model == initial)
        #expect(service.current?.model != initial)
    }
}

/// Outcomes as they come, from whatever thread: the version of the model, nil where there is none.
private final class OutcomeList: Sendable {
    private let list = Lock<[String?]>([])

    var versions: [String?] { list.withLock { $0 } }

    func add(_ outcome: TrainingOutcome) {
        let version: String? = if case .retrained(let model) = outcome { model.version } else { nil }
        list.withLock { $0.append(version) }
    }

    func wait(for count: Int) async {
        while versions.count < count { try? await Task.sleep(for: .milliseconds(1)) }
    }
}
