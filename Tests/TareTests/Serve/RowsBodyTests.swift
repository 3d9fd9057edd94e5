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
            let rows = Array(repeating: "{}", count: 1000) + [good]
            let text = rows.joined(separator: separator)
            return separator == "," ? "[\(text)]" : text
        }
        let observed = await harness.send("POST", "/observations", body: body(Self.observation(1)))
        #expect(observed.status == 422 && observed.document?["recorded"] == 1)
        #expect(observed.document?["refusals"] == 1000)
        #expect(observed.document?["refused"]?.elements?.count == 100)
        #expect(observed.body.count < 100_000)
        let predicted = await harness.send("POST", "/prediction", body: body(Self.row))
        let answers =
            try separator == ","
            ? #require(predicted.document?.elements)
            : predicted.text.split(separator: "\n").map { try JSON(parsing: String($0)) }
        try #require(answers.count == 1001)
        #expect(answers.last?["Weight"] != nil)
        #expect(answers.prefix(100).allSatisfy { $0["status"] == 422 })
        #expect(answers[100..<1000].allSatisfy { $0 == .null })
        #expect(predicted.body.count < 100_000)
    }
}

@Suite("Bodies that are large")
struct LargeBodyTests {
    private static func observation(_ id: Int, weight: Double = 4.9) -> String {
        """
        {"Fish_Id":"\(id)","Species":"salmon","Length":95,"Height":18,"ActualWeight":\(weight),\
        "Timestamp":\(1_623_245_000_000 + id),"Note":"\(note)"}
        """
    }

    private static let note = String(repeating: "n", count: 150)
    /// More than a block of rows, and more bytes than are worked off at once.
    private static let rows = (0..<1200).map { observation($0) }

    @Test("are recorded block by block and answered as one", arguments: [",", "\n"])
    func blocks(separator: String) async throws {
        let harness = try RouteHarness()
        func body(_ rows: [String]) -> String {
            let text = rows.joined(separator: separator)
            return separator == "," ? "[\(text)]" : text
        }
        let first = await harness.send("POST", "/observations", body: body(Self.rows))
        #expect(first.text == #"{"recorded":1200,"duplicates":0}"# && harness.store.count == 1200)
        var changed = Self.rows
        for place in stride(from: 0, to: 1200, by: 10) { changed[place] = Self.observation(place, weight: 5.1) }
        changed[1111] = #"{"Fish_Id":"bad"}"#
        let second = await harness.send("POST", "/observations", body: body(changed))
        let document = try #require(second.document)
        #expect(second.status == 422 && document["recorded"] == 0 && document["duplicates"] == 1079)
        #expect(document["conflicts"] == 120 && document["conflicting"]?.elements?.count == 100)
        #expect(document["conflicting"]?.elements?.map { $0["row"] } == (0..<100).map { JSON($0 * 10) })
        #expect(document["refused"]?.elements?.map { $0["row"] } == [1111])
        #expect(document["detail"]?.text?.hasPrefix("1 of 1200 rows were refused") == true)
    }

    @Test("that break off behind many good blocks record nothing")
    func brokenEnd() async throws {
        let harness = try RouteHarness()
        let body = "[" + Self.rows.joined(separator: ",")
        #expect(await harness.send("POST", "/observations", body: body).status == 400)
        #expect(harness.store.count == 0)
    }

    @Test(
        "a row of more than 65,536 bytes is refused, in each form of a body",
        arguments: ["/observations", "/prediction"])
    func longRow(path: String) async throws {
        let harness = try RouteHarness()
        let long = #"{"Fish_Id":"\#(String(repeating: "x", count: RowsBody.rowBytesMax))"}"#
        for body in [
            long, "[\(long)]", "[\(Self.rows[0]),\(long)]", "{}" + String(repeating: " ", count: 70_000) + "{}",
        ] {
            let response = await harness.send("POST", path, body: body)
            #expect(response.status == 400 && response.isProblem && harness.store.count == 0)
        }
        let lines = await harness.send("POST", path, body: "\(Self.rows[0])\n\(long)\n\(Self.rows[1])")
        #expect(lines.text.contains("the line is not JSON: a value of more than 65536 bytes"))
        #expect(path == "/prediction" || harness.store.count == 2)
    }

    @Test("what was given is repeated in part only where it is long", arguments: ["Species", "Fish_Id", "Length"])
    func longValue(field: String) async throws {
        let harness = try RouteHarness()
        let long = String(repeating: "x", count: 50_000)
        let rest = #""Height":18,"ActualWeight":4.9,"Timestamp":1623245967971"#
        let all = ["Species": "salmon", "Fish_Id": "1", "Length": "95"].merging([field: long]) { $1 }
        let row = "{" + all.map { #""\#($0)":"\#($1)""# }.joined(separator: ",") + ",\(rest)}"
        let response = await harness.send("POST", "/observations", body: "[\(row),\(row)]")
        #expect(response.status == 422 && response.body.count < 5000)
    }

    @Test("an answer takes its memory from that of all requests, and is refused where there is none")
    func answer() async throws {
        let memory = RequestMemory(bytesMax: 1_000_000, bytesPerClientMax: 1_000_000)
        let harness = try RouteHarness(memory: memory)
        let row = #"{"length":95,"height":18,"species":"salmon"}"#
        func body(_ count: Int) -> String { "[" + Array(repeating: row, count: count).joined(separator: ",") + "]" }
        var response: HTTPResponse? = await harness.send("POST", "/prediction", body: body(2000))
        #expect(response?.status == 200 && response?.document?.elements?.count == 2000)
        #expect(memory.held >= response?.body.count ?? 0)
        response = nil
        #expect(memory.held == 0)
        let refused = await harness.send("POST", "/prediction", body: body(20_000))
        #expect(refused.status == 503 && refused.isProblem && refused.header("Retry-After") == "1" && memory.held == 0)
    }

    @Test("a trigger that nobody could have sent trains as any other, and is not read whole")
    func trigger() async throws {
        let harness = try RouteHarness()
        _ = try harness.store.record(Fish.rows(60))
        let body = "[" + Array(repeating: "{}", count: 800_000).joined(separator: ",") + "]"
        let response = await harness.send("POST", "/train", query: [HTTPField("force", "true")], body: body)
        #expect(response.document?["status"] == "retrained")
        #expect(response.document?["trigger"]?.text?.utf8.count ?? .max <= 500)
    }

    @Test("a model of more species than it may have is not fitted")
    func tooManyLevels() async throws {
        var settings = ModelService.Settings()
        settings.bounds.levelsMax = 20
        for rows in [RowChoice.newest(100), .perLevel(5), .auto, .mixed(newest: 50, floor: 5)] {
            settings.rows = rows
            let harness = try RouteHarness(settings: settings)
            _ = try harness.store.record(Fish.rows(100, levels: (0..<21).map { "kind \($0)" }))
            let response = await harness.send("POST", "/train", query: [HTTPField("force", "true")])
            #expect(response.document?["status"] == "skipped" && response.document?["reason"] == "not_fitted")
            #expect(response.document?["detail"]?.text?.contains("more than 20") == true, "\(response.text)")
        }
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
