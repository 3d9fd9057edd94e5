import Documents
import EventTesting
import Testing

@testable import EventProcessing
@testable import Streaming

@Suite("What people read")
struct ReportTests {
    private let report = ReadableReport(.fish)

    @Test("a line a fish, aligned under its head")
    func lines() {
        var row = Evaluation.sample("61", at: 0, error: 0.841, level: "walleye")
        (row.predicted, row.actual) = (4.5238, 2.457)
        var missing = Evaluation.sample("a-long-identifier", at: 0, error: nil, level: nil)
        (missing.predicted, missing.actual, missing.modelTime) = (nil, 1e20, nil)
        #expect(
            report.head + report.lines(.evaluation(row)) + report.lines(.evaluation(missing)) == [
                "fish     species       predicted     actual     error  model",
                "61       walleye          4.5238     2.4570    84.1 %  2021-05-18 09:00:00",
                "a-long-identifier -                     -      1e+20         -  -",
            ])
    }

    @Test("drift and what was done about it stand out")
    func drift() {
        #expect(
            report.lines(.drift(Drift.ofTwo)) == [
                ">>> drift: mean error 15.1 % over 2, fish f2 to f3 (unknown, salmon), "
                    + "2021-06-09T13:41:00.000Z to 2021-06-09T13:42:00.000Z"
            ])
        let answer: JSON = [
            "status": "retrained", "version": "v2", "rows": 50, "sigma": 0.1, "parent": nil, "levels": ["salmon"],
        ]
        #expect(report.lines(trained: answer) == [">>> retrained: version v2, rows 50, sigma 0.1"])
        #expect(report.lines(trained: ["status": "skipped", "reason": "too few"]) == [">>> skipped: reason too few"])
        #expect(report.lines(trained: nil) == [">>> trained"])
        #expect(report.lines(.withdrawal(Drift.ofTwo.period, time: 0)) == [])
    }

    @Test(
        "numbers have their places",
        arguments: [(4.5, 4, "4.5000"), (0, 1, "0.0"), (1e20, 2, "1e+20"), (-1.25, 1, "-1.2")])
    func fixed(_ value: Double, _ places: Int, _ expected: String) {
        #expect(value.fixed(places) == expected)
    }

    @Test("the summary tells what the roles did, and what went wrong where something did")
    func summary() {
        let harness = RunnerHarness()
        harness.client.value = { _, _, trainings in trainings > 0 ? 4 : 5 }
        var events = RunnerHarness.factory(100)
        events.removeLast()
        let (_, summary) = harness.run(
            events, then: [.setAside(SetAside(place: "line 1", reason: "not JSON")), .skipped])
        let lines = summary.lines(for: .all)
        #expect(
            lines == [
                "events      201 in 0.0 s; 1 of topics not read", "predicted   100", "joined      99",
                "unmatched   1 measured without an outcome, 0 the other way round", "recorded    99",
                "drift       1 found", "triggers    1, 1 retrained", "set aside   1",
                "mean error  0.2500 over 26 before the first retraining, 0.0000 over 69 with the last model",
            ])
        #expect(RunSummary().lines(for: .predict) == ["events      0 in 0.0 s", "predicted   0"])
    }
}
