import Documents
import EventProcessing
import Specification
import Streaming
import Threading

/// Takes down what a run publishes, for `BacktestResult` to judge.
final class BacktestTally: StreamReport {
    struct Row: Sendable {
        /// Of the evaluation: when the truth was told.
        let time: Timestamp
        let level: String?
        /// Not rounded; nil where there is none.
        let error: Double?
    }

    struct Alarm: Sendable, Equatable {
        /// Of the evaluation that raised it.
        let time: Timestamp
        /// How many rows came before it, that one among them.
        let rows: Int
    }

    struct Notes: Sendable {
        var rows: [Row] = []
        /// Without follow-ups and scheduled checks.
        var alarms: [Alarm] = []
    }

    private let measure: ModelSpecification.ErrorMeasure
    private let state = Lock(Notes())

    init(_ measure: ModelSpecification.ErrorMeasure) { self.measure = measure }

    var notes: Notes { state.withLock { $0 } }

    var head: [String] { [] }

    func lines(_ publication: Publication) -> [String] {
        state.withLock { notes in
            switch publication {
            case .evaluation(let evaluation): notes.rows.append(Row(evaluation, measure))
            case .drift(let drift) where drift.isAlarm:
                guard let last = notes.rows.last else { return }
                notes.alarms.append(Alarm(time: last.time, rows: notes.rows.count))
            case .drift, .prediction, .withdrawal: break
            }
        }
        return []
    }

    func lines(trained answer: JSON) -> [String] { [] }
}

extension BacktestTally.Row {
    init(_ evaluation: Evaluation, _ measure: ModelSpecification.ErrorMeasure) {
        guard measure == .relative else {
            self.init(time: evaluation.time, level: evaluation.level, error: evaluation.error)
            return
        }
        let (predicted, actual) = (evaluation.predicted, evaluation.actual)
        let isUsable = (actual ?? 0) > 0 && predicted?.isFinite == true
        self.init(
            time: evaluation.time, level: evaluation.level,
            error: isUsable ? abs((predicted ?? 0) - (actual ?? 0)) / (actual ?? 1) : nil)
    }
}
