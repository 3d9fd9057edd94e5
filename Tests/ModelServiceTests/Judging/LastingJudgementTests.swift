import Documents
import Foundation
import Testing
import Threading

@testable import ModelService

@Suite("What servers count of a model")
struct LastingJudgementTests {
    private static func gated(_ harness: ServiceHarness) throws -> ModelService {
        let service = harness.service { $0.isGated = true }
        try service.settle()
        service.catchUp(pagesMax: .max)
        return service
    }

    /// Flats from a number on, ordinary ones.
    private static func flats(_ numbers: Range<Int>) -> [Observation] {
        Array(Observation.flats(numbers.upperBound).suffix(numbers.count))
    }

    /// A service whose model was fitted on prices at half their height, after one that was not.
    private static func misled(_ harness: ServiceHarness) async throws -> (ModelService, parent: String, failed: String)
    {
        let service = try gated(harness)
        guard case .retrained(let parent) = await service.train(TrainingRequest()) else { throw Unexpected() }
        let halved = flats(140..<200).map { row in
            var row = row
            row.actual = row.actual.map { $0 / 2 }
            return row
        }
        _ = try harness.store.record(halved)
        guard case .retrained(let model) = await service.train(TrainingRequest()) else { throw Unexpected() }
        return (service, parent.version, model.version)
    }

    private struct Unexpected: Error {}

    @Test("a probation goes on after a restart, with the rows that it had")
    func restart() async throws {
        let harness = ServiceHarness()
        let (service, parent, failed) = try await Self.misled(harness)
        _ = try service.observe(Self.flats(200..<206))
        #expect(service.current?.version == failed)
        let restarted = try Self.gated(harness)
        #expect(restarted.current?.version == failed && restarted.coverage?.total.observed == 6)
        _ = try restarted.observe(Self.flats(206..<209))
        #expect(restarted.current?.version == failed)
        _ = try restarted.observe(Self.flats(209..<210))
        #expect(restarted.current?.version == parent)
        #expect(restarted.rollback?["version"]?.text == failed)
        #expect(try Self.gated(harness).rollback == restarted.rollback)
    }

    @Test("rows that come to any of three servers count on all of them, each once")
    func servers() async throws {
        let harness = ServiceHarness()
        let (first, parent, failed) = try await Self.misled(harness)
        let servers = [first, try Self.gated(harness), try Self.gated(harness)]
        for number in 200..<209 {
            _ = try servers[number % 3].observe(Self.flats(number..<number + 1))
            // An at-least-once sink delivers it to another one too.
            _ = try servers[(number + 1) % 3].observe(Self.flats(number..<number + 1))
        }
        for server in servers {
            server.catchUp(pagesMax: .max)
            #expect(server.coverage?.total.observed == 9 && server.current?.version == failed)
        }
        _ = try servers[1].observe(Self.flats(209..<210))
        #expect(servers[1].current?.version == parent)
        for server in servers {
            try server.settle()
            #expect(server.current?.version == parent && server.rollback?["rows"] == 10)
        }
        #expect(harness.logged.withLock { $0.count { $0.hasPrefix("rolled back") } } == 1)
    }

    @Test("that a model has passed is agreed on, and no restart decides again")
    func passed() async throws {
        let harness = ServiceHarness()
        let service = try Self.gated(harness)
        _ = await service.train(TrainingRequest())
        _ = try harness.store.record(
            Self.flats(140..<200).map { row in
                var row = row
                row.actual = row.actual.map { $0 * 2 }
                return row
            })
        guard case .retrained(let model) = await service.train(TrainingRequest()) else { throw Unexpected() }
        let doubled = Self.flats(200..<212).map { row in
            var row = row
            row.actual = row.actual.map { $0 * 2 }
            return row
        }
        #expect(service.state.deployment?.isOnProbation == true)
        _ = try service.observe(doubled)
        #expect(service.state.deployment?.isOnProbation == false)
        #expect(service.coverage?.total.observed == 12)
        let restarted = try Self.gated(harness)
        #expect(restarted.coverage?.total.observed == 12)
        _ = try restarted.observe(Self.flats(212..<240))
        #expect(restarted.current?.version == model.version)
    }

    @Test("a model that was activated by hand is counted from then on, after a restart too")
    func byHand() async throws {
        let harness = ServiceHarness()
        let (service, parent, failed) = try await Self.misled(harness)
        _ = try service.observe(Self.flats(200..<205))
        _ = try service.activate(parent)
        _ = try service.activate(failed)
        _ = try service.observe(Self.flats(205..<220))
        #expect(service.coverage?.total.observed == 15 && service.current?.version == failed)
        let restarted = try Self.gated(harness)
        #expect(restarted.coverage?.total.observed == 15 && restarted.current?.version == failed)
    }

    @Test("while the rows are away nothing is counted, and it is made up for")
    func away() async throws {
        let harness = ServiceHarness()
        let (service, _, _) = try await Self.misled(harness)
        harness.store.fail(with: StoreError(.unavailable, "away"))
        let restarted = try Self.gated(harness)
        #expect(restarted.coverage?.total.observed == 0)
        harness.store.fail(with: nil)
        _ = try service.observe(Self.flats(200..<203))
        _ = try restarted.observe(Self.flats(203..<206))
        #expect(restarted.coverage?.total.observed == 6)
    }

    @Test("a state of before says only which model serves: it is counted from the start on, without probation")
    func earlierState() async throws {
        let harness = ServiceHarness()
        let (_, _, failed) = try await Self.misled(harness)
        let text = """
            {"format":"tare-state/1","revision":9,"active":"\(failed)","trainedAt":null,"newestRow":null,"answered":[]}
            """
        try Data(text.utf8).write(to: URL(filePath: "\(harness.folder)/serving.state"))
        let restarted = try Self.gated(harness)
        #expect(restarted.current?.version == failed && restarted.rollback == nil)
        _ = try restarted.observe(Self.flats(200..<220))
        #expect(restarted.current?.version == failed && restarted.coverage?.total.observed == 20)
    }

    @Test("a row that conflicts with one that was counted is not counted, and is said")
    func conflicts() async throws {
        let harness = ServiceHarness()
        let service = try Self.gated(harness)
        _ = await service.train(TrainingRequest())
        _ = try service.observe(Self.flats(200..<205))
        var other = Self.flats(204..<205)
        other[0].actual = 7
        _ = try service.observe(Self.flats(203..<204) + other)
        #expect(service.coverage?.total.observed == 5)
        #expect(harness.logged.withLock { $0.contains { $0.hasPrefix("1 of 2 rows conflict") } })
    }
}
