import Documents
import Testing

@testable import Companion
@testable import Program

@Suite("tare demo: the story")
struct DemoStoryTests {
    private let plain = TerminalStyle(width: 80)

    @Test("the rows tell what a reader looks for: normal, drifting, triggered, retrained, in this order")
    func states() {
        let states = StoryTeller.tell(plain).lines.compactMap { line in
            ["normal", "drifting", "triggered", "retrained"].first { line.hasSuffix("%  \($0)") }
        }
        #expect(states.distinct == ["normal", "drifting", "triggered", "retrained"])
        #expect(zip(states, states.dropFirst()).count { $0 != $1 } == 3)
    }

    @Test(
        "a row holds six fish with their mean error, fewer where a turn cuts it short, and begins where a stage begins")
    func rows() {
        let rows = StoryTeller.tell(plain).lines.filter { $0.contains(" %  ") && !$0.contains("model") }
        #expect(rows.count == 34)
        #expect(rows.contains("    55-60  salmon    ▊     ┊                                    2 %  normal"))
        #expect(rows.contains("    61-66  walleye   █████████████████████████████████▋        84 %  drifting"))
        #expect(rows.contains("       79  walleye   █████████████████████████████████▋        84 %  triggered"))
        #expect(rows.contains("  121-126  salmon    ▊     ┊                                    2 %  retrained"))
    }

    @Test("a trigger names its window, its fish and their mean error, and the fish that an older model priced")
    func triggers() {
        let text = StoryTeller.tell(plain).lines.joined(separator: "\n")
        #expect(
            text.contains(
                """
                  ▸ trigger: the window from 06:23:00 to 06:24:00, fish 44 to 73, has a mean
                    error of 36 %, above 15 %.
                """))
        #expect(
            text.contains(
                "fish 74 to 103, has a mean\n    error of 20 %, above 15 %. 6 of its 30 fish were still priced"))
    }

    @Test("a retraining shows each coefficient before and now, and what it does to a price")
    func retraining() {
        let text = StoryTeller.tell(plain).lines.joined(separator: "\n")
        #expect(
            text.contains(
                """
                  ▸ retrained on the newest 50 fish. The model's change:
                                          before       now
                      (Intercept)        -0.1929    1.5000
                      length              0.0498    0.0300
                      specieswalleye           -   -2.0500
                    a fish 95 long and 18 high is now quoted at 4.73 as salmon (was 4.92), 2.68
                    as walleye (was 4.92)
                """))
    }

    @Test("the end shows the whole run at a glance, and the mean error of each species under each model")
    func ending() {
        #expect(
            StoryTeller.tell(plain).lines.suffix(10).joined(separator: "\n") == """
                  The whole run, T a trigger and R the first fish of a new model:

                  ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▇▇▇▇▇▇▃▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁
                  salmon              walleye             salmon
                                          T R       T R

                  mean error                salmon   walleye
                  first model                  2 %      84 %
                  new model, fish 80 on          -       5 %
                  new model, fish 110 on       2 %       5 %
                """)
    }

    @Test("no line is wider than the terminal", arguments: [50, 66, 80, 120])
    func width(_ width: Int) {
        let lines = StoryTeller.tell(TerminalStyle(width: width)).lines
        #expect(lines.filter { $0.count > width } == [])
    }

    @Test("without block characters every line is ASCII, without colour none has an escape")
    func plainText() {
        #expect(StoryTeller.tell(TerminalStyle(hasBlocks: false)).lines.allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } })
        #expect(!StoryTeller.tell(plain).lines.joined().contains("\u{1B}"))
        #expect(StoryTeller.tell(TerminalStyle(hasColor: true)).lines.joined().contains("\u{1B}[31m"))
    }

    @Test("a fish without an error is told as such, and leaves the means alone")
    func noError() {
        var story = Story(style: plain, fishExpected: 180)
        _ = story.begin(with: StoryTeller.first)
        let fish = EvaluatedFish(identifier: "1", level: "salmon", error: nil, modelTime: "x")
        #expect(story.tell(.fish(fish)) == [])
        #expect(story.end().first == "        1  salmon    no error to tell")
    }

    @Test("the story that happened is no failure")
    func success() { #expect(StoryTeller.tell(plain).story.failure == nil) }

    @Test("a run that is cut short says how far it came")
    func cutShort() {
        #expect(Story(style: plain, fishExpected: 180).failure == "the stream ended after 0 of 180 fish")
    }

    @Test("a run without a trigger, new model or better errors says what is missing")
    func failures() {
        #expect(
            StoryTeller.tell(plain, isLearning: false).story.failure
                == "the error never rose above 15 %: no trigger came")
        var story = Story(style: plain, fishExpected: 1)
        _ = story.begin(with: StoryTeller.first)
        _ = story.tell(.fish(StoryTeller.fish(61, isLearning: true)))
        _ = story.tell(StoryTeller.trigger(61, 61, 0.84))
        #expect(story.failure == "a trigger came, but no fish was priced by a new model")
        let bad = EvaluatedFish(identifier: "62", level: "walleye", error: 0.3, modelTime: "later")
        #expect(story.tell(.fish(bad)).last == .askForModel)
        _ = story.tell(model: StoryTeller.second)
        #expect(story.failure == "the error did not fall below 15 % after the last retraining")
    }
}

