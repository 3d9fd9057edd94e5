import Documents
import Foundation
import Testing
import Threading

@testable import ModelService

@Suite("A gated service")
struct GatedServiceTests {
    private static func gated(_ harness: ServiceHarness, initial: ModelVersion? = nil) throws -> ModelService {
        let service = harness.service(initial: initial) { $0.isGated = true }
        try service.settle()
        return service
    }

    /// A service whose model was fitted on prices at half their height, after one that was not.
    private static func misled(_ harness: ServiceHarness) async throws -> (ModelService, String, String) {
        let service = try gated(harness)
        guard case .retrained(let parent) = await service.train(TrainingRequest()) else { throw Unexpected() }
        let halved = Observation.flats(200).suffix(60).map { row in
            var row = row
            row.actual = row.actual.map { $0 / 2 }
            return row
        }
        _ = try harness.store.record(halved)
        guard case .retrained(let model) = await service.train(TrainingRequest()) else { throw Unexpected() }
        return (service, parent.version, model.version)
    }

    private struct Unexpected: Error {}

    @Test("a refused trigger is handled: it gets its answer again, and can be activated by hand, also after a restart")
    func refused() async throws {
        let harness = ServiceHarness()
        let service = try Self.gated(harness)
        _ = await service.train(.window(1))
        guard case .refused(let candidate, let serving) = await service.train(.window(2)) else { throw Unexpected() }
        #expect(candidate.parent == serving && service.current?.model.version == serving)
        guard case .repeated(let answer) = await service.train(.window(2)) else { throw Unexpected() }
        #expect(answer["status"] == "refused" && answer["candidate"]?.text == candidate.version)
        let again = try Self.gated(harness)
        #expect(again.current?.model.version == serving)
        #expect(try again.activate(candidate.version)?.previous == serving)
        #expect(try Self.gated(harness).current?.model.version == candidate.version)
    }

    @Test(
        "a rollback lasts: the parent serves after a restart and beside, and the model that failed is kept and says why"
    )
    func rolledBack() async throws {
        let harness = ServiceHarness()
        let (service, parent, failed) = try await Self.misled(harness)
        let beside = try Self.gated(harness)
        #expect(beside.current?.model.version == failed)
        _ = try service.observe(Array(Observation.flats(120).suffix(10)))
        #expect(service.current?.model.version == parent)
        try beside.settle()
        #expect(beside.current?.model.version == parent)
        #expect(try Self.gated(harness).current?.model.version == parent)
        let kept = try #require(try service.version(failed))
        #expect(kept.state == .rolledBack && kept.verdict["winner"] == "challenger")
        #expect(kept.verdict["rollback"]?["rows"] == 10)
    }

    @Test("each training and each rollback is told once, and a repeated trigger is no training")
    func told() async throws {
        let harness = ServiceHarness()
        let (service, _, failed) = try await Self.misled(harness)
        _ = try service.observe(Array(Observation.flats(120).suffix(10)))
        _ = await service.train(.window(1))
        _ = await service.train(.window(1))
        let words = harness.told.withLock { told in
            told.compactMap { event -> String? in
                switch event {
                case .trained(.retrained, let seconds): seconds > 0 ? "retrained" : "no time"
                case .trained(let outcome, _): "\(outcome)"
                case .rolledBack(let version, _): version
                case .serving, .observed, .store: nil
                }
            }
        }
        #expect(words == ["retrained", "retrained", failed, "retrained"])
    }

    @Test("where the models are away, the rollback is made up for with the next row")
    func away() async throws {
        let harness = ServiceHarness()
        let (service, parent, failed) = try await Self.misled(harness)
        let rows = Array(Observation.flats(120).suffix(12))
        try FileManager.default.moveItem(atPath: harness.folder, toPath: harness.folder + ".away")
        try Data().write(to: URL(filePath: harness.folder))
        _ = try service.observe(Array(rows.prefix(10)))
        #expect(service.current?.model.version == failed)
        try FileManager.default.removeItem(atPath: harness.folder)
        try FileManager.default.moveItem(atPath: harness.folder + ".away", toPath: harness.folder)
        _ = try service.observe([rows[10]])
        #expect(service.current?.model.version == parent && service.rollback?["rows"] == 10)
    }

    @Test("a model that served before serves again where it is better, under its own version, also after a restart")
    func restored() async throws {
        let harness = ServiceHarness()
        let (service, parent, misled) = try await Self.misled(harness)
        _ = try harness.store.record(Array(Observation.flats(208).suffix(8)))
        let since = try #require(Observation.flats(201)[200].timestamp)
        let request = TrainingRequest(
            reason: .change(since: since, isEstimated: true), identities: TrainingRequest.window(9).identities)
        guard case .restored(let model, let candidate) = await service.train(request) else { throw Unexpected() }
        #expect(model.version == parent && service.current?.version == parent)
        #expect(candidate.state == .refused && candidate.verdict["reason"] == "earlier_better")
        #expect(candidate.verdict["chosen"]?.text == parent && service.state.former == [misled])
        guard case .repeated(let answer) = await service.train(request) else { throw Unexpected() }
        #expect(answer["status"] == "restored" && answer["version"]?.text == parent)
        // The list is long, and answers are kept: it stands in the model's document.
        #expect(answer["verdict"]?["trial"] != nil && answer["verdict"]?["contestants"] == nil)
        #expect(candidate.verdict["contestants"] != nil)
        #expect(try Self.gated(harness).current?.version == parent)
    }

    @Test("what was rolled back does not compete any more")
    func rolledBackIsOut() async throws {
        let harness = ServiceHarness()
        let (service, parent, _) = try await Self.misled(harness)
        #expect(service.state.former == [parent])
        _ = try service.observe(Array(Observation.flats(120).suffix(10)))
        #expect(service.current?.version == parent && service.state.former == [])
    }

    @Test("what was activated by hand stays, whatever its first rows say")
    func byHand() async throws {
        let harness = ServiceHarness()
        let (service, parent, failed) = try await Self.misled(harness)
        _ = try service.activate(parent)
        _ = try service.activate(failed)
        _ = try service.observe(Array(Observation.flats(120).suffix(20)))
        #expect(service.current?.model.version == failed && service.rollback == nil)
    }

    @Test("coverage begins anew with each model")
    func coverage() async throws {
        let harness = ServiceHarness()
        let (service, parent, failed) = try await Self.misled(harness)
        _ = try service.observe(Array(Observation.flats(120).suffix(5)))
        let count = try #require(service.coverage)
        #expect(count.total.observed == 5 && count.total.covered == 0)
        #expect(count.document["version"]?.text == failed)
        _ = try service.activate(parent)
        #expect(service.coverage?.total.observed == 0)
    }
}
