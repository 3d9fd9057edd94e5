import Documents
import EventTesting
import Testing

@testable import EventProcessing
@testable import Streaming

@Suite("A pipeline that goes on with what another's detector knew")
struct ResumedDetectorTests {
    private func pipeline() -> Pipeline {
        Pipeline(
            Preset(.blog, for: .fish), for: .fish, roles: [.window, .trigger], detector: .sequential(SequentialRules()))
    }

    /// Rows of one model, good at first and far off from a place on.
    private func rows(_ seed: UInt64) -> [Evaluation] {
        var random = Xoshiro256(seed: seed)
        let normal = NormalDistribution(mean: 0, standardDeviation: 1)
        return (0..<400).map { number in
            .off(
                normal.draw(using: &random) + (number > 200 ? 4 : 0), at: Timestamp(milliseconds: Int64(number) * 2000))
        }
    }

    /// - Returns: the rows at which a trigger came, by their times.
    private func play(_ rows: some Sequence<Evaluation>, _ pipeline: inout Pipeline) -> [Timestamp] {
        var triggers: [Timestamp] = []
        for row in rows {
            var actions = pipeline.handle(.evaluated(row))
            if case .ask(let input)? = actions.first { actions = pipeline.handle(.stated(.ofFifty, then: input)) }
            for case .trigger in actions { triggers.append(row.time) }
        }
        return triggers
    }

    @Test("it alarms where one that was never broken off does, though rows come again", arguments: 1...20)
    func goesOn(_ seed: UInt64) throws {
        let rows = rows(seed)
        var calm = pipeline()
        let expected = play(rows, &calm)
        #expect(!expected.isEmpty)
        var random = Xoshiro256(seed: seed + 1000)
        let end = Int.random(in: 20..<380, using: &random)
        var first = pipeline()
        let before = play(rows[..<end], &first)
        let text = try #require(first.detectorDocument).compact
        var second = pipeline()
        try second.resume(
            at: try #require(first.memory.evaluatedThrough), detector: try JSON(parsing: text))
        let after = play(rows[max(0, end - 50)...], &second)
        #expect(before + after == expected)
    }

    @Test("the document of another version begins it anew, and the run goes on")
    func foreign() {
        var harness = RunnerHarness()
        harness.detector = .sequential(SequentialRules())
        let events = RunnerHarness.factory(20) { _ in 5 }
        let source = ScriptedSource(
            deliveries: [.resumed(0, detector: ["format": "tare-detector/0"])]
                + events.map { .input(.event($0), due: $0.time) })
        let (end, summary) = harness.run(source)
        #expect(end == .inputEnded && summary.recorded == 20)
        #expect(harness.notices.texts.count { $0.hasSuffix("it begins anew") } == 1)
    }

    @Test("a window's detector needs none, and takes none")
    func window() throws {
        var pipeline = Pipeline(Preset(.blog, for: .fish), for: .fish, roles: [.window])
        try pipeline.resume(at: 5, detector: ["something": "else"])
        #expect(pipeline.detectorDocument == nil && pipeline.memory.evaluatedThrough == 5)
    }
}
