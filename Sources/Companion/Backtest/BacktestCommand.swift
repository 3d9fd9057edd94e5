import ArgumentParser
import Documents
import EventProcessing
import ModelService
import Program
import Regression
import Specification
import Streaming

/// `tare backtest`: what each setting would have made of a recording.
struct BacktestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backtest",
        abstract: "Replay recorded events under several settings, and compare what they come to.",
        discussion: """
            The events go through the very code of `tare stream` and `tare serve`, as fast as they can, without a server \
            or a database; one row of the table is one setting.

            delay is from a drift to its first alarm; an alarm more than --horizon rows after one, or before any, is false; a \
            drift without an alarm is missed where a group was then wrong on the mean. Wrong is a row estimated more than \
            15 % off, or, where errors are not relative, beyond three robust standard deviations of all. When a file's drifts were is only known where --drift-at says so; without it those three have a \
            dash. Of a simulated source it is known.

              tare backtest events.ndjson --drift-at 2021-06-10T06:26:57Z --threshold 0.1 --threshold 0.15
              tare backtest simulator --phases 30
              tare backtest friedman:gradual --seeds 20 --rows newest:200
            """)

    @Argument(
        help: ArgumentHelp(
            """
            FILE (NDJSON, as for tare stream), kcat:FILE (lines of kcat -J), simulator, or friedman:abrupt and \
            friedman:gradual: Friedman's function with drifts, 3000 rows.
            """, valueName: "source"), completion: .file(),
        transform: { try BacktestSource($0) })
    var source: BacktestSource

    @Option(
        help: ArgumentHelp(
            "The model that answers first. Default: the worked example's; of Friedman's function one is fitted.",
            valueName: "file"), completion: .file())
    var initialModel: String?

    @Option(
        help: ArgumentHelp("When something changed, ISO 8601; may be repeated. For files.", valueName: "time"),
        transform: readTimestamp)
    var driftAt: [Timestamp] = []

    @Option(
        help: ArgumentHelp("How many rows after a drift an alarm may still be about it.", valueName: "rows"))
    var horizon = 100

    @Option(
        help: ArgumentHelp(
            "At how many places of the clock's windows each setting is tried; the table then has the least, the middle "
                + "and the most.", valueName: "n"))
    var phases = 1

    @Option(help: ArgumentHelp("How many simulations, with one --seed after the other.", valueName: "n"))
    var seeds = 1

    @Option(help: "The topics, columns and rules to follow.")
    var preset = PresetName.blog

    @OptionGroup(title: "Settings") var options: BacktestOptions

    @OptionGroup(title: "Simulator") var factory: SimulatorOptions

    func validate() throws {
        guard (1...10_000).contains(phases) else {
            throw ValidationError("--phases is \(phases); accepted is 1 to 10000")
        }
        guard horizon > 0 else { throw ValidationError("--horizon is \(horizon); accepted is a number from 1") }
        guard (1...10_000).contains(seeds) else { throw ValidationError("--seeds is \(seeds); accepted is 1 to 10000") }
        guard source.isSimulated || seeds == 1 else {
            throw ValidationError("--seeds is for simulated sources; the source is a file")
        }
        guard !source.isSimulated || driftAt.isEmpty else {
            throw ValidationError("--drift-at is for files; of a simulated source it is known")
        }
        if case .friedman = source, factory.plan != Factory.story {
            throw ValidationError("--plan is for the source simulator; Friedman's function has a plan of its own")
        }
        guard !factory.isRepeated else { throw ValidationError("--repeat has no end; give a --count") }
    }

    func run() throws {
        _ = StopSignals.descriptor
        let specification = try specification()
        for rows in options.rows { try rows.check(against: specification) }
        let settings = options.settings(Preset(preset, for: specification))
        let notices = BacktestNotices(runs: settings.count * seeds * phases)
        defer { notices.end() }
        var table = BacktestTable(specification)
        for setting in settings { table.add(setting.name, try results(of: setting, specification, notices: notices)) }
        notices.end()
        for line in table.lines { print(line) }
    }

    /// Of a recording that of the model that it begins with.
    private func specification() throws -> ModelSpecification {
        switch source {
        case .friedman: Friedman.specification
        case .simulator: .builtIn
        case .recorded: try ModelVersion.read(initialModel).specification
        }
    }

    private func results(
        of setting: Backtest.Setting, _ specification: ModelSpecification, notices: BacktestNotices
    ) throws -> [BacktestResult] {
        let preset = Preset(preset, for: specification)
        var results: [BacktestResult] = []
        for seed in 0..<UInt64(seeds) {
            let recording = try recording(
                specification, seed: factory.seed &+ seed, rows: setting.rows, preset: preset)
            let backtest = Backtest(recording: recording, preset: preset, horizon: horizon, clock: SystemClock())
            for phase in 0..<Int64(phases) {
                let shift = phase * setting.windowSize(preset) / Int64(phases)
                let result = try backtest.run(setting, shift: shift, notices: notices)
                guard result.evaluated > 0 else {
                    throw ValidationError(
                        "nothing of the source could be evaluated: needed are measurements and their outcomes, as `tare stream` reads them"
                    )
                }
                results.append(result)
                notices.noteRun()
                if let signal = StopSignals.received { throw ExitCode(128 + signal) }
            }
        }
        return results
    }
}

// MARK: - Recordings

extension BacktestCommand {
    /// Of simulated events, where no other is given, so that the same command gives the same table.
    private static let start = Timestamp(milliseconds: 1_623_240_000_000)

    private func recording(
        _ specification: ModelSpecification, seed: UInt64, rows: RowSelection, preset: Preset
    ) throws -> Backtest.Recording {
        let start = factory.start ?? Self.start
        switch source {
        case .friedman(let drift):
            return try Friedman.recording(drift, seed: seed, firstRows: rows.count, start: start)
        case .recorded(let file):
            return Backtest.Recording(
                specification: specification, first: try firstModel(specification),
                open: { try file.open(specification, preset) }, drifts: driftAt.isEmpty ? nil : driftAt.sorted())
        case .simulator:
            let first = try firstModel(specification)
            var factory = factory
            factory.seed = seed
            let simulated = try factory.simulator(now: start).simulator
            return Backtest.Recording(
                specification: specification, first: first,
                open: { SequenceSource(simulated.lazy.map { (time: $0.time, event: $0.event) }) },
                drifts: factory.plan.drifts(total: factory.count ?? factory.plan.count, known: first.levels)
                    .map { start.advanced(byMilliseconds: Int64($0) * factory.interval.milliseconds) })
        }
    }

    private func firstModel(_ specification: ModelSpecification) throws -> ModelVersion {
        let model = try ModelVersion.read(initialModel)
        guard model.specification == specification else {
            throw ValidationError(
                "the model of \(initialModel ?? "the worked example") is of another subject: '\(model.specification.subject)'"
            )
        }
        return model
    }
}
