import Documents
import Testing

@testable import ModelService

@Suite("How often a training may run")
struct TrainingRulesTests {
    private static let start = ModelVersionTests.time

    private func state(newestRow: Int? = nil) throws -> ServingState {
        var state = ServingState()
        let marker = newestRow.map { Observation.flats($0 + 1)[$0].identity }
        state.noteTraining(of: try ModelVersionTests.model(Observation.flats(20)), newestRow: marker)
        return state
    }

    private func newest(_ count: Int, of total: Int) -> [String] {
        Observation.flats(total).reversed().prefix(count).map(\.identity)
    }

    @Test("without a rule, nothing is refused")
    func off() throws {
        #expect(TrainingRules().refusal(at: Self.start, state: try state(), newestFirst: []) == nil)
        #expect(TrainingRules().refusal(at: Self.start, state: ServingState(), newestFirst: []) == nil)
    }

    @Test(
        "a training is refused until the cool-down is over; a clock that was set back ends it",
        arguments: [(0 as Int64, 30), (1, 30), (29_001, 1), (29_999, 1), (30_000, nil), (-1, nil)] as [(Int64, Int?)])
    func cooldown(_ elapsed: Int64, _ secondsLeft: Int?) throws {
        var rules = TrainingRules()
        rules.cooldownSeconds = 30
        let refusal = rules.refusal(
            at: Self.start.advanced(byMilliseconds: elapsed), state: try state(), newestFirst: [])
        #expect(refusal == secondsLeft.map { .coolingDown(secondsLeft: $0, cooldown: 30) })
        #expect(rules.refusal(at: Self.start, state: ServingState(), newestFirst: []) == nil)
    }

    @Test(
        "rows count as new that stand before the one that was the newest at the last training",
        arguments: [(20, 0), (21, 1), (24, 4), (25, nil), (80, nil)] as [(Int, Int?)])
    func newRows(_ total: Int, _ new: Int?) throws {
        var rules = TrainingRules()
        rules.newRowsMin = 5
        let refusal = rules.refusal(
            at: Self.start, state: try state(newestRow: 19), newestFirst: newest(5, of: total))
        #expect(refusal == new.map { .tooFewNewRows(new: $0, needed: 5) })
    }

    @Test("before the first training every row is new")
    func firstRows() throws {
        var rules = TrainingRules()
        rules.newRowsMin = 5
        #expect(
            rules.refusal(at: Self.start, state: ServingState(), newestFirst: newest(4, of: 4))
                == .tooFewNewRows(new: 4, needed: 5))
        #expect(rules.refusal(at: Self.start, state: ServingState(), newestFirst: newest(5, of: 5)) == nil)
    }
}

@Suite("Trainings that are skipped")
struct SkippedTrainingTests {
    @Test(
        "they say when the trigger may train: after how many seconds, or how many more rows",
        arguments: [
            (.coolingDown(secondsLeft: 242, cooldown: 300), "cooling_down", 242, nil),
            (.tooFewNewRows(new: 3, needed: 10), "not_enough_new_rows", nil, 7),
            (.tooFewRows(used: 7, leftOut: 1, needed: 10), "not_enough_rows", nil, 3),
            (.unfit("why"), "not_fitted", nil, nil),
        ] as [(TrainingRefusal, String, Int?, Int?)])
    func retry(_ refusal: TrainingRefusal, _ reason: String, _ seconds: Int?, _ rows: Int?) throws {
        let answer = try #require(TrainingOutcome.skipped(refusal, serving: nil).answer)
        #expect(answer["status"] == "skipped" && answer["reason"]?.text == reason)
        #expect(answer["retryAfterSeconds"] == seconds.map { JSON($0) })
        #expect(answer["retryAfterRows"] == rows.map { JSON($0) })
    }
}

@Suite("Who waits for a training")
struct TrainingDeskTests {
    private func caller(_ number: Int) -> TrainingDesk<Int>.Caller {
        TrainingDesk.Caller(request: TrainingRequest(trigger: JSON(number)), waiter: number)
    }

    @Test("the first of a round starts it, the others join it, and whoever comes after its end starts the next")
    func rounds() {
        var desk = TrainingDesk<Int>()
        #expect(desk.enter(caller(1), callersMax: 3) == .start)
        #expect(desk.enter(caller(2), callersMax: 3) == .join)
        #expect(desk.enter(caller(3), callersMax: 3) == .join)
        #expect(desk.enter(caller(4), callersMax: 3) == .refuse)
        #expect(desk.callers.map(\.waiter) == [1, 2, 3])
        #expect(desk.close().map(\.waiter) == [1, 2, 3])
        #expect(desk.enter(caller(5), callersMax: 3) == .start)
        #expect(desk.close().map(\.waiter) == [5])
        #expect(desk.close().isEmpty)
    }
}

@Suite("How many models are kept")
struct RetentionTests {
    @Test(
        "the newest stay, and the active one and its parent in any case, counted among them",
        arguments: [
            (nil, "5", "4", []), (9, "5", "4", []), (5, "5", "4", []), (3, "5", "4", ["2", "1"]),
            (3, "2", "1", ["4", "3"]), (2, "5", "1", ["4", "3", "2"]), (1, "2", "1", ["5", "4", "3"]),
            (1, "5", nil, ["4", "3", "2", "1"]), (2, nil, nil, ["3", "2", "1"]),
            // A parent that was the initial model of another server, and never here, takes nobody's place.
            (2, "5", "0", ["3", "2", "1"]),
        ] as [(Int?, String?, String?, [String])])
    func removals(_ keep: Int?, _ active: String?, _ parent: String?, _ removals: [String]) {
        #expect(
            Retention(keep: keep).removals(newestFirst: ["5", "4", "3", "2", "1"], active: active, parent: parent)
                == removals)
    }
}
