import ArgumentParser
import Documents
import EventProcessing
import Foundation
import Regression
import Testing

@testable import Companion

@Suite("tare simulate: the factory and its options")
struct SimulateTests {
    @Test(
        "the fish are drawn as the factory says",
        arguments: [
            ("salmon", (88.0, 5.0), (19.0, 1.0), (0.05, 0.01)), ("walleye", (81.0, 8.0), (17.0, 2.0), (0.02, 0.04)),
        ])
    func factory(
        _ name: String, _ length: (Double, Double), _ height: (Double, Double), _ coefficients: (Double, Double)
    ) throws {
        let count = 20_000
        let plan = SimulatorPlan(stages: [SimulatorPlan.Stage(name, count: count)])
        let fish = Array(try SubjectSequence(levels: Factory.levels, plan: plan, count: count, seed: 1))
        func check(_ expected: (Double, Double), _ value: (SimulatedSubject) -> Double) {
            let mean = fish.reduce(0) { $0 + value($1) } / Double(count)
            let variance = fish.reduce(0) { $0 + (value($1) - mean) * (value($1) - mean) } / Double(count)
            // Five standard deviations of each estimate.
            #expect(abs(mean - expected.0) < 5 * expected.1 / Double(count).squareRoot())
            #expect(abs(variance.squareRoot() - expected.1) < 5 * expected.1 / Double(2 * count).squareRoot())
        }
        check(length) { $0.predictors[0] }
        check(height) { $0.predictors[1] }
        check((0, 0.1)) { $0.response - coefficients.0 * $0.predictors[0] - coefficients.1 * $0.predictors[1] }
    }

    @Test(
        "where time passes faster than it does, the last event is not ahead of now, so that a server takes all rows",
        arguments: [[], ["--count", "5000"], ["--plan", "salmon:60", "--late", "0.2", "--jitter", "30s"]])
    func fastStart(_ arguments: [String]) throws {
        let options = try SimulatorOptions.parse(arguments)
        let now = Timestamp(milliseconds: 1_623_245_967_971)
        #expect(options.start(now: now, isFast: false) == now)
        let simulator = try options.simulator(now: options.start(now: now, isFast: true)).simulator
        let last = try #require(simulator.map(\.event.time).max())
        #expect(last <= now && now.milliseconds - last.milliseconds < 300_000)
    }

    @Test("rows carry the specification's names, then each fish with its weight")
    func rows() throws {
        let fish = Array(try SubjectSequence(levels: Factory.levels, plan: Factory.story, count: 1, seed: 1))
        #expect(SimulatedLines.rowsHead(.fish) == "species,id,length,height,weight")
        #expect(fish.map(SimulatedLines.row) == ["salmon,1,89.56,19.511,4.62673"])
    }

    @Test(
        "a length of time has a unit, or counts seconds",
        arguments: [
            ("2s", 2000), ("2", 2000), ("500ms", 500), ("1.5m", 90_000), ("2h", 7_200_000), ("0", 0), ("0.25s", 250),
        ])
    func timeSpans(_ text: String, _ milliseconds: Int64) {
        #expect(TimeSpan(argument: text)?.milliseconds == milliseconds)
    }

