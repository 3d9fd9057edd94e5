import ArgumentParser
import Documents
import Foundation
import Regression
import Streaming

struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "The two machines of the factory, as events on stdout.",
        discussion: """
            Writes NDJSON, a measurement or a weighing a line, each when it is due; with --output csv instead one row a \
            fish, all at once, for `tare fit`. The same --seed, --plan and --start give the same bytes on every machine.

              tare simulate | tare stream --source -
              tare simulate --plan salmon:100 --output csv | tare fit - --out model.json
            """)

    enum Output: String, ExpressibleByArgument, CaseIterable { case ndjson, csv }

    @OptionGroup var factory: SimulatorOptions

    @Option(help: ArgumentHelp("How fast time passes: 1, 60, max.", valueName: "factor"))
    var speed = Speed.times(1)

    @Option(help: "What is written.")
    var output = Output.ndjson

    mutating func validate() throws {
        guard output == .ndjson || !factory.hasFaults else {
            throw ValidationError(
                "--late, --lost, --duplicated and --jitter are about events; --output csv writes whole rows")
        }
    }

    func run() throws {
        _ = StopSignals.descriptor
        var player = Player(speed: speed, output: PatientOutput(descriptor: FileHandle.standardOutput.fileDescriptor))
        switch output {
        case .csv:
            try player.play([SimulatedLines.rowsHead(.fish)].lazy.map { (0, $0) })
            try player.play(try factory.subjects().lazy.map { (0, SimulatedLines.row($0)) })
        case .ndjson:
            let now = Timestamp.now
            let (simulator, start) = try factory.simulator(now: now)
            try player.play(
                simulator.lazy.map { arrival in
                    let due = arrival.time.milliseconds - start.milliseconds
                    return (due, arrival.event.document(.fish).compact)
                })
        }
    }
}

/// Writes each line when it is due.
private struct Player {
    let speed: Speed
    var output: PatientOutput
    private let clock = ContinuousClock()
    private let begin: ContinuousClock.Instant

    init(speed: Speed, output: PatientOutput) {
        self.speed = speed
        self.output = output
        begin = clock.now
    }

    /// - Parameter lines: each with the milliseconds of event time after the start at which it is due.
    mutating func play(_ lines: some Sequence<(Int64, String)>) throws {
        for (milliseconds, line) in lines {
            if speed != .max {
                // What was due so far must not wait with the rest.
                guard try output.flush() == .written, wait(until: begin + speed.delay(ofMilliseconds: milliseconds))
                else {
                    return
                }
            }
            guard try output.append(line) == .written else { return }
        }
        _ = try output.flush()
    }

    /// False where a stop signal came first.
    private func wait(until due: ContinuousClock.Instant) -> Bool {
        while StopSignals.received == nil {
            let left = due - clock.now
            guard left > .zero else { return true }
            _ = StopSignals.wait(milliseconds: Int((left / .milliseconds(1)).rounded(.up)))
        }
        return false
    }
}
