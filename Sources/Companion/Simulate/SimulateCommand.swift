import ArgumentParser
import Documents
import EventProcessing
import Foundation
import Program
import Regression
import Specification
import Streaming

struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "The two machines of the factory, as events on stdout or on Kafka.",
        discussion: """
            Writes NDJSON, a measurement or a weighing a line, each when it is due; with --output csv instead one row a \
            fish, all at once, for `tare fit`. The same --seed, --plan and --start give the same bytes on every machine.

              tare simulate | tare stream --source -
              tare simulate --plan salmon:100 --output csv | tare fit - --out model.json
              tare simulate --repeat --to kafka://127.0.0.1:9092

            On Kafka a measurement goes to machine-measurement and a weighing to machine-weight, keyed by the fish, at the \
            event's own time.
            """)

    enum Output: String, ExpressibleByArgument, CaseIterable { case ndjson, csv }

    @OptionGroup var factory: SimulatorOptions

    @Option(help: ArgumentHelp("How fast time passes: 1, 60, max.", valueName: "factor"))
    var speed = Speed.times(1)

    @Option(help: "What is written.")
    var output = Output.ndjson

    @Option(
        help: ArgumentHelp("Where the events go instead of stdout: kafka://HOST:PORT,…", valueName: "address"),
        transform: {
            guard let address = KafkaAddress($0) else {
                throw ValidationError("'\($0)' names no brokers; accepted is kafka://HOST:PORT,…")
            }
            return address
        })
    var to: KafkaAddress?

    @OptionGroup(title: "Kafka") var kafka: MachineTopicOptions

    mutating func validate() throws {
        guard output == .ndjson || !factory.hasFaults else {
            throw ValidationError(
                "--late, --lost, --duplicated and --jitter are about events; --output csv writes whole rows")
        }
        guard to == nil || output == .ndjson else {
            throw ValidationError("--output csv writes rows, and --to \(to.map { "\($0)" } ?? "") takes events")
        }
    }

    func run() throws {
        _ = StopSignals.descriptor
        if let to {
            let cluster = KafkaCluster(
                brokers: to.brokers, properties: try kafka.connection.properties(),
                presence: KafkaPresence(say: StandardError.say))
            try play(into: KafkaEventOutput(cluster, topics: kafka.topics(for: .builtIn), specification: .builtIn)) {
                $0
            }
            return
        }
        let lines = PatientOutput(descriptor: FileHandle.standardOutput.fileDescriptor)
        switch output {
        case .csv:
            var player = Player(speed: speed, output: lines)
            try player.play([SimulatedLines.rowsHead(.builtIn)].lazy.map { (0, Array($0.utf8)) })
            try player.play(try factory.subjects().lazy.map { (0, Array(SimulatedLines.row($0).utf8)) })
        case .ndjson:
            let specification = ModelSpecification.builtIn
            try play(into: lines) { $0.text(specification) }
        }
    }

    private func play<Output: SimulationOutput>(
        into output: Output, _ form: @escaping (Event) -> Output.Item
    ) throws {
        let (simulator, start) = try factory.simulator(now: factory.start(now: .now, isFast: speed.isFast))
        var player = Player(speed: speed, output: output)
        try player.play(
            simulator.lazy.map { arrival in
                (arrival.time.milliseconds - start.milliseconds, form(arrival.event))
            })
    }
}

/// Writes each item when it is due.
private struct Player<Output: SimulationOutput> {
    let speed: Speed
    var output: Output
    private let clock = ContinuousClock()
    private let begin: ContinuousClock.Instant

    init(speed: Speed, output: Output) {
        self.speed = speed
        self.output = output
        begin = clock.now
    }

    /// - Parameter items: each with the milliseconds of event time after the start at which it is due.
    mutating func play(_ items: some Sequence<(Int64, Output.Item)>) throws {
        for (milliseconds, item) in items {
            if speed != .max {
                // What was due so far must not wait with the rest.
                guard try output.flush() == .written, wait(until: begin + speed.delay(ofMilliseconds: milliseconds))
                else {
                    return
                }
            }
            guard try output.append(item) == .written else { return }
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
