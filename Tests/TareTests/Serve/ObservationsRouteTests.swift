import Documents
import HTTPServer
import ModelService
import Testing
import Threading

@testable import Tare

@Suite("POST /observations")
struct ObservationsRouteTests {
    private static func row(_ id: Int, weight: String = "4.9") -> String {
        """
        {"Fish_Id":"\(id)","Species":"salmon","Length":95,"Height":18,"ActualWeight":\(weight),\
        "Timestamp":"2021-06-09T13:39:27.971Z"}
        """
    }

    @Test(
        "rows are recorded in each form, and again without effect",
        arguments: [(row(1), 1), ("[\(row(1)),\(row(2))]", 2), ("\(row(1))\n\(row(2))\n\(row(3))", 3)])
    func recorded(_ body: String, _ count: Int) async throws {
        let harness = try RouteHarness()
        let first = await harness.send("POST", "/observations", body: body)
        #expect(first.status == 200)
        #expect(first.text == #"{"recorded":\#(count),"duplicates":0}"#)
        let again = await harness.send("POST", "/observations", body: body)
        #expect(again.text == #"{"recorded":0,"duplicates":\#(count)}"#)
        #expect(harness.store.count == count)
    }

    @Test("of several rows the good ones are recorded, and each bad one is named")
    func partly() async throws {
        let harness = try RouteHarness()
        let response = await harness.send(
            "POST", "/observations", body: "[\(Self.row(1)),\(Self.row(2, weight: "\"heavy\"")),7,\(Self.row(4))]")
        #expect(response.status == 422 && response.isProblem)
        #expect(response.document?["recorded"] == 2)
        let refused = try #require(response.document?["refused"]?.elements)
        #expect(refused.map { $0["row"]?.integer } == [1, 2])
        #expect(refused[0]["problem"]?["parameter"] == "ActualWeight")
        #expect(refused[0]["problem"]?["given"] == "heavy")
        #expect(harness.store.count == 2)
    }

    @Test("the same fish and time with another weight is told as a conflict, counted, and the first stays")
    func conflicts() async throws {
        let harness = try RouteHarness()
        _ = await harness.send("POST", "/observations", body: "[\(Self.row(1)),\(Self.row(2))]")
        let body = "[\(Self.row(3)),7,\(Self.row(1, weight: "5.5")),\(Self.row(2)),\(Self.row(3, weight: "6"))]"
        let response = await harness.send("POST", "/observations", body: body)
        let document = try #require(response.document)
        #expect(document["recorded"] == 1 && document["duplicates"] == 1 && document["conflicts"] == 2)
        let first: JSON = ["row": 2, "Fish_Id": "1", "given": ["ActualWeight": 5.5], "kept": ["ActualWeight": 4.9]]
        let second: JSON = ["row": 4, "Fish_Id": "3", "given": ["ActualWeight": 6.0], "kept": ["ActualWeight": 4.9]]
        #expect(document["conflicting"] == [first, second])
        #expect(try harness.store.newest(9).allSatisfy { $0.actual == 4.9 })
    }

    @Test("of very many conflicts the first hundred are told one by one, and all are counted")
    func manyConflicts() async throws {
        let harness = try RouteHarness()
        let rows = { weight in "[" + (1...120).map { Self.row($0, weight: weight) }.joined(separator: ",") + "]" }
        _ = await harness.send("POST", "/observations", body: rows("4.9"))
        let response = await harness.send("POST", "/observations", body: rows("5"))
        #expect(response.status == 200 && response.document?["conflicts"] == 120)
        #expect(response.document?["conflicting"]?.elements?.count == 100)
    }

    @Test(
        "what /prediction refuses is refused here, named, and so are a truth and a time that would poison trainings",
        arguments: [
            ("Length", "0"), ("Length", "1000.1"), ("Height", "-18"), ("ActualWeight", "0"), ("ActualWeight", "-4.9"),
            ("ActualWeight", "1e308"), ("ActualWeight", "1000001"), ("Species", #""sal\u200bmon""#),
            ("Species", #""\u202esalmon""#), ("Species", #""salmon\u0085""#),
            ("Timestamp", #""9999-12-31T23:59:59.999Z""#), ("Timestamp", #""2021-06-09T13:44:27.972Z""#),
        ])
    func poison(_ field: String, _ value: String) async throws {
        let harness = try RouteHarness()
        let given = try JSON(parsing: value)
        let members = try #require(try JSON(parsing: Self.row(1)).members)
        let row = JSON.object(members.map { $0.name == field ? JSON.Member(field, given) : $0 })
        let response = await harness.send("POST", "/observations", body: row.compact)
        #expect(response.status == 422 && response.isProblem && harness.store.count == 0)
        #expect(response.document?["parameter"]?.text == field && response.document?["given"] == given)
        if field != "ActualWeight", field != "Timestamp" {
            let predicted = await harness.send("POST", "/prediction", body: row.compact)
            #expect(predicted.status == 422 && predicted.document?["accepted"] == response.document?["accepted"])
        }
    }

    @Test("a time of five minutes ahead of the server's clock is accepted, and any in the past")
    func times() async throws {
        let harness = try RouteHarness()
        for (number, time) in ["2021-06-09T13:44:27.971Z", "1999-01-01T00:00:00.000Z"].enumerated() {
            let row = Self.row(number).replacing("2021-06-09T13:39:27.971Z", with: time)
            #expect(await harness.send("POST", "/observations", body: row).status == 200)
        }
    }

    @Test("one bad row is a problem that names the field")
    func bad() async throws {
        let response = await (try RouteHarness()).send("POST", "/observations", body: Self.row(1, weight: "null"))
        #expect(response.status == 422 && response.isProblem)
        #expect(response.document?["parameter"] == "ActualWeight")
    }

    @Test("a database that is away is 503 with Retry-After; one that refuses is 500")
    func away() async throws {
        let harness = try RouteHarness()
        harness.store.fail(with: StoreError(.unavailable, "nobody there"))
        let away = await harness.send("POST", "/observations", body: Self.row(1))
        #expect(away.status == 503 && away.isProblem && away.header("Retry-After") != nil)
        harness.store.fail(with: StoreError(.refused, "not a database"))
        let refused = await harness.send("POST", "/observations", body: Self.row(1))
        #expect(refused.status == 500 && refused.isProblem)
        #expect(refused.document?["detail"] == "not a database")
    }

    @Test(
        "of bodies that gathered each gets the answer that it gets alone, and what one is to blame for spoils no other")
    func gathered() throws {
        let harness = try RouteHarness()
        let recorder = ObservationRecorder(service: harness.service, metrics: harness.metrics)
        let bodies = [
            Self.row(1), "[\(Self.row(2)),\(Self.row(1, weight: "6"))]", "{", Self.row(3), Self.row(4, weight: "null"),
            Self.row(2),
        ]
        let first = gather(bodies, recorder)
        #expect(first.map(\.status) == [200, 200, 400, 200, 422, 200])
        #expect(first[0].text == #"{"recorded":1,"duplicates":0}"#)
        #expect(first[1].document?["recorded"] == 1 && first[1].document?["conflicts"] == 1)
        #expect(first[1].document?["conflicting"]?.elements?.first?["row"] == 1)
        #expect(first[4].document?["parameter"] == "ActualWeight")
        #expect(first[5].text == #"{"recorded":0,"duplicates":1}"#)
        harness.store.refuse("7")
        #expect(gather([Self.row(6), Self.row(7), Self.row(8)], recorder).map(\.status) == [200, 500, 200])
        harness.store.fail(with: StoreError(.unavailable, "nobody there"))
        #expect(gather([Self.row(9), Self.row(10)], recorder).map(\.status) == [503, 503])
        #expect(harness.store.count == 5)
    }

    private func gather(_ bodies: [String], _ recorder: ObservationRecorder) -> [HTTPResponse] {
        let answers = bodies.map { _ in Answer() }
        recorder.answer(
            zip(bodies, answers).map { body, answer in
                GatheredBodies.Body(
                    request: HTTPRequest(method: "POST", path: "/observations", body: Array(body.utf8)),
                    responder: answer, name: nil)
            })
        return answers.compactMap(\.response)
    }

    private final class Answer: HTTPResponder {
        private let given = Lock<HTTPResponse?>(nil)

        var response: HTTPResponse? { given.withLock { $0 } }

        func respond(_ response: HTTPResponse) { given.withLock { $0 = response } }
    }
}
