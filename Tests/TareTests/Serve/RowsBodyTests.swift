import Documents
import HTTPServer
import ModelService
import Testing

@testable import Tare

@Suite("Bodies of many rows")
struct RowsBodyTests {
    private static func observation(_ id: Int) -> String {
        """
        {"Fish_Id":"\(id)","Species":"salmon","Length":95,"Height":18,"ActualWeight":4.9,\
        "Timestamp":"2021-06-09T13:39:27.971Z"}
        """
    }
    private static let row = #"{"Length":95,"Height":18,"Species":"salmon"}"#

    @Test(
        "a broken line is answered in its place wherever it stands, the first too",
        arguments: [0, 1, 2], ["{broken", "nonsense", #"{"Fish_Id":"#, "7"])
    func brokenLine(place: Int, broken: String) async throws {
        let harness = try RouteHarness()
        var lines = [Self.row, Self.row]
        lines.insert(broken, at: place)
        let predicted = await harness.send("POST", "/prediction", body: lines.joined(separator: "\n"))
        #expect(predicted.header("Content-Type") == "application/x-ndjson")
        let answers = try predicted.text.split(separator: "\n").map { try JSON(parsing: String($0)) }
        #expect(answers.map { $0["Weight"] != nil } == (0..<3).map { $0 != place })
        var rows = [Self.observation(1), Self.observation(2)]
        rows.insert(broken, at: place)
        let observed = await harness.send("POST", "/observations", body: rows.joined(separator: "\n"))
        #expect(observed.status == 422 && observed.document?["recorded"] == 2)
        #expect(observed.document?["refused"]?.elements?.map { $0["row"] } == [JSON(place)])
    }

    @Test(
        "a text that is no JSON and has no object on a line of its own is refused whole",
        arguments: [
            "nonsense", "{\n\"a\": 1,\n}", "[\(row),\n\(row)", "[\(row)]\n[\(row)]", "[\(row),]", "[\(row)] x", "7\n8",
            "{\n{",
        ])
    func noJSON(body: String) async throws {
        let harness = try RouteHarness()
        for path in ["/prediction", "/observations"] {
            let response = await harness.send("POST", path, body: body)
            #expect(response.status == 400 && response.isProblem)
            #expect(response.document?["detail"]?.text?.hasPrefix("the body is not JSON: ") == true)
        }
    }

    @Test("an array that breaks off records none of its rows")
    func brokenArray() async throws {
        let harness = try RouteHarness()
        let body = "[" + (1...50).map(Self.observation).joined(separator: ",")
        #expect(await harness.send("POST", "/observations", body: body).status == 400)
        #expect(harness.store.count == 0)
    }

    @Test("an empty array has no rows", arguments: ["[]", " [ ] "])
    func empty(body: String) async throws {
        let harness = try RouteHarness()
        #expect(await harness.send("POST", "/prediction", body: body).text == "[]")
        #expect(await harness.send("POST", "/observations", body: body).text == #"{"recorded":0,"duplicates":0}"#)
    }

    @Test("of very many bad rows the first hundred are told, and all are counted", arguments: [",", "\n"])
    func manyProblems(separator: String) async throws {
        let harness = try RouteHarness()
        func body(_ good: String) -> String {
            let rows = Array(repeating: "{}", count: 5000) + [good]
            let text = rows.joined(separator: separator)
            return separator == "," ? "[\(text)]" : text
        }
        let observed = await harness.send("POST", "/observations", body: body(Self.observation(1)))
        #expect(observed.status == 422 && observed.document?["recorded"] == 1)
        #expect(observed.document?["refusals"] == 5000)
        #expect(observed.document?["refused"]?.elements?.count == 100)
        #expect(observed.body.count < 100_000)
        let predicted = await harness.send("POST", "/prediction", body: body(Self.row))
        let answers =
            try separator == ","
            ? #require(predicted.document?.elements)
            : predicted.text.split(separator: "\n").map { try JSON(parsing: String($0)) }
        #expect(answers.count == 5001 && answers[5000]["Weight"] != nil)
        #expect(answers.prefix(100).allSatisfy { $0["status"] == 422 })
        #expect(answers[100..<5000].allSatisfy { $0 == .null })
        #expect(predicted.body.count < 100_000)
    }
}

@Suite("Species that look alike")
struct SimilarLevelTests {
    private static func query(_ species: String) -> [HTTPField] {
        [HTTPField("length", "95"), HTTPField("height", "18"), HTTPField("species", species)]
    }

    private static func observations(_ species: [String]) -> String {
        let rows = species.enumerated().map { number, name in
            """
            {"Fish_Id":"\(number)","Species":"\(name)","Length":95,"Height":18,"ActualWeight":4.9,\
            "Timestamp":"2021-06-09T13:39:27.971Z"}
            """
        }
        return "[\(rows.joined(separator: ","))]"
    }

    @Test(
        "a species that differs from a known one in case or space only is pointed out, and is another one",
        arguments: [("Salmon", true), ("SALMON ", true), (" salmon", true), ("salmo", false), ("pike", false)])
    func prediction(_ species: String, _ isSimilar: Bool) async throws {
        for levels in [["salmon"], ["salmon", "walleye"]] {
            let harness = try RouteHarness(levels: levels)
            let get = await harness.send("GET", "/prediction", query: Self.query(species))
            #expect(get.document?["UnseenSpecies"]?.text == species)
            #expect(get.document?["SimilarSpecies"] == (isSimilar ? "salmon" : nil))
            let row = #"{"length":95,"height":18,"species":"\#(species)"}"#
            #expect(await harness.send("POST", "/prediction", body: row).document == get.document)
        }
        let rejecting = try RouteHarness(unseen: .reject)
        let refused = await rejecting.send("GET", "/prediction", query: Self.query(species))
        #expect(refused.status == 422 && refused.document?["SimilarSpecies"] == (isSimilar ? "salmon" : nil))
    }

    @Test("the same is told of observed rows, then and at the model")
    func observed() async throws {
        let harness = try RouteHarness()
        let plain = await harness.send("GET", "/model")
        #expect(plain.document?["SimilarSpecies"] == nil)
        let body = Self.observations(["Salmon", "salmon", "pike", "SALMON", "Salmon"])
        let response = await harness.send("POST", "/observations", body: body)
        let similar: JSON = ["Salmon": "salmon", "SALMON": "salmon"]
        #expect(response.document?["recorded"] == 5 && response.document?["SimilarSpecies"] == similar)
        let told = await harness.send("GET", "/model").document?["SimilarSpecies"]
        #expect(told == ["SALMON": "salmon", "Salmon": "salmon"])
    }

    @Test("a model of two spellings says so of itself")
    func ownLevels() async throws {
        let harness = try RouteHarness(levels: ["salmon", "Salmon"])
        #expect(await harness.send("GET", "/model").document?["SimilarSpecies"] == ["salmon": "Salmon"])
        let seen = await harness.send("GET", "/prediction", query: Self.query("Salmon"))
        #expect(seen.document?.members?.map(\.name) == ["Weight", "ModelTime"])
    }

    @Test(
        "where case is folded they are one, in answers, in rows and in trainings",
        arguments: ["Salmon", " SALMON ", "salmon"])
    func folded(_ species: String) async throws {
        var settings = ModelService.Settings()
        settings.foldsCase = true
        let harness = try RouteHarness(levels: ["salmon", "walleye"], settings: settings)
        let known = await harness.send("GET", "/prediction", query: Self.query("salmon"))
        #expect(await harness.send("GET", "/prediction", query: Self.query(species)).body == known.body)
        let row = #"{"length":95,"height":18,"species":"\#(species)"}"#
        #expect(await harness.send("POST", "/prediction", body: row).body == known.body)
        let response = await harness.send("POST", "/observations", body: Self.observations([species]))
        #expect(response.text == #"{"recorded":1,"duplicates":0}"#)
        #expect(try harness.store.newest(1)[0].level == "salmon")
        let coverage = await harness.send("GET", "/coverage").document
        #expect(coverage?["levels"]?["salmon"]?["observed"] == 1 && coverage?["unseen"]?["observed"] == 0)
        // Rows that others wrote are read so too.
        _ = try harness.store.record(Fish.rows(70, levels: ["Salmon", "WALLEYE", "walleye "]))
        let trained = await harness.send("POST", "/train", query: [HTTPField("force", "true")])
        #expect(trained.document?["levels"] == ["salmon", "walleye"])
    }

    @Test("a model of another spelling keeps its own where case is folded")
    func foldedModel() async throws {
        var settings = ModelService.Settings()
        settings.foldsCase = true
        let harness = try RouteHarness(levels: ["Salmon", "walleye"], settings: settings)
        let known = await harness.send("GET", "/prediction", query: Self.query("Salmon"))
        #expect(known.document?["UnseenSpecies"] == nil)
        #expect(await harness.send("GET", "/prediction", query: Self.query("salmon")).body == known.body)
    }
}
