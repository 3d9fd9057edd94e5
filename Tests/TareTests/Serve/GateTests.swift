import Documents
import EventProcessing
import HTTPServer
import ModelService
import Regression
import Specification
import Testing

@testable import Companion
@testable import Program
@testable import Tare

@Suite("The gate, as clients see it")
struct GateTests {
    private static let questions = ["salmon", "walleye", "pike"].flatMap { species in
        ["70.5", "88", "95", "300"].map { length in
            [HTTPField("length", length), HTTPField("height", "18"), HTTPField("species", species)]
        }
    }

    private static func answers(_ harness: RouteHarness) async -> [[UInt8]] {
        var answers: [[UInt8]] = []
        for query in questions { answers.append(await harness.send("GET", "/prediction", query: query).body) }
        return answers
    }

    private static func lines(_ rows: some Sequence<Observation>) -> String {
        rows.map { $0.document(.fish).compact + "\n" }.joined()
    }

    /// The same fish at half the weight.
    private static func light(_ count: Int) -> [Observation] {
        Fish.rows(count, levels: ["salmon", "walleye"]).map { row in
            var row = row
            row.actual = row.actual.map { $0 / 2 }
            return row
        }
    }

    @Test("a training tells who won and why, with both errors and counts")
    func verdict() async throws {
        let harness = try RouteHarness()
        _ = try harness.store.record(Fish.rows(80, levels: ["salmon", "walleye"]))
        let won = try #require(await harness.send("POST", "/train").document)
        #expect(won["status"] == "retrained" && won["verdict"]?["winner"] == "challenger")
        #expect(won["verdict"]?["rows"] == 50 && won["verdict"]?["levels"]?["walleye"]?["rows"] == 25)
        let lost = try #require(await harness.send("POST", "/train").document)
        #expect(lost["status"] == "refused" && lost["reason"] == "not_better")
        #expect(lost["version"] == won["version"] && lost["candidate"] != won["version"])
        #expect(lost["verdict"]?["champion"]?["rowsOfItsFit"] == 50)
        let forced = await harness.send("POST", "/train", query: [HTTPField("force", "true")])
        #expect(forced.document?["status"] == "retrained" && forced.document?["verdict"]?["forced"] == true)
        #expect(await harness.send("POST", "/train", query: [HTTPField("force", "yes")]).status == 400)
    }

    @Test("a rollback brings back the bytes of every answer, and GET /model says so")
    func rollback() async throws {
        let harness = try RouteHarness(levels: ["salmon", "walleye"])
        let before = await Self.answers(harness)
        let modelBefore = await harness.send("GET", "/model")
        _ = try harness.store.record(Self.light(60))
        let trained = await harness.send("POST", "/train")
        #expect(trained.document?["status"] == "retrained")
        #expect(await Self.answers(harness) != before)
        let observed = await harness.send(
            "POST", "/observations", body: Self.lines(Fish.rows(75, levels: ["salmon", "walleye"]).suffix(12)))
        #expect(observed.status == 200)
        #expect(await Self.answers(harness) == before)
        let model = try #require(await harness.send("GET", "/model").document)
        #expect(model["rolledBack"]?["version"] == trained.document?["version"])
        #expect(model["version"] == modelBefore.document?["version"])
    }

    @Test("coverage is counted by species, and apart for those that the model has not seen")
    func coverage() async throws {
        let harness = try RouteHarness(levels: ["salmon", "walleye"])
        let rows = Fish.rows(90, levels: ["salmon", "walleye", "pike"]).suffix(30)
        _ = await harness.send("POST", "/observations", body: Self.lines(rows))
        let document = try #require(await harness.send("GET", "/coverage").document)
        #expect(document["interval"] == 0.95 && document["observed"] == 20)
        #expect(document["levels"]?["salmon"]?["observed"] == 10 && document["unseen"]?["observed"] == 10)
        // Delivered again, they count no more.
        _ = await harness.send("POST", "/observations", body: Self.lines(rows))
        #expect(await harness.send("GET", "/coverage").document == document)
        #expect(await (try RouteHarness(levels: nil)).send("GET", "/coverage").status == 503)
    }

    @Test("95 % means 95 % on the simulated factory: 300 models of 50 salmon, 60 salmon each, seeds 1 to 300")
    func simulatedCoverage() throws {
        var (observed, covered) = (0, 0)
        for seed in 1...300 as ClosedRange<UInt64> {
            let plan = try SimulatorPlan("salmon:110")
            let subjects = try SubjectSequence(levels: Factory.levels, plan: plan, count: 110, seed: seed)
            let rows = subjects.map { subject in
                Observation(
                    identifier: "\(subject.number)", level: subject.level, predictors: subject.predictors,
                    actual: subject.response, timestamp: Timestamp(milliseconds: Int64(subject.number)))
            }
            let service = ModelService(
                specification: .fish, store: MemoryStore(), models: ModelDirectory(path: "/nowhere"),
                initial: try ModelVersion(
                    fitting: TrainingRows(oldestFirst: Array(rows.prefix(50)), specification: .fish),
                    time: Timestamp(milliseconds: 0), parent: nil, trigger: .null), clock: { .now })
            _ = try service.observe(Array(rows.suffix(60)))
            let count = try #require(service.coverage?.total)
            observed += count.observed
            covered += count.covered
        }
        // 18,000 fish: a share of 95 % strays by 0.25 % from model to model and fish to fish.
        let share = Double(covered) / Double(observed)
        #expect(observed == 18_000)
        #expect(abs(share - 0.95) < 0.0075, "\(share), seeds 1 to 300")
    }
}
