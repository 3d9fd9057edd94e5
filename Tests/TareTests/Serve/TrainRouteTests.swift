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

    @Test(
        "a stream that names the cause has estimated the change; a window merely contains it",
        arguments: [
            (#"{"WindowStart":5}"#, .change(since: Timestamp(milliseconds: 5), isEstimated: false)),
            (#"{"WindowStart":5,"Cause":"errors"}"#, .change(since: Timestamp(milliseconds: 5), isEstimated: true)),
            (#"{"WindowStart":5,"Cause":"unseen"}"#, .change(since: Timestamp(milliseconds: 5), isEstimated: true)),
            (#"{"WindowStart":5,"Cause":"follow-up"}"#, .change(since: Timestamp(milliseconds: 5), isEstimated: true)),
            (#"{"WindowStart":5,"Cause":"schedule"}"#, .schedule), (#"{"Cause":"schedule"}"#, .unknown),
            (#"{"WindowStart":5,"Cause":"moon"}"#, .change(since: Timestamp(milliseconds: 5), isEstimated: false)),
            ("", .unknown), ("{Fish_Id_End=73, Fish_Id_Start=44, ErrorAvg=0.41}", .unknown),
        ] as [(String, TrainingReason)])
    func reasons(_ body: String, _ expected: TrainingReason) {
        let request = TrainingRequest(
            TriggerBody(Array(body.utf8)), key: nil, isForced: false, specification: .fish)
        #expect(request.reason == expected)
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
            (#"{"a":1,"a":2}"#, ["a": 2]), ("{\"a\":1}\n{\"a\":2}\n", [["a": 1], ["a": 2]]),
            (
                "{Fish_Id_End=73, Fish_Id_Start=44, ErrorAvg=0.41, Species=[walleye]}",
                ["Fish_Id_End": "73", "Fish_Id_Start": "44", "ErrorAvg": 0.41, "Species": ["walleye"]]
            ),
            ("{SPECIES=[salmon, null], X=null, E=[]}", ["SPECIES": ["salmon", nil], "X": nil, "E": []]),
            ("{a=b, }", "{a=b, }"), ("{a=[b}", "{a=[b}"), ("{=b}", "{=b}"), ("{a=b}x", "{a=b}x"),
        ] as [(String, JSON)])
    func bodies(_ body: String, _ expected: JSON) {
        #expect(TriggerBody(Array(body.utf8)).document == expected)
    }

    @Test(
        "the window and species of a record tell a repeat, however the record is written",
        arguments: [
            #"{"Species":["b","a"],"WindowStart":1000,"WindowEnd":61000,"ErrorAvg":0.3}"#,
            #"[{"WINDOWSTART":"1000","WINDOWEND":"61000","SPECIES":["a","b"]}]"#,
            #"["{\"Window_Start\":1000,\"Window_End\":61000,\"Species\":[\"a\",\"b\",\"a\"]}"]"#,
            "{WindowEnd=61000, WindowStart=1000, Species=[a, b]}",
            #"{"WindowStart":"1970-01-01T00:00:01Z","WindowEnd":"1970-01-01T00:01:01.000Z","Species":["a","b"]}"#,
        ])
    func sameWindow(_ body: String) throws {
        let first = Self.request(#"{"WindowStart":1000,"WindowEnd":61000,"Species":["a","b"]}"#)
        #expect(first.identities.count == 1 && first.identities[0].isLasting)
        #expect(Self.request(body).identities == first.identities)
    }

    @Test(
        "another window, another species, force, or no more than that it is a trigger, is none",
        arguments: [
            #"{"WindowStart":1000,"WindowEnd":31000,"Species":["a","b"]}"#,
            #"{"WindowStart":1001,"WindowEnd":61000,"Species":["a","b"]}"#,
            #"{"WindowStart":1000,"WindowEnd":61000,"Species":["a"]}"#,
            #"{"Fish_Id_Start":"1","Fish_Id_End":"9","ErrorAvg":0.3,"Species":["a","b"]}"#, "{}", "nonsense", "",
            #"[{"WindowStart":1000,"WindowEnd":61000,"Species":["a","b"]},{"Species":["a"]}]"#,
        ])
    func otherTrigger(_ body: String) {
        let first = Self.request(#"{"WindowStart":1000,"WindowEnd":61000,"Species":["a","b"]}"#)
        #expect(Self.request(body).identities != first.identities)
        let forced = Self.request(body, isForced: true)
        #expect(forced.identities.isEmpty || forced.identities != Self.request(body).identities)
    }

    @Test("what ksqlDB writes without a window is told by its subjects and mean error, for a while")
    func range() {
        let map = Self.request("{Fish_Id_End=73, Fish_Id_Start=44, ErrorAvg=0.41, Species=[walleye]}")
        let json = Self.request(
            #"{"Species":["walleye"],"Fish_Id_Start":"44","Fish_Id_End":"73","ErrorAvg":0.41}"#)
        #expect(map.identities == json.identities)
        #expect(map.identities.count == 1 && !map.identities[0].isLasting)
    }

    private static func request(_ body: String, isForced: Bool = false) -> TrainingRequest {
        TrainingRequest(TriggerBody(Array(body.utf8)), key: nil, isForced: isForced, specification: .fish)
    }

    @Test(
        "bounds that are no times make no window, and the body is a trigger all the same",
        arguments: [
            "9223372036854775807", "-9223372036854775808", #""9223372036854775807""#, "253402300800000", "1e300",
            #""9999-99-99T00:00:00Z""#, "null", "[]",
        ])
    func boundsThatAreNoTimes(_ bound: String) async throws {
        let harness = try RouteHarness()
        _ = try harness.store.record(Fish.rows(80))
        let start = await harness.send("POST", "/train", body: #"{"WindowStart":\#(bound)}"#)
        #expect(start.status == 200 && start.document?["cause"] == .null)
        let end = await harness.send("POST", "/train", body: #"{"WindowStart":0,"WindowEnd":\#(bound)}"#)
        let windows: JSON = [["start": "1970-01-01T00:00:00.000Z", "end": nil]]
        #expect(end.status == 200 && end.document?["cause"]?["windows"] == windows)
    }

    @Test("what is nested too deeply to be kept whole is kept as text, and still trains")
    func deep() async throws {
        let harness = try RouteHarness()
        _ = try harness.store.record(Fish.rows(80))
        let body = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
        let response = await harness.send("POST", "/train", body: body)
        #expect(response.status == 200 && response.document?["trigger"] == .string(body))
    }

    @Test("force is true or false, given once", arguments: ["", "yes", "1", "TRUE"])
    func force(_ value: String) async throws {
        let harness = try RouteHarness()
        let response = await harness.send("POST", "/train", query: [HTTPField("force", value)])
        #expect(response.status == 400 && response.isProblem && response.document?["parameter"] == "force")
        let twice = [HTTPField("force", "true"), HTTPField("force", "true")]
        #expect(await harness.send("POST", "/train", query: twice).status == 400)
        #expect(await harness.send("POST", "/train", query: [HTTPField("force", "false")]).status == 200)
    }

    @Test("what is kept of a body that cannot be read is bounded")
    func long() {
        let kept = TriggerBody(Array(String(repeating: "x", count: 1_000_000).utf8)).document
        #expect(kept.text?.count == 500)
    }
}
