import Documents
import EventProcessing
import HTTPServer
import Testing

@testable import Companion
@testable import Program
@testable import Tare

@Suite("What companions say of themselves")
struct CompanionTests {
    private static func report(_ name: String, _ members: String = "") throws -> CompanionReport {
        try CompanionReport(Array("{\"name\":\"\(name)\"\(members)}".utf8))
    }

    @Test("is kept as far as it is known, and told with its age")
    func told() async throws {
        let harness = try RouteHarness()
        let body = #"{"name":"a","detector":"window","threshold":0.15,"events":7,"pendingOutcomes":2,"mood":"good"}"#
        #expect(await harness.send("POST", "/companion", body: body).status == 200)
        #expect(await harness.send("POST", "/companion", body: #"{"name":"b","events":1}"#).status == 200)
        #expect(await harness.send("POST", "/companion", body: #"{"name":"b","events":2}"#).status == 200)
        let told = try #require((await harness.send("GET", "/companion")).document?["companions"]?.elements)
        #expect(told.map { $0["name"]?.text } == ["a", "b"])
        #expect(told.map { $0["events"]?.integer } == [7, 2])
        #expect(told[0]["threshold"] == 0.15 && told[0]["pendingOutcomes"] == 2 && told[0]["mood"] == nil)
        #expect((told[0]["ageSeconds"]?.double ?? -1) >= 0)
    }

    @Test(
        "is refused where it is not what is accepted, by the member's name",
        arguments: [
            ("", 400, nil), ("[]", 400, nil), ("{}", 422, "name"), (#"{"name":""}"#, 422, "name"),
            (#"{"name":7}"#, 422, "name"),
            (#"{"name":"a","events":-1}"#, 422, "events"), (#"{"name":"a","lag":0.5}"#, 422, "lag"),
            (#"{"name":"a","threshold":"high"}"#, 422, "threshold"), (#"{"name":"a","detector":1}"#, 422, "detector"),
        ] as [(String, Int, String?)])
    func refused(body: String, status: Int, parameter: String?) async throws {
        let response = await (try RouteHarness()).send("POST", "/companion", body: body)
        #expect(response.status == status && response.isProblem)
        #expect(response.document?["parameter"]?.text == parameter)
    }

    @Test("takes bounded memory: so many companions, so many bytes each, for ten minutes")
    func bounded() async throws {
        var board = CompanionBoard()
        let start = ContinuousClock.now
        for number in 0..<40 { board.take(try Self.report("\(100 + number)"), at: start + .seconds(number)) }
        let names = board.document(at: start + .seconds(40))["companions"]?.elements?.map { $0["name"]?.text }
        #expect(names == (24..<40).map { "\(100 + $0)" })
        #expect(board.document(at: start + .seconds(639))["companions"]?.elements?.isEmpty == true)
        let large = "{\"name\":\"a\",\"x\":\"" + String(repeating: "x", count: CompanionReport.bytesMax) + "\"}"
        #expect(await (try RouteHarness()).send("POST", "/companion", body: large).status == 413)
    }
}

@Suite("The report of a companion")
struct CompanionReporterTests {
    @Test(
        "names the detector and its threshold, where that is a number; the server takes it, however long the name",
        arguments: [(0.25, 0.25), (.infinity, nil)] as [(Double, Double?)])
    func report(threshold: Double, told: Double?) throws {
        let rules = WindowRules(
            size: 60_000, grace: 0, threshold: WindowRules.Threshold(value: threshold), emission: .final)
        let name = String(repeating: "h", count: 200) + ":17"
        let report = CompanionReporter.report(CompanionReporter.head(name: name, .window(rules)), StreamTally())
        let taken = try CompanionReport(report.bytes)
        #expect(taken.name.hasSuffix("h:17"))
        #expect(taken.document["detector"] == "window")
        #expect(taken.document["threshold"]?.double == told)
        #expect(taken.document["events"] == 0)
    }
}
