import Documents
import EventTesting
import Regression
import Specification
import Testing

@testable import EventProcessing

@Suite("The sequential detector's state as a document")
struct DetectorStateTests {
    private static let rules = SequentialRules.testing(every: 1000, checkInterval: 90)

    /// Fish of several species that change, come unseen, and are predicted by models before.
    private func rows(_ count: Int, seed: UInt64) -> [Evaluation] {
        let unit = NormalDistribution(mean: 0, standardDeviation: 1)
        var random = Xoshiro256(seed: seed)
        return (0..<count).map { number in
            let level = ["salmon", "walleye", nil, "perch \u{E9}"][Int(random.next() % 4)]
            let shift = number > count / 2 && level == "walleye" ? 4.0 : 0
            var row = Evaluation.off(
                shift + unit.draw(using: &random), at: Timestamp(milliseconds: Int64(number) * 1700), level: level,
                isLevelSeen: !(level == "perch \u{E9}" && number < 100),
                modelTime: random.next() % 20 == 0 ? "2021-01-01 00:00:00" : ModelStatement.ofFifty.modelTime)
            row.identifier = "fish \(number)"
            return row
        }
    }

    /// One row, and what a server that answers by the number of questions makes of it.
    private func step(
        _ detector: inout SequentialDetector, _ row: Evaluation, questions: inout Int
    ) -> [DriftChange] {
        let changes = detector.observe(row)
        for _ in changes {
            questions += 1
            switch questions % 4 {
            case 0: detector.take(TrainingReply(status: .skipped, retryAfterSeconds: 30, retryAfterRows: 5))
            case 1: detector.take(TrainingReply(status: .refused))
            case 2: detector.restart(for: .ofFifty.with(modelTime: ModelStatement.ofFifty.modelTime, levels: 3))
            default: break
            }
        }
        return changes
    }

    @Test("stopping and going on at any row gives the same actions as never stopping", arguments: 1...4 as ClosedRange)
    func roundTrip(_ seed: UInt64) throws {
        let rows = rows(500, seed: seed)
        var (plain, plainQuestions) = (SequentialDetector(Self.rules, for: .ofFifty), 0)
        var (stopped, stoppedQuestions) = (plain, 0)
        var told = 0
        for row in rows {
            let document = try #require(stopped.document).bytes
            stopped = SequentialDetector(Self.rules)
            try stopped.restore(from: JSON(parsing: document))
            let changes = step(&plain, row, questions: &plainQuestions)
            #expect(step(&stopped, row, questions: &stoppedQuestions) == changes)
            told += changes.count
        }
        #expect(told > 8)
        #expect(plain.document == stopped.document)
    }

    @Test("a level takes at most 4 kB of it")
    func size() throws {
        var detector = SequentialDetector(Self.rules, for: .ofFifty)
        for row in rows(4000, seed: 9) { _ = detector.observe(row) }
        #expect(try #require(detector.document).bytes.count < 5 * 4096)
    }

    @Test(
        "what is no state of a detector is refused with the place",
        arguments: [
            ([], "state.format is missing"), (["format": "tare-detector/9"], "tare-detector/9"),
            (["levels": 7], "state.levels"), (["rows": -1], "state.rows is -1"), (["rows": "many"], "state.rows"),
            (["autocorrelation": [1, 2]], "an array of 2"), (["waiting": [1]], "1 asks"), (["asked": 5], "5 asks"),
            (["model": ["rows": 0]], "state.model"), (["latest": nil], "state.latest is null"),
            (["levels": .array(Array(repeating: .object([]), count: 1001))], "an array of 1001"),
        ] as [(JSON, String)])
    func refused(_ changes: JSON, _ reason: String) throws {
        let whole = try #require(SequentialDetector(Self.rules, for: .ofFifty).document)
        let members = (whole.members ?? []).map { JSON.Member($0.name, changes[$0.name] ?? $0.value) }
        var detector = SequentialDetector(Self.rules)
        do {
            try detector.restore(from: changes == [] ? .object([]) : .object(members))
            Issue.record("it was taken")
        } catch {
            #expect(error.description.contains(reason), "\(error)")
        }
    }

    @Test(
        "a level's numbers are held to what a detector writes",
        arguments: [
            ("counts", [1], "no count"), ("counts", [193, 1], "no bin 193"), ("counts", [5, -1], "whole numbers"),
            ("waiting", [193], "0 to 192"), ("promise", 1, "promise is 1"), ("scores", ["a"], "numbers"),
        ] as [(String, JSON, String)])
    func level(_ name: String, _ value: JSON, _ reason: String) throws {
        var detector = SequentialDetector(Self.rules, for: .ofFifty)
        _ = detector.observe(.off(0))
        let level = try #require(detector.levels.first).document
        let changed = (level.members ?? []).map { $0.name == name ? JSON.Member(name, value) : $0 }
        #expect {
            try LevelWatch(StateReader(.object(changed), at: "level"))
        } throws: {
            "\($0)".contains(reason)
        }
    }

    @Test("a process that goes on with the same model goes on with what is known of it")
    func sameModel() throws {
        let specification = ModelSpecification.fish
        let preset = Preset(.blog, for: specification)
        func pipeline() -> Pipeline { Pipeline(preset, for: specification, detector: .sequential(Self.rules)) }
        /// A fish is predicted, the model asked about where that is wanted, and the fish weighed.
        func take(_ name: String, at time: Timestamp, by pipeline: inout Pipeline) -> Int {
            var questions = 0
            for case .ask(let input) in pipeline.handle(.predicted(.sample(name, at: time))) {
                questions += 1
                _ = pipeline.handle(.stated(.ofFifty, then: input))
            }
            _ = pipeline.handle(.event(.outcome(.sample(name, at: time))))
            return questions
        }
        func waiting(_ document: JSON) -> Int? { document["levels"]?.elements?.first?["waiting"]?.elements?.count }
        var first = pipeline()
        #expect(take("1", at: 1000, by: &first) == 1)
        let document = try #require(first.detectorDocument)
        #expect(waiting(document) == 1)
        var second = pipeline()
        try second.restoreDetector(from: document)
        #expect(take("2", at: 2000, by: &second) == 1)
        #expect(waiting(try #require(second.detectorDocument)) == 2)
    }
}
