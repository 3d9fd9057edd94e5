import Documents
import HTTPServer
import ModelService
import Testing

@testable import Tare

@Suite("POST /train")
struct TrainRouteTests {
    @Test("a training answers in one line of JSON with the model that serves now")
    func retrained() async throws {
        let harness = try RouteHarness()
        _ = try harness.store.record(Fish.rows(80, levels: ["salmon", "walleye"]))
        let response = await harness.send("POST", "/train", body: #"{"Species":["walleye"]}"#)
        #expect(response.status == 200)
        #expect(response.header("Content-Type") == "application/json")
        #expect(!response.text.contains("\n"))
        let document = try #require(response.document)
        #expect(document["status"] == "retrained" && document["rows"] == 50 && document["rowsLeftOut"] == 0)
        #expect(document["levels"] == ["salmon", "walleye"])
        #expect(document["ModelTime"] == "2021-06-09 13:39:27")
        #expect(document["trigger"] == ["Species": ["walleye"]])
        #expect(
            document["coefficients"]?.members?.map(\.name) == ["(Intercept)", "length", "height", "specieswalleye"])
        let model = await harness.send("GET", "/model")
        #expect(model.document?["version"] == document["version"])
        #expect(model.header("Model-Version") == document["version"]?.text)
    }

    @Test("what waiting cannot mend is 200, what a retry can mend is 503")
    func statuses() async throws {
        let harness = try RouteHarness()
        let skipped = await harness.send("POST", "/train")
        #expect(skipped.status == 200)
        #expect(skipped.document?["status"] == "skipped" && skipped.document?["reason"] == "not_enough_rows")
        harness.store.fail(with: StoreError(.unavailable, "nobody there"))
        let away = await harness.send("POST", "/train")
        #expect(away.status == 503 && away.isProblem && away.document?["reason"] == "database_unavailable")
        // Predictions go on, and readiness says what is degraded.
        let ready = await harness.send("GET", "/readyz")
        #expect(ready.status == 200 && ready.document?["status"] == "degraded")
        #expect(ready.document?["store"]?["detail"] == "nobody there")
    }

    @Test(
        "any body is a trigger, and what can be read of it is kept",
        arguments: [
            ("", .null), ("  ", .null), ("null", .null), (#"{"a":1}"#, ["a": 1]), (#"[{"a":1}]"#, [["a": 1]]),
            (#"["{}"]"#, ["{}"]), ("nonsense", "nonsense"), ("{", "{"), ("{a}", "{a}"), ("{}", .object([])),
            (#"{"a":1,"a":2}"#, ["a": 2]), ("{\"a\":1}\n{\"a\":2}\n", "{\"a\":1}\n{\"a\":2}"),
            (
                "{Fish_Id_End=73, Fish_Id_Start=44, ErrorAvg=0.41, Species=[walleye]}",
                ["Fish_Id_End": "73", "Fish_Id_Start": "44", "ErrorAvg": 0.41, "Species": ["walleye"]]
            ),
            ("{SPECIES=[salmon, null], X=null, E=[]}", ["SPECIES": ["salmon", nil], "X": nil, "E": []]),
            ("{a=b, }", "{a=b, }"), ("{a=[b}", "{a=[b}"), ("{=b}", "{=b}"), ("{a=b}x", "{a=b}x"),
        ] as [(String, JSON)])
    func bodies(_ body: String, _ expected: JSON) {
        #expect(TriggerBody.document(Array(body.utf8)) == expected)
    }

    @Test("what is kept of a body that cannot be read is bounded")
    func long() {
        let kept = TriggerBody.document(Array(String(repeating: "x", count: 1_000_000).utf8))
        #expect(kept.text?.count == 500)
    }
}
