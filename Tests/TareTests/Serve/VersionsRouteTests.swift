import Documents
import EventProcessing
import Foundation
import HTTPServer
import ModelService
import Testing

@testable import Tare

@Suite("The routes of versions")
struct VersionsRouteTests {
    private func trained(_ count: Int) async throws -> (harness: RouteHarness, versions: [String]) {
        let harness = try RouteHarness()
        _ = try harness.store.record(Fish.rows(80, levels: ["salmon", "walleye"]))
        var versions: [String] = []
        for _ in 0..<count {
            versions.append(try #require(await train(harness)))
        }
        return (harness, versions.reversed())
    }

    /// The same rows make no better model, so it is forced.
    private func train(_ harness: RouteHarness) async -> String? {
        await harness.send("POST", "/train", query: [HTTPField("force", "true")]).document?["version"]?.text
    }

    private func page(_ harness: RouteHarness, _ query: [HTTPField] = []) async throws -> JSON {
        let response = await harness.send("GET", "/models", query: query)
        #expect(response.status == 200)
        return try #require(response.document)
    }

    @Test("the list is newest first, in pages, and says which serves")
    func list() async throws {
        let (harness, versions) = try await trained(5)
        let all = try await page(harness)
        #expect(all["models"]?.elements?.compactMap { $0["version"]?.text } == versions)
        #expect(all["next"] == .null && all["active"] == .string(versions[0]))
        #expect(all["models"]?.elements?.map { $0["active"] == true } == [true, false, false, false, false])
        var found: [String] = []
        var query = [HTTPField("limit", "2")]
        for expected in [2, 2, 1] {
            let page = try await page(harness, query)
            let models = page["models"]?.elements ?? []
            #expect(models.count == expected)
            found += models.compactMap { $0["version"]?.text }
            query = [HTTPField("limit", "2"), HTTPField("before", page["next"]?.text ?? "none")]
            #expect((page["next"] == .null) == (found.count == 5))
        }
        #expect(found == versions)
    }

    @Test("an entry tells where its model came from, and a version its whole document")
    func entry() async throws {
        let (harness, versions) = try await trained(2)
        let entry = try #require(try await page(harness)["models"]?.elements?.first)
        #expect(
            entry["parent"] == .string(versions[1]) && entry["state"] == "served" && entry["verdict"]?["winner"] != nil)
        #expect(entry["rowsHash"]?.text?.hasPrefix("sha256:") == true)
        let hex = try #require(entry["coefficientsHex"]?["length"]?.text.flatMap { Double($0) })
        #expect(hex == entry["coefficients"]?["length"]?.double)
        let whole = await harness.send("GET", "/models/\(versions[0])")
        let current = await harness.send("GET", "/model")
        #expect(whole.status == 200 && whole.body == current.body)
        // The same rows, and the same fit to the last bit.
        let other = await harness.send("GET", "/models/\(versions[1])")
        for name in ["rowsHash", "coefficientsHex", "residualSumOfSquares"] {
            #expect(other.document?[name] != nil && other.document?[name] == whole.document?[name])
        }
    }

