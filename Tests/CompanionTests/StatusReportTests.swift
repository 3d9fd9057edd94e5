import Documents
import Testing

@testable import Companion

@Suite("The report of tare status")
struct StatusReportTests {
    private typealias Part = StatusAnswers.Part

    private static let ready: JSON = [
        "status": "ready", "model": "v2", "store": ["status": "ok"], "models": ["status": "ok"],
    ]
    private static let away: JSON = [
        "status": "degraded", "model": "v2", "store": ["status": "unavailable", "detail": "no answer"],
        "models": ["status": "ok"], "journal": ["status": "ok", "rows": 12],
    ]

    private static func answers(
        _ readiness: JSON?, status: Int = 200, error: Double? = nil, companion: StatusAnswers.Companion? = nil
    ) -> StatusAnswers {
        var answers = StatusAnswers()
        answers.readiness = readiness.map { Part(status: status, document: $0) }
        answers.model = Part(
            status: 200,
            document: [
                "version": "v2", "time": "2021-06-09T13:00:00.000Z", "formula": "w ~ l", "rows": 50,
                "levels": ["a", "b"],
                "sigma": 0.112, "rSquared": 0.99, "checksum": "x", "specification": ["errorMeasure": "relative"],
            ])
        answers.coverage = Part(status: 200, document: ["observed": 88, "covered": 74])
        answers.versions = Part(
            status: 200,
            document: [
                "models": [
                    ["version": "v3", "state": "refused", "active": false, "verdict": ["detail": "7 % against 3 %"]],
                    ["version": "v2", "state": "served", "active": true],
                ]
            ])
        (answers.rollingError, answers.rollingErrorRows) = (error, error.map { _ in 45 })
        answers.companion = companion
        return answers
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let answers: StatusAnswers
        let verdict: StatusReport.Verdict
        let fault: String?
        var testDescription: String { name }
    }

    private static let cases: [Case] = {
        var silent = StatusAnswers()
        silent.failure = "GET /readyz at http://x: no connection"
        var page = StatusAnswers()
        page.readiness = Part(status: 200, document: nil)
        var denied = answers(ready)
        denied.model = Part(status: 401, document: ["detail": "this needs a token"])
        var back = answers(ready)
        back.model = Part(status: 200, document: ["version": "v1", "rolledBack": ["version": "v2"]])
        return [
            Case(name: "all is well", answers: answers(ready, error: 0.1), verdict: .good, fault: nil),
            Case(name: "a store has a fault", answers: answers(away), verdict: .degraded, fault: "store: no answer"),
            Case(
                name: "the error is too large", answers: answers(ready, error: 0.2), verdict: .degraded,
                fault: "the error is above 0.15"),
            Case(
                name: "a model was taken back", answers: back, verdict: .degraded,
                fault: "the last model failed its probation, and its parent serves"),
            Case(
                name: "no model", answers: answers(["status": "unavailable"], status: 503), verdict: .unavailable,
                fault: "there is no model, so nothing is predicted"),
            Case(
                name: "no answer", answers: silent, verdict: .unavailable,
                fault: "GET /readyz at http://x: no connection"),
            Case(name: "no token", answers: denied, verdict: .unknown, fault: "this needs a token"),
            Case(
                name: "another server", answers: page, verdict: .unknown,
                fault: "GET /readyz answered 200, and not as a model server does"),
            Case(
                name: "the companion is gone", answers: answers(ready, companion: .silent), verdict: .degraded,
                fault: "the companion does not answer"),
            Case(
                name: "the companion waits",
                answers: answers(ready, companion: .answered(["serverAnswers": true, "kafkaAnswers": false])),
                verdict: .degraded, fault: "the companion waits for Kafka"),
            Case(
                name: "the companion works",
                answers: answers(ready, companion: .answered(["serverAnswers": true, "kafkaAnswers": true])),
                verdict: .good, fault: nil),
        ]
    }()

    @Test("the verdict is that of the worst, and says why", arguments: cases)
    func verdicts(one: Case) {
        let report = StatusReport(of: "http://x", one.answers, errorMax: 0.15)
        #expect(report.verdict == one.verdict)
        #expect(report.faults == (one.fault.map { [$0] } ?? []))
        #expect(report.lines(now: Timestamp(milliseconds: 0))[0] == "server      http://x: \(report.word)")
        #expect(report.document(now: Timestamp(milliseconds: 0))["status"]?.text == report.word)
    }

    @Test("the text says what an operator asks for, a line for each thing")
    func text() throws {
        let companion: JSON = [
            "events": 600, "evaluated": 290, "setAside": 1, "pendingMeasurements": 5, "pendingOutcomes": 0, "lag": 7,
            "triggers": 3, "retrained": 2, "serverAnswers": true,
            "groups": [["group": "a", "rollingError": 0.03125, "rows": 50]],
        ]
        let report = StatusReport(
            of: "http://x", Self.answers(Self.away, error: 0.034, companion: .answered(companion)), errorMax: nil)
        let now = try #require(Timestamp("2021-06-09T13:42:00Z"))
        #expect(
            report.lines(now: now) == [
                "server      http://x: degraded",
                "            store: no answer",
                "model       v2, fitted 2021-06-09T13:00:00.000Z, 42 minutes ago",
                "fit         w ~ l on 50 rows of a, b",
                "            sigma 0.1120, R² 0.9900",
                "error       3.4 % in the mean of 45 rows",
                "coverage    74 of 88 rows within their intervals of 95 %, 84 %",
                "store       unavailable",
                "models      ok",
                "journal     ok, 12 rows wait",
                "versions    v3 refused: 7 % against 3 %",
                "            v2 served, serves",
                "companion   600 events, 290 evaluated, 1 set aside",
                "            5 measurements and 0 outcomes wait; lag 7 records",
                "            3 triggers, 2 retrained",
                "            error by group: a 0.0313",
            ])
    }

    @Test("the JSON has the same as members, and of the model what an operator reads")
    func json() throws {
        let report = StatusReport(of: "http://x", Self.answers(Self.ready, error: 0.034), errorMax: nil)
        let now = try #require(Timestamp("2021-06-09T13:42:00Z"))
        let document = report.document(now: now)
        #expect(document["model"]?["ageSeconds"] == 2520 && document["model"]?["version"] == "v2")
        #expect(document["model"]?["checksum"] == nil && document["rollingError"] == 0.034)
        #expect(document["versions"]?.elements?.first?["verdict"] == "7 % against 3 %")
        #expect(document["coverage"]?["covered"] == 74 && document["companion"] == nil)
        #expect(document["readiness"] == Self.ready && document["faults"]?.elements == [])
    }
}
