import Documents
import HTTPServer
import ModelService
import Specification
import Testing

@testable import Program
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
            ("{a=b, c=1, a=d}", ["c": "1", "a": "d"]), ("{a=b,\u{301} c=d}", "{a=b,\u{301} c=d}"),
            ("{a=b, }", "{a=b, }"), ("{a=[b}", "{a=[b}"), ("{=b}", "{=b}"), ("{a=b}x", "{a=b}x"),
        ] as [(String, JSON)])
    func bodies(_ body: String, _ expected: JSON) {
        #expect(TriggerBody(Array(body.utf8)).document == expected)
    }

    @Test(
        "the window, species, fish and mean error of a record tell a repeat, however the record is written",
        arguments: [
            #"{"Species":["b","a"],"WindowStart":1000,"WindowEnd":61000,"Fish_Id_End":9,"ErrorAvg":0.3}"#,
            #"[{"WINDOWSTART":"1000","WINDOWEND":"61000","SPECIES":["a","b"],"FISH_ID_END":"9","ERRORAVG":0.3}]"#,
            #"["{\"Window_Start\":1000,\"Window_End\":61000,\"Species\":[\"a\",\"b\",\"a\"],\"Fish_Id_End\":\"9\",\"ErrorAvg\":3e-1}"]"#,
            "{WindowEnd=61000, WindowStart=1000, Species=[a, b], ErrorAvg=0.3, Fish_Id_End=9, Fish_Id_Start=null}",
            #"""
            {"WindowStart":"1970-01-01T00:00:01Z","WindowEnd":"1970-01-01T00:01:01.000Z","Species":["a","b"],
             "Fish_Id_End":"9","ErrorAvg":0.30}
            """#,
        ])
    func sameWindow(_ body: String) throws {
        let first = Self.request(Self.window)
        #expect(first.identities.count == 1 && first.identities[0].isLasting)
        #expect(Self.request(body).identities == first.identities)
    }

    @Test(
        "another window, species, last fish, count or mean, force, or no more than that it is a trigger, is none",
        arguments: [
            #"{"WindowStart":1000,"WindowEnd":31000,"Species":["a","b"],"Fish_Id_End":"9","ErrorAvg":0.3}"#,
            #"{"WindowStart":1001,"WindowEnd":61000,"Species":["a","b"],"Fish_Id_End":"9","ErrorAvg":0.3}"#,
            #"{"WindowStart":1000,"WindowEnd":61000,"Species":["a"],"Fish_Id_End":"9","ErrorAvg":0.3}"#,
            #"{"WindowStart":1000,"WindowEnd":61000,"Species":["a","b"],"Fish_Id_End":"10","ErrorAvg":0.3}"#,
            #"{"WindowStart":1000,"WindowEnd":61000,"Species":["a","b"],"Fish_Id_End":"9","ErrorAvg":0.31}"#,
            #"{"WindowStart":1000,"WindowEnd":61000,"Species":["a","b"],"Fish_Id_End":"9","ErrorAvg":0.3,"Count":2}"#,
            #"{"Fish_Id_Start":"1","Fish_Id_End":"9","ErrorAvg":0.3,"Species":["a","b"]}"#, "{}", "nonsense", "",
            #"[{"WindowStart":1000,"WindowEnd":61000,"Species":["a","b"]},{"Species":["a"]}]"#,
        ])
    func otherTrigger(_ body: String) {
        let first = Self.request(Self.window)
        #expect(Self.request(body).identities != first.identities)
        let forced = Self.request(body, isForced: true)
        #expect(forced.identities.isEmpty || forced.identities != Self.request(body).identities)
    }

    private static let window =
        #"{"WindowStart":1000,"WindowEnd":61000,"Species":["a","b"],"Fish_Id_End":"9","ErrorAvg":0.3}"#

    /// The ten rows that the tutorial page inserts: species, length, height, predicted, weighed.
    private static let mockFish: [(level: String, predictors: [Double], predicted: Double, actual: Double)] = [
        ("Salmon", [74.55, 17.33], 3.78, 4.38), ("Salmon", [82.19, 19.11], 4.17, 3.17),
        ("Salmon", [90.62, 21.07], 4.6, 5.6), ("Bass", [56.23, 15.44], 2.54, 5.54), ("Bass", [62, 17.02], 2.8, 1.8),
        ("Bass", [68.34, 18.76], 3.09, 4.09), ("Trout", [64.05, 13.34], 1.47, 2.47),
        ("Trout", [70.61, 14.71], 1.62, 2.62), ("Trout", [77.85, 16.22], 1.79, 2.79),
        ("Trout", [81.74, 17.03], 1.88, 2.88),
    ]

    @Test("ten fish of one window, told again with each of them as the recipe does, train once there are rows enough")
    func recipe() async throws {
        let harness = try RouteHarness(levels: nil)
        var statuses: [String?] = []
        for (index, fish) in Self.mockFish.enumerated() {
            let number = 101 + index
            let row = Observation(
                identifier: "\(number)", level: fish.level, predictors: fish.predictors, predicted: fish.predicted,
                actual: fish.actual, timestamp: Timestamp(milliseconds: 1_623_245_900_000 + Int64(index) * 1000))
            _ = await harness.send("POST", "/observations", body: row.document(.fish).compact)
            let trigger = """
                {"Species":["Salmon"],"Fish_Id_Start":"101","Fish_Id_End":"\(number)","ErrorAvg":0.3,
                 "WindowStart":1646327820000,"WindowEnd":1646327880000}
                """
            let answer = await harness.send("POST", "/train", body: trigger)
            statuses.append(answer.document?["status"]?.text)
            let again = await harness.send("POST", "/train", body: trigger)
            #expect((again.header("Idempotent-Replayed") == nil) == (statuses.last == "skipped"))
        }
        #expect(statuses.prefix(3) == ["skipped", "skipped", "skipped"])
        #expect(statuses.contains("retrained"))
        #expect(await harness.send("GET", "/model").status == 200)
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

    @Test(
        "a trigger that names a member twice is kept in a model that can be read again",
        arguments: ["{Species=[a], Text=x, Species=[b]}", #"{"Species":["a"],"Species":["b"]}"#])
    func repeatedNames(_ body: String) async throws {
        let harness = try RouteHarness()
        _ = try harness.store.record(Fish.rows(80))
        let trained = await harness.send("POST", "/train", body: body)
        #expect(trained.document?["status"] == "retrained", "\(trained)")
        let model = await harness.send("GET", "/model")
        #expect(model.document?["trigger"]?["Species"] == ["b"])
    }

    @Test("what is kept of a body that cannot be read is bounded")
    func long() {
        let kept = TriggerBody(Array(String(repeating: "x", count: 1_000_000).utf8)).document
        #expect(kept.text?.count == 500)
    }
}