    @Test(
        "anything else is no length of time",
        arguments: ["", "s", "-1s", "2 s", "2d", "1e3", "x", "1..2s", "9999999999999999h", "٢s"])
    func noTimeSpan(_ text: String) { #expect(TimeSpan(argument: text) == nil) }

    @Test(
        "a speed is a factor above 0, or max", arguments: [("1", Speed.times(1)), ("0.5", .times(0.5)), ("max", .max)])
    func speeds(_ text: String, _ speed: Speed) { #expect(Speed(argument: text) == speed) }

    @Test("anything else is no speed", arguments: ["", "0", "-1", "fast", "inf", "nan", "MAX"])
    func noSpeed(_ text: String) { #expect(Speed(argument: text) == nil) }

    @Test("at speed 60 a minute lasts a second, at max nothing waits")
    func delays() {
        #expect(Speed.times(60).delay(ofMilliseconds: 60_000) == .seconds(1))
        #expect(Speed.max.delay(ofMilliseconds: 60_000) == .zero)
    }

    @Test(
        "a wrong option is refused with what was given",
        arguments: [
            (["--plan", "salmon"], "'salmon'"), (["--plan", "trout:3"], "'trout'"), (["--late", "1.1"], "1.1"),
            (["--lost=-0.1"], "-0.1"), (["--duplicated", "nan"], "nan"), (["--count", "0"], "0"),
            (["--count", "1", "--repeat"], "--repeat"), (["--interval", "0"], "--interval"),
            (["--start", "today"], "'today'"),
            (["--interval", "1ms", "--delay", "2h"], "--delay"), (["--output", "csv", "--jitter", "1s"], "--jitter"),
            (["--speed", "0"], "'0'"), (["--output", "xml"], "xml"), (["--seed", "1.5"], "'1.5'"),
        ])
    func refused(_ arguments: [String], _ named: String) {
        let error = #expect(throws: (any Error).self) { try SimulateCommand.parse(arguments) }
        #expect(error.map { SimulateCommand.fullMessage(for: $0) }?.contains(named) == true)
    }
}

/// The built program, as a process of its own.
@Suite("tare simulate: the process", .timeLimit(.minutes(40)))
struct SimulateProcessTests {
    @Test("the same seed, plan and start give the same bytes; another seed gives others")
    func repeatable() throws {
        let arguments = ["simulate", "--speed", "max", "--start", "2021-06-09T06:20:00Z", "--seed"]
        let (one, again, other) = (
            try TareProcess.run(arguments + ["7"]), try TareProcess.run(arguments + ["7"]),
            try TareProcess.run(arguments + ["8"])
        )
        #expect(one.status == 0 && one.output == again.output && one.output != other.output)
        let lines = one.output.split(separator: "\n")
        #expect(lines.count == 360)
        #expect(lines.allSatisfy { (try? JSON(parsing: $0.utf8)) != nil })
    }

    @Test("csv has a head and a row for each fish")
    func csv() throws {
        let result = try TareProcess.run(["simulate", "--plan", "walleye:3", "--count", "5", "--output", "csv"])
        #expect(
            result.output.split(separator: "\n").map { $0.prefix(9) } == ["species,i"] + (1...5).map { "walleye,\($0)" }
        )
        #expect(result.status == 0 && result.errors.isEmpty)
    }

    @Test("events come when they are due: at speed 1 the first is there while the second is not")
    func pacing() throws {
        let process = try TareProcess(["simulate", "--plan", "salmon:2", "--interval", "1h"])
        defer { process.end() }
        let first = try process.readLine()
        #expect(first?.hasPrefix(#"{"Fish_Id":"1","Species":"salmon","Length":"#) == true)
        #expect(process.isRunning)
    }

    @Test("a stop signal ends an endless run in silence and whole lines", arguments: [SIGINT, SIGTERM], ["max", "1"])
    func signals(_ signal: CInt, _ speed: String) throws {
        let process = try TareProcess(["simulate", "--repeat", "--speed", speed])
        defer { process.end() }
        _ = try process.readLine()
        process.send(signal)
        let result = process.finish()
        #expect(result.status == 0)
        #expect(result.errors == "")
        #expect(result.output.isEmpty || result.output.hasSuffix("}\n"))
    }

    @Test("a reader that leaves ends an endless run in silence")
    func brokenPipe() throws {
        let process = try TareProcess(["simulate", "--repeat", "--speed", "max"])
        defer { process.end() }
        _ = try process.readLine()
        process.closeOutput()
        let result = process.finish()
        #expect(result.status == 0 && result.errors.isEmpty)
    }

    @Test("an output that takes nothing is told, with its reason")
    func fullDisk() throws {
        let result = try TareProcess.run(["simulate", "--speed", "max"], outputPath: "/dev/full")
        #expect(result.status == 1)
        #expect(result.errors == "Error: the output cannot be written: No space left on device\n")
    }
}
