import ArgumentParser
import EventProcessing
import Program

/// The settings that a backtest compares: every combination of what is given.
struct BacktestOptions: ParsableArguments {
    @Option(help: "window or sequential; may be repeated, as the options below. Default: both.")
    var detector: [DetectorOptions.Name] = []

    @Option(help: ArgumentHelp("Of window: the mean error above which the model is retrained.", valueName: "error"))
    var threshold: [Double] = []

    @Option(help: ArgumentHelp("Of window: its length.", valueName: "span"))
    var window: [TimeSpan] = []

    @Option(
        help: ArgumentHelp(
            "Of sequential: the mean number of rows of a group between two false alarms.", valueName: "rows"))
    var falseAlarmEvery: [Int] = []

    @Option(
        help: ArgumentHelp(
            "Of sequential: rows without a training after which one is asked for; 0 for never. Default: 200.",
            valueName: "rows"))
    var checkEvery: [Int] = []

    @Option(
        help: ArgumentHelp(
            "The rows of a training, as of tare serve: auto is one of them. Default: newest:50.", valueName: "choice"),
        transform: { try RowSelection($0) })
    var rows: [RowSelection] = []

    @Option(help: "Whether a new model must do better than the one before, as of tare serve. Default: on.")
    var gate: [TrainingGate] = []

    @Option(help: ArgumentHelp("Seconds of event time after a training in which no other runs.", valueName: "seconds"))
    var trainCooldown = 0

    @Option(help: ArgumentHelp("Rows that must be new since the last training.", valueName: "n"))
    var trainNewRows = 0

    func validate() throws {
        if let value = threshold.first(where: { !$0.isFinite || $0 <= 0 }) {
            throw ValidationError("--threshold is \(value); accepted is a number above 0, such as 0.15")
        }
        if window.contains(where: { $0.milliseconds < 1 }) {
            throw ValidationError("--window is 0; accepted is 1ms or more")
        }
        try pace.check()
        for interval in falseAlarmEvery { try SequentialOptions.check(falseAlarmEvery: interval) }
        for interval in checkEvery { try SequentialOptions.check(checkEvery: interval) }
    }

    /// - Parameter preset: whose rules hold where none is given.
    func settings(_ preset: Preset) -> [Backtest.Setting] {
        let names = detector.isEmpty ? DetectorOptions.Name.allCases : detector
        return names.flatMap { name in
            let detectors = name == .window ? windows(preset.window) : sequentials
            return (rows.isEmpty ? [.standard] : rows).flatMap { rows in
                (gate.isEmpty ? [.on] : gate).flatMap { gate in
                    detectors.map { detector in
                        Backtest.Setting(
                            name: "\(detector.name), \(rows.text)" + (gate == .on ? "" : ", no gate"),
                            detector: detector.rules, rows: rows, isGated: gate == .on, rules: pace.rules)
                    }
                }
            }
        }
    }

    private var pace: TrainingPace { TrainingPace(cooldownSeconds: trainCooldown, newRowsMin: trainNewRows) }

    private func windows(_ preset: WindowRules) -> [(name: String, rules: DetectorRules)] {
        let sizes = window.isEmpty ? [TimeSpan(milliseconds: preset.size)] : window
        return sizes.flatMap { size in
            (threshold.isEmpty ? [preset.threshold.value] : threshold).map { threshold in
                var rules = preset
                rules.size = size.milliseconds
                rules.threshold.value = threshold
                return ("window \(size.defaultValueDescription), \(threshold)", .window(rules))
            }
        }
    }

    private var sequentials: [(name: String, rules: DetectorRules)] {
        Self.orDefault(falseAlarmEvery).flatMap { interval in
            Self.orDefault(checkEvery).map { check in
                let rules = SequentialRules(falseAlarmEvery: interval, checkEvery: check)
                let name = "sequential, \(Int(rules.falseAlarmInterval))" + (check.map { ", check \($0)" } ?? "")
                return (name, .sequential(rules))
            }
        }
    }

    private static func orDefault(_ values: [Int]) -> [Int?] { values.isEmpty ? [nil] : values.map(Optional.some) }
}
