import Documents
import EventProcessing
import ModelService
import Program
import Regression
import Specification
import Streaming

/// Replays a recording through the very code of `tare stream` with one setting after the other, faster than it came.
struct Backtest {
    /// One row of the table.
    struct Setting {
        let name: String
        let detector: DetectorRules
        /// Of the model server, whose rows stand in `rows`.
        let service: ModelService.Settings
        let rows: RowSelection

        init(
            name: String, detector: DetectorRules, rows: RowSelection = .standard, isGated: Bool = true,
            rules: TrainingRules = TrainingRules()
        ) {
            self.name = name
            self.detector = detector
            self.rows = rows
            var service = ModelService.Settings()
            service.rows = rows.choice
            service.isGated = isGated
            service.rules = rules
            self.service = service
        }

        /// In milliseconds: what phases of the clock are parts of.
        func windowSize(_ preset: Preset) -> Int64 {
            if case .window(let rules) = detector { rules.size } else { preset.window.size }
        }
    }

    struct Recording {
        let specification: ModelSpecification
        /// The model that answers first.
        let first: ModelVersion
        /// Opens it from its start.
        let open: () throws -> any EventSource
        /// When something changed, oldest first; nil where nobody knows.
        let drifts: [Timestamp]?
    }

    let recording: Recording
    let preset: Preset
    /// How many subjects after a drift an alarm may still be about it.
    let horizon: Int
    let clock: any StreamClock

    /// - Parameter shift: is added to the time of every event, in milliseconds: what follows the clock falls elsewhere.
    func run(_ setting: Setting, shift: Int64 = 0, notices: any RunNotices) throws -> BacktestResult {
        let specification = recording.specification
        let tally = BacktestTally(specification.errorMeasure)
        let join = StreamJoin<PredictedMeasurement, Outcome>.Bounds(
            within: preset.join.within, retention: preset.join.retention)
        var runner = StreamRunner(
            StreamRunner.Parts(
                roles: .all,
                pipeline: Pipeline(
                    specification: specification, roles: .all, join: join, detector: setting.detector.detector()),
                source: ShiftedSource(source: try recording.open(), shift: shift),
                writer: RecordWriter(specification: specification, preset: preset),
                client: InProcessModel(recording.first, settings: setting.service), report: tally, output: NoOutput(),
                notices: notices, clock: clock, pacing: Pacing(factor: nil)))
        let (end, summary) = runner.run()
        if case .sourceFailed(let reason) = end { throw SourceError(reason) }
        return BacktestResult(
            tally.notes, measure: specification.errorMeasure, retrainings: summary.retrainings,
            drifts: recording.drifts?.map { $0.advanced(byMilliseconds: shift) },
            horizon: horizon)
    }
}

/// The rows of a backtest are only counted, so nothing is printed.
private final class NoOutput: LineOutput {
    func write(_ line: String) {}
    func flush() {}
}

/// The same events at other times of day.
struct ShiftedSource: EventSource {
    var source: any EventSource
    let shift: Int64

    var fraction: Double? { source.fraction }

    mutating func next(waiting patience: Duration) throws(SourceError) -> Delivery? {
        let delivery = try source.next(waiting: patience)
        guard shift != 0, case .input(.event(let event), let due) = delivery else { return delivery }
        return .input(.event(event.advanced(byMilliseconds: shift)), due: due.advanced(byMilliseconds: shift))
    }
}

extension Event {
    fileprivate func advanced(byMilliseconds shift: Int64) -> Event {
        switch self {
        case .measurement(var measurement):
            measurement.time = measurement.time.advanced(byMilliseconds: shift)
            return .measurement(measurement)
        case .outcome(var outcome):
            outcome.time = outcome.time.advanced(byMilliseconds: shift)
            return .outcome(outcome)
        }
    }
}
