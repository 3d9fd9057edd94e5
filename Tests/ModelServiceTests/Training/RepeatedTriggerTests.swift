import Documents
import Foundation
import Specification
import Testing
import Threading

@testable import ModelService

/// The service over a folder of models and rows in memory.
final class ServiceHarness: Sendable {
    let folder = NSTemporaryDirectory() + "tare-service-\(UUID().uuidString)"
    let now = Lock(ModelVersionTests.time)
    let store: MemoryStore
    /// By all services together.
    let logged = Lock<[String]>([])
    /// The same.
    let told = Lock<[ServiceEvent]>([])

    init(rows: Int = 80, gate: Gate? = nil) {
        store = MemoryStore(Observation.flats(rows), gate: gate)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Another service over the same folder and rows, as after a restart or beside the first.
    func service(
        initial: ModelVersion? = nil, _ change: (inout ModelService.Settings) -> Void = { _ in }
    ) -> ModelService {
        var settings = ModelService.Settings()
        settings.isGated = false
        change(&settings)
        return ModelService(
            specification: .flats, store: store, models: ModelDirectory(path: folder), initial: initial,
            settings: settings, log: { line in self.logged.withLock { $0.append(line) } },
            tell: { event in self.told.withLock { $0.append(event) } },
            clock: { self.now.withLock { $0 } })
    }

    func advance(milliseconds: Int64) { now.withLock { $0 = $0.advanced(byMilliseconds: milliseconds) } }

    var versions: [String] {
        get throws { try ModelDirectory(path: folder).versions(before: nil, limit: .max) }
    }
}

extension ModelService {
    func train(_ request: TrainingRequest) async -> TrainingOutcome {
        await withCheckedContinuation { waiting in train(request) { waiting.resume(returning: $0) } }
    }
}

extension TrainingRequest {
    static func window(_ number: Int, isForced: Bool = false) -> TrainingRequest {
        TrainingRequest(
            trigger: ["window": JSON(number)], identities: [TriggerIdentity([JSON(number)], isLasting: true)],
            isForced: isForced)
    }
}

@Suite("Triggers that come again")
struct RepeatedTriggerTests {
    @Test("one window, delivered five times, trains once and gets the same answer five times, also after a restart")
    func fiveTimes() async throws {
        let harness = ServiceHarness()
        let service = harness.service()
        var answers: [JSON] = []
        for _ in 0..<4 { answers.append(try #require(await service.train(.window(1)).answer)) }
        let restarted = harness.service()
        try restarted.settle()
        answers.append(try #require(await restarted.train(.window(1)).answer))
        #expect(answers.allSatisfy { $0.bytes == answers[0].bytes })
        #expect(answers[0]["status"] == "retrained")
        #expect(try harness.versions.count == 1)
        #expect(restarted.current?.model.version == answers[0]["version"]?.text)
    }

    @Test("a trigger that nothing tells from others trains every time")
    func unknown() async throws {
        let harness = ServiceHarness()
        let service = harness.service()
        for _ in 0..<3 { _ = await service.train(TrainingRequest(trigger: ["a": 1])) }
        #expect(try harness.versions.count == 3)
    }

    @Test(
        "a trigger that nothing was trained for, or that failed, trains when it comes again and there are rows enough")
    func skipped() async throws {
        let harness = ServiceHarness(rows: 5)
        let service = harness.service()
        #expect(try #require(await service.train(.window(1)).answer)["reason"] == "not_enough_rows")
        harness.store.fail(with: StoreError(.unavailable, "away"))
        #expect(await service.train(.window(2)).answer == nil)
        harness.store.fail(with: nil)
        _ = try harness.store.record(Observation.flats(80))
        #expect(await service.train(.window(1)).answer?["status"] == "retrained")
        #expect(await service.train(.window(2)).answer?["status"] == "retrained")
    }

    @Test("a trigger whose model was refused gets that answer while the rows are the same, and trains when others came")
    func refused() async throws {
        let harness = ServiceHarness()
        let service = harness.service { $0.isGated = true }
        _ = await service.train(.window(1))
        let first = try #require(await service.train(.window(2)).answer)
        #expect(first["status"] == "refused")
        #expect(await service.train(.window(2)).answer == first)
        let restarted = harness.service { $0.isGated = true }
        try restarted.settle()
        #expect(await restarted.train(.window(2)).answer == first)
        let count = try harness.versions.count
        let changed = Observation.flats(160).suffix(80).map { row in
            var row = row
            row.actual = row.actual.map { $0 * 3 }
            return row
        }
        _ = try harness.store.record(changed)
        #expect(await restarted.train(.window(2)).answer?["status"] == "retrained")
        #expect(try harness.versions.count == count + 1)
    }

    @Test("who joined a training is answered by it, then and later")
    func joined() async throws {
        let gate = Gate()
        let harness = ServiceHarness(gate: gate)
        let service = harness.service()
        let answers = Lock<[JSON?]>([])
        let done = DispatchSemaphore(value: 0)
        for window in 1...2 {
            service.train(.window(window)) { outcome in
                answers.withLock { $0.append(outcome.answer) }
                done.signal()
            }
            if window == 1 { gate.waitForArrival() }
        }
        gate.open()
        await withCheckedContinuation { waiting in
            DispatchQueue.global().async {
                for _ in 1...2 { done.wait() }
                waiting.resume()
            }
        }
        let first = try #require(answers.withLock { $0[0] })
        #expect(answers.withLock { $0 } == [first, first])
        guard case .repeated(let later) = await service.train(.window(2)) else {
            Issue.record("trained again")
            return
        }
        #expect(later == first)
        #expect(try harness.versions.count == 1)
    }

    @Test("an answer that could not be kept is not given")
    func notDurable() async throws {
        let harness = ServiceHarness()
        // The state cannot take the place of a folder that is not empty.
        try FileManager.default.createDirectory(
            atPath: "\(harness.folder)/serving.state/in-the-way", withIntermediateDirectories: true)
        #expect(await harness.service().train(.window(1)).answer == nil)
    }

    @Test("two servers over the same models train once for a trigger that both get")
    func twoServers() async throws {
        let harness = ServiceHarness()
        let (first, second) = (harness.service(), harness.service())
        async let left = first.train(.window(1)).answer
        async let right = second.train(.window(1)).answer
        let answers = await [left, right]
        #expect(answers[0] != nil && answers[0] == answers[1])
        #expect(try harness.versions.count == 1)
    }

    @Test("cool-down and floor refuse with their reason, force sets them aside, and a refusal starts no cool-down")
    func rules() async throws {
        let harness = ServiceHarness()
        let service = harness.service { $0.rules.cooldownSeconds = 60 }
        func reason(_ request: TrainingRequest) async -> JSON? {
            let answer = await service.train(request).answer
            return answer?["reason"] ?? answer?["status"]
        }
        #expect(await reason(.window(1)) == "retrained")
        harness.advance(milliseconds: 30_000)
        #expect(await reason(.window(2)) == "cooling_down")
        #expect(await reason(.window(3, isForced: true)) == "retrained")
        harness.advance(milliseconds: 59_000)
        #expect(await reason(.window(4)) == "cooling_down")
        harness.advance(milliseconds: 2_000)
        #expect(await reason(.window(4)) == "retrained")
        #expect(await reason(.window(5)) == "cooling_down")
    }

    @Test("the floor on new rows holds across a restart")
    func newRows() async throws {
        let harness = ServiceHarness()
        func reason(_ window: Int) async throws -> JSON? {
            let service = harness.service { $0.rules.newRowsMin = 10 }
            try service.settle()
            let answer = await service.train(.window(window)).answer
            return answer?["reason"] ?? answer?["status"]
        }
        #expect(try await reason(1) == "retrained")
        #expect(try await reason(2) == "not_enough_new_rows")
        _ = try harness.store.record(Array(Observation.flats(90).suffix(10)))
        #expect(try await reason(3) == "retrained")
    }
}
