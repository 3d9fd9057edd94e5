import Documents
import EventProcessing
import Specification
import Streaming
import Testing

@testable import Companion
@testable import Program

@Suite("The live view of a run")
struct LiveViewTests {
    private static let style = TerminalStyle(width: 80, hasColor: false, hasBlocks: true)

    private static func evaluated(_ group: String?, _ error: Double) -> RunEvent {
        .evaluated(
            Evaluation(
                identifier: "1", level: group, predictors: [], predicted: 1, actual: 1, error: error, modelTime: nil,
                timestampText: nil, time: Timestamp(milliseconds: 0)))
    }

    private static func state(_ events: [RunEvent]) -> LiveState {
        let report = ReadableReport(.builtIn)
        return events.reduce(into: LiveState()) { $0.take($1, report) }
    }

    private static func lines(_ events: [RunEvent], rate: Double = 0, rows: Int = 24) -> [String] {
        LiveView(specification: .builtIn, style: style).lines(state(events), rate: rate, rows: rows)
    }

    @Test("it shows rate, what waits, the error of each group as a chart, and the last triggers")
    func whole() {
        var standing = RunStanding(role: .all)
        (standing.pendingMeasurements, standing.unmatchedOutcomes) = (5, 2)
        standing.levels = [LevelStanding(level: "walleye", state: .asking, evidence: 1)]
        let events: [RunEvent] =
            [.taken(.measurement), .predicted, .taken(.outcome), .setAside, .recorded(4), .standing(standing)]
            + [0, 0.1, 0.2, 0.3, 0.9].map { Self.evaluated("walleye", $0) } + [Self.evaluated("salmon", 0.01)]
            + [.trained(["status": "retrained", "version": "v2"])]
        #expect(
            Self.lines(events, rate: 59.4) == [
                "2 events, 59 a second; 1 predicted, 6 evaluated, 4 recorded",
                "waiting: 5 measured, 0 outcomes; without a partner: 2; set aside: 1",
                "",
                "error of the newest rows, up to 30.0 %",
                "walleye " + String(repeating: " ", count: 45) + "▁▃▆██   30.0 %  asks for a training",
                "salmon  " + String(repeating: " ", count: 49) + "▁    1.0 %",
                "",
                "last triggers",
                ">>> retrained: version v2",
            ])
    }

    @Test("what is not there takes no line: no group, no trigger, no server that is away")
    func empty() {
        #expect(
            Self.lines([]) == [
                "0 events, 0.0 a second; 0 predicted, 0 evaluated, 0 recorded",
                "waiting: 0 measured, 0 outcomes; without a partner: 0; set aside: 0",
            ])
        #expect(Self.lines([.server(isAway: true)])[2] == "the model server is waited for")
        #expect(Self.lines([.server(isAway: true), .server(isAway: false)]).count == 2)
    }

    @Test("however many groups and triggers come, there are no more lines than rows", arguments: [1, 2, 5, 8, 12, 24])
    func bounded(rows: Int) {
        let events =
            (0..<40).map { Self.evaluated("group \($0)", 0.1) } + (0..<20).map { _ in .trained(["status": "refused"]) }
        let lines = Self.lines(events, rows: rows)
        #expect(lines.count <= rows)
        if rows == 24 { #expect(lines.contains("and 28 groups more") && lines.count == rows) }
    }

    @Test("the last five triggers are kept, the newest last")
    func triggers() {
        let state = Self.state((1...7).map { .trained(["status": "retrained", "version": .string("v\($0)")]) })
        #expect(state.triggers == (3...7).map { ">>> retrained: version v\($0)" })
    }

    @Test("the rate is that of the last seconds, and falls to 0 where nothing comes")
    func rate() {
        var state = LiveState()
        let report = ReadableReport(.builtIn)
        #expect(state.rate(at: .zero) == 0)
        for _ in 0..<100 { state.take(.taken(.outcome), report) }
        #expect(state.rate(at: .seconds(2)) == 50)
        #expect(state.rate(at: .seconds(6)) == 0)
    }

    @Test(
        "a line is cut at the terminal's edge, its colours end, and its rows are written over as wide as it is",
        arguments: [
            ("abc", 3, "abc"), ("abcd", 3, "abc"), ("\u{1B}[32mabcd\u{1B}[0mef", 3, "\u{1B}[32mabc\u{1B}[0m"),
            ("▁▂▃▄", 2, "▁▂"),
        ])
    func cut(_ line: String, _ columns: Int, _ expected: String) {
        #expect(LiveScreen.cut(line, to: columns) == expected)
    }

    @Test("lines that have become longer than the terminal is wide are written over in all their rows")
    func erasing() {
        #expect(LiveScreen.erasing([], columns: 10).isEmpty)
        #expect(LiveScreen.erasing(["", "0123456789", "0123456789a"], columns: 10) == "\u{1B}[4A\r\u{1B}[J")
    }

    @Test(
        "auto is live on a terminal alone; what is asked for stays",
        arguments: [
            (ViewOption.auto, true, true), (.auto, false, false), (.lines, true, false), (.live, false, true),
        ])
    func option(_ view: ViewOption, _ isTerminal: Bool, _ isLive: Bool) {
        #expect(view.isLive(isTerminal: isTerminal) == isLive)
    }
}
