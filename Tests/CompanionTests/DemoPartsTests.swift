import Documents
import Specification
import Testing

@testable import Companion
@testable import Program

@Suite("tare demo: what the story is made of")
struct DemoPartsTests {
    @Test("an evaluated fish is read from its document, a missing error stays missing")
    func fish() throws {
        let line = #"{"Fish_Id":"7","Species":"salmon","Length":1.0,"Error":0.021,"ModelTime":"2021-06-02 07:48:52"}"#
        let expected = EvaluatedFish(
            identifier: "7", level: "salmon", error: 0.021, modelTime: "2021-06-02 07:48:52")
        #expect(try StoryEvent(line: line, specification: .builtIn) == .fish(expected))
        let bare = EvaluatedFish(identifier: "7", level: "?", error: nil, modelTime: "?")
        #expect(
            try StoryEvent(line: #"{"Fish_Id":"7","Error":null,"Species":null}"#, specification: .builtIn)
                == .fish(bare))
    }

    @Test("a trigger is told by its window")
    func trigger() throws {
        let line = """
            {"Species":["walleye"],"Fish_Id_Start":"44","Fish_Id_End":"73","ErrorAvg":0.36,\
            "WindowStart":1623219780000,"WindowEnd":1623219840000}
            """
        let expected = RetrainTrigger(
            first: "44", last: "73", meanError: 0.36, windowStart: Timestamp(milliseconds: 1_623_219_780_000),
            windowEnd: Timestamp(milliseconds: 1_623_219_840_000))
        #expect(try StoryEvent(line: line, specification: .builtIn) == .trigger(expected))
    }

    @Test("any other line is an error that shows it", arguments: ["", "hello", "{}", "[1]", #"{"Fish_Id":7}"#])
    func strangeLines(_ line: String) {
        let error = #expect(throws: StoryEventError.self) { try StoryEvent(line: line, specification: .builtIn) }
        #expect(error?.description.hasSuffix(": \(line)") == true)
    }

    @Test(
        "a bar grows with the error and is full at 100 %; the mark of the threshold shows beyond it",
        arguments: [
            (0.0, "   :                "), (0.05, "#  :                "), (0.15, "###:                "),
            (0.2, "####                "), (0.5, "##########          "), (1.0, "####################"),
            (7.0, "####################"), (-1.0, "   :                "),
        ])
    func bars(_ error: Double, _ bar: String) {
        #expect(ErrorChart(style: TerminalStyle(hasBlocks: false), threshold: 0.15).bar(error, width: 20) == bar)
    }

    @Test("block characters show eighths")
    func blocks() {
        let chart = ErrorChart(style: TerminalStyle(), threshold: 0.5)
        #expect(
            (0...8).map { chart.bar(Double($0) / 32, width: 4).first } == [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"])
    }

    @Test("a line has a column for each error and a gap for none")
    func line() {
        let errors = [0, 0.13, nil, 0.5, 0.99, 2]
        #expect(ErrorChart(style: TerminalStyle(), threshold: 0.15).line(errors) == "▁▂ ▅██")
        #expect(ErrorChart(style: TerminalStyle(hasBlocks: false), threshold: 0.15).line(errors) == "_. +@@")
    }

    @Test(
        "numbers have exactly the places asked for",
        arguments: [
            (4.92494, 2, "4.92"), (-0.00004, 4, "0.0000"), (-2.05, 4, "-2.0500"), (0.995, 0, "1"), (1e20, 2, "1e+20"),
        ])
    func fixed(_ value: Double, _ places: Int, _ text: String) { #expect(value.fixed(places) == text) }

    @Test("a model's formula leaves out what is aliased")
    func formula() throws {
        let document = try JSON(
            parsing:
                #"{"coefficients":{"(Intercept)":-0.5,"length":0.05,"height":null,"specieswalleye":-2.0},"rows":50}"#)
        let model = try #require(ModelReport(document: document, quotes: []))
        #expect(model.formulaText == "-0.5000 + 0.0500 length - 2.0000 specieswalleye")
        #expect(model.rows == 50)
        #expect(ModelReport(document: ["rows": 50], quotes: []) == nil)
    }

    @Test(
        "the style follows the terminal, COLUMNS, NO_COLOR, TERM and the locale",
        arguments: [
            (nil, [:], TerminalStyle(width: 80, hasColor: false, hasBlocks: false)),
            (100, ["LANG": "en_GB.UTF-8"], TerminalStyle(width: 100, hasColor: true, hasBlocks: true)),
            (100, ["LANG": "C.utf8", "LC_ALL": "C"], TerminalStyle(width: 100, hasColor: true, hasBlocks: false)),
            (100, ["LANG": "C", "LC_CTYPE": "C.utf8"], TerminalStyle(width: 100, hasColor: true, hasBlocks: true)),
            (100, ["NO_COLOR": "1"], TerminalStyle(width: 100, hasColor: false, hasBlocks: false)),
            (100, ["NO_COLOR": ""], TerminalStyle(width: 100, hasColor: true, hasBlocks: false)),
            (100, ["TERM": "dumb"], TerminalStyle(width: 100, hasColor: false, hasBlocks: false)),
            (10, [:], TerminalStyle(width: 50, hasColor: true, hasBlocks: false)),
            (300, [:], TerminalStyle(width: 120, hasColor: true, hasBlocks: false)),
            (nil, ["COLUMNS": "70"], TerminalStyle(width: 70, hasColor: false, hasBlocks: false)),
        ])
    func style(_ terminalWidth: Int?, _ environment: [String: String], _ expected: TerminalStyle) {
        #expect(TerminalStyle(terminalWidth: terminalWidth, environment: environment) == expected)
    }

    @Test("the next steps name the server's own address while it is there, else how to start one")
    func nextSteps() {
        let words = DemoWords(program: "bin/tare")
        let held = words.next(address: "http://127.0.0.1:4711").joined(separator: "\n")
        #expect(held.contains("curl 'http://127.0.0.1:4711/prediction?length=95&height=18&species=walleye'"))
        #expect(!held.contains("tare serve"))
        let ended = words.next(address: nil).joined(separator: "\n")
        #expect(ended.contains("  bin/tare serve ") && ended.contains("http://127.0.0.1:8000/__docs__/"))
    }

    @Test("the run begins in the minute of the clock, 24 seconds into it")
    func start() {
        let now = Timestamp(milliseconds: 1_623_219_659_999)
        #expect(DemoScript.start(now: now).description == "2021-06-09T06:10:24.000Z")
    }
}
