import ArgumentParser
import Documents
import EventProcessing
import Foundation
import Program
import Regression

struct DemoCommand<Root: ParsableCommand>: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "demo",
            abstract: "The whole story in half a minute: a factory changes, the model notices and learns.",
            usage: "tare demo [--speed <factor>] [--seed <n>] [--port <port>] [--hold]",
            discussion: """
                Starts `tare serve` and `tare stream` as two processes on a free port and a temporary folder, plays the \
                factory's fish, and tells what happens. Nothing is left behind, however it ends.
                """,
            subcommands: [DemoChildCommand<Root>.self])
    }

    @Option(help: ArgumentHelp("How fast the factory's six minutes pass.", valueName: "factor"))
    var speed = 12.0

    @Option(help: ArgumentHelp("The same number gives the same fish.", valueName: "n"))
    var seed: UInt64 = 1

    @Option(
        parsing: .unconditional, help: ArgumentHelp("The server's port; 0 picks a free one.", valueName: "port"),
        transform: readPort)
    var port: UInt16 = 0

    @Flag(help: "Keep the server when the story is over, until Ctrl-C.")
    var hold = false

    func validate() throws {
        guard speed > 0, speed.isFinite else {
            throw ValidationError("--speed is \(speed); accepted is a factor above 0")
        }
    }

    func run() throws {
        _ = StopSignals.descriptor
        var output = PatientOutput(descriptor: STDOUT_FILENO)
        let style = TerminalStyle.ofStandardOutput
        let run = DemoRun(
            script: DemoScript(speed: speed, seed: seed, port: port), style: style,
            words: DemoWords(program: CommandLine.arguments.first ?? "tare"), isHeld: hold
        ) { line in
            guard try output.append(Array(line.utf8)) == .written, try output.flush() == .written else {
                throw StopSignals.received.map { DemoTroupe.Interruption.signal($0) } ?? .readerGone
            }
        }
        do {
            try run.play(DemoTroupe())
        } catch DemoTroupe.Interruption.readerGone {
            // As every filter ends when its reader has read enough.
        } catch DemoTroupe.Interruption.signal(let number) {
            // What a shell reports of a process that a signal ended.
            throw ExitCode(128 + number)
        }
    }
}

/// What the demo's processes are asked to do, as a person would type it after `tare`.
struct DemoScript {
    let speed: Double
    let seed: UInt64
    let port: UInt16

    /// The fish that the first model is fitted on: only salmon, and others than those that come.
    var firstFish: SubjectSequence {
        get throws {
            let plan = SimulatorPlan(stages: [SimulatorPlan.Stage("salmon", count: 100)])
            return try SubjectSequence(levels: Factory.levels, plan: plan, count: plan.count, seed: ~seed)
        }
    }

    func fit(rows: String, model: String) -> [String] { ["fit", rows, "--out", model] }

    func serve(store: String, models: String, initialModel: String) -> [String] {
        [
            "serve", "--host", "127.0.0.1", "--port", String(port), "--store", "sqlite:\(store)", "--models", models,
            "--initial-model", initialModel,
        ]
    }

    func stream(server: String, start: Timestamp) -> [String] {
        [
            "stream", "--server", server, "--source", "simulator", "--plan", Factory.story.description,
            "--seed", String(seed), "--start", start.description, "--speed", String(speed), "--preset", "blog",
            "--output", "ndjson",
        ]
    }

    /// A minute and 24 seconds: there the minutes end where they ended in the factory's recorded run, 13 fish after the
    /// first walleye. It is ten minutes ago, so that no fish is ahead of the server's clock at any speed.
    static func start(now: Timestamp) -> Timestamp {
        Timestamp(milliseconds: (now.milliseconds / 60_000 - 10) * 60_000 + 24_000)
    }
}