    @Test("going back serves the old model's answers again, byte for byte")
    func activate() async throws {
        let (harness, versions) = try await trained(1)
        let query = [HTTPField("length", "95"), HTTPField("height", "18"), HTTPField("species", "salmon")]
        let before = await harness.send("GET", "/prediction", query: query).body
        _ = try harness.store.record(Fish.rows(180, levels: ["walleye", "salmon"]).suffix(90).map { $0 })
        #expect(await harness.send("POST", "/train").document?["status"] == "retrained")
        #expect(await harness.send("GET", "/prediction", query: query).body != before)
        let response = await harness.send("POST", "/models/\(versions[0])/activate")
        #expect(response.status == 200 && response.document?["status"] == "activated")
        #expect(response.document?["version"] == .string(versions[0]))
        #expect(await harness.send("GET", "/prediction", query: query).body == before)
        #expect(
            await harness.send("POST", "/models/\(versions[0])/activate").document?["previous"] == .string(versions[0]))
    }

    @Test(
        "going back, and a restart after it, bring back the bytes of every answer, on random rows and questions",
        arguments: 1...20 as ClosedRange<UInt64>)
    func sameBytes(seed: UInt64) async throws {
        var random = Xoshiro256(seed: seed)
        let harness = try RouteHarness(rows: Self.randomRows(12 + Int(seed), &random))
        let questions = Self.randomQuestions(30, &random)
        _ = try harness.store.record(Self.randomRows(30, &random))
        let first = try #require(await train(harness))
        let before = await Self.answers(harness, questions)
        _ = try harness.store.record(Self.randomRows(40, &random))
        #expect(await train(harness) != nil)
        #expect(await Self.answers(harness, questions) != before, "seed \(seed)")
        #expect(await harness.send("POST", "/models/\(first)/activate").status == 200)
        #expect(await Self.answers(harness, questions) == before, "seed \(seed)")
        #expect(await Self.answers(try harness.restarted(), questions) == before, "seed \(seed)")
    }

    private static func randomRows(_ count: Int, _ random: inout Xoshiro256) -> [Observation] {
        Fish.rows(count, levels: ["salmon", "walleye"]).map { row in
            var row = row
            row.identifier = "\(UInt64.random(in: .min ... .max, using: &random))"
            row.predictors = row.predictors.map { ($0 ?? 0) * Double.random(in: 0.9...1.1, using: &random) }
            row.actual = row.actual.map { $0 * Double.random(in: 0.8...1.2, using: &random) }
            return row
        }
    }

    /// With an interval and explained, of a species that the models know and of one that they do not.
    private static func randomQuestions(_ count: Int, _ random: inout Xoshiro256) -> [[HTTPField]] {
        (0..<count).map { number in
            [
                HTTPField("length", "\(Double.random(in: 50...150, using: &random))"),
                HTTPField("height", "\(Double.random(in: 10...30, using: &random))"),
                HTTPField("species", ["salmon", "walleye", "pike"][number % 3]), HTTPField("interval", "0.9"),
                HTTPField("explain", "true"),
            ]
        }
    }

    private static func answers(_ harness: RouteHarness, _ questions: [[HTTPField]]) async -> [[UInt8]] {
        var answers: [[UInt8]] = []
        for query in questions { answers.append(await harness.send("GET", "/prediction", query: query).body) }
        return answers
    }

    @Test(
        "a version that is not kept is 404, whatever is given for one",
        arguments: ["20210101T000000000Z-00000000", "..", "a b", "é", "serving.state", "training.lock"])
    func unknown(_ version: String) async throws {
        let (harness, _) = try await trained(1)
        for (method, path) in [("GET", "/models/\(version)"), ("POST", "/models/\(version)/activate")] {
            let response = await harness.send(method, path)
            #expect(response.status == 404 && response.isProblem)
        }
    }

    @Test(
        "a page that cannot be is refused with what is accepted",
        arguments: [
            ("limit", "0"), ("limit", "101"), ("limit", "1.5"), ("limit", "+5"), ("limit", ""), ("limit", "007"),
            ("before", ""), ("before", "a b"), ("before", "../x"),
        ])
    func badPage(_ name: String, _ value: String) async throws {
        let harness = try RouteHarness()
        let response = await harness.send("GET", "/models", query: [HTTPField(name, value)])
        #expect(response.status == 400 && response.isProblem && response.document?["parameter"] == .string(name))
        let twice = [HTTPField(name, "1"), HTTPField(name, "1")]
        #expect(await harness.send("GET", "/models", query: twice).status == 400)
    }
}

@Suite("Versions of a running server", .timeLimit(.minutes(40)))
struct LiveVersionsTests {
    @Test("a model that was gone back to serves after kill -9, and its parent is kept")
    func durable() throws {
        try withLiveFolder { folder in
            var server = try LiveServer(folder: folder, ["--keep", "2", "--gate", "off"])
            let initial = try #require(try server.get("/model").document?["version"]?.text)
            try server.record(Fish.rows(80, levels: ["salmon", "walleye"]).map { $0.document(.fish) })
            let trained = try #require(try server.post("/train").document?["version"]?.text)
            #expect(try server.post("/models/\(initial)/activate").status == 200)
            server.kill()
            server = try LiveServer(folder: folder, ["--keep", "2", "--gate", "off"])
            #expect(try server.get("/model").document?["version"] == .string(initial))
            for _ in 0..<3 { #expect(try server.post("/train").document?["status"] == "retrained") }
            let list = try #require(try server.get("/models").document)
            #expect(list["models"]?.elements?.count == 2)
            #expect(list["models"]?.elements?[0]["parent"] == list["models"]?.elements?[1]["version"])
            #expect(try server.get("/models/\(trained)").status == 404)
        }
    }
}