/// Plays the factory's day to a story: 60 salmon, 60 walleye, 60 salmon; triggers as fish 74 and 104 arrive, and a new
/// model from fish 80 and 110 on.
enum StoryTeller {
    static let first = ModelReport(
        coefficients: [.init(name: "(Intercept)", estimate: -0.19288), .init(name: "length", estimate: 0.04984)],
        rows: 100, quotes: [.init(level: "salmon", value: 4.9249), .init(level: "walleye", value: 4.9249)])
    static let second = ModelReport(
        coefficients: [
            .init(name: "(Intercept)", estimate: 1.5), .init(name: "length", estimate: 0.03),
            .init(name: "specieswalleye", estimate: -2.05),
        ], rows: 50, quotes: [.init(level: "salmon", value: 4.7334), .init(level: "walleye", value: 2.6798)])

    static func tell(_ style: TerminalStyle, isLearning: Bool = true) -> (story: Story, lines: [String]) {
        var story = Story(style: style, fishExpected: 180)
        var lines = story.begin(with: first)
        func handle(_ event: StoryEvent) {
            for action in story.tell(event) {
                switch action {
                case .say(let line): lines.append(line)
                case .askForModel: lines += story.tell(model: second)
                }
            }
        }
        for number in 1...180 {
            handle(.fish(fish(number, isLearning: isLearning)))
            if isLearning, number == 74 { handle(trigger(44, 73, 0.36)) }
            if isLearning, number == 104 { handle(trigger(74, 103, 0.2)) }
        }
        lines += story.end()
        return (story, lines)
    }

    static func fish(_ number: Int, isLearning: Bool) -> EvaluatedFish {
        let isWalleye = (61...120).contains(number)
        let model = !isLearning || number < 80 ? 0 : number < 110 ? 1 : 2
        let error = isWalleye ? (model == 0 ? 0.84 : 0.05) : 0.02
        return EvaluatedFish(
            identifier: String(number), level: isWalleye ? "walleye" : "salmon", error: error,
            modelTime: "2021-06-09 06:2\(model):00")
    }

    static func trigger(_ first: Int, _ last: Int, _ mean: Double) -> StoryEvent {
        let end = Timestamp(milliseconds: 1_623_219_600_000 + Int64(last + 47) / 30 * 60_000)
        return .trigger(
            RetrainTrigger(
                first: String(first), last: String(last), meanError: mean,
                windowStart: end.advanced(byMilliseconds: -60_000),
                windowEnd: end))
    }
}
