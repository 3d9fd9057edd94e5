import HTTPServer
import Metrics
import ModelService
import Threading

/// What became of the rows that senders gave: a value.
struct ObservationTally: Sendable, Equatable {
    var new = 0
    var repeated = 0
    var conflicting = 0
    var journaled = 0
    var refused = 0

    mutating func add(_ other: ObservationTally) {
        new += other.new
        repeated += other.repeated
        conflicting += other.conflicting
        journaled += other.journaled
        refused += other.refused
    }
}

/// What became of trainings, and how long they took: a value.
struct TrainingTally: Sendable {
    static let verdicts = ["retrained", "refused", "restored", "skipped", "failed"]

    private(set) var durations = Dictionary(
        uniqueKeysWithValues: verdicts.map { ($0, Histogram(.trainings)) })
    private(set) var rollbacks = 0

    mutating func take(_ event: ServiceEvent) {
        switch event {
        case .trained(let outcome, let seconds): durations[Self.verdict(of: outcome)]?.observe(seconds)
        case .rolledBack: rollbacks += 1
        case .serving, .observed, .store: break
        }
    }

    static func verdict(of outcome: TrainingOutcome) -> String {
        switch outcome {
        case .retrained: "retrained"
        case .refused: "refused"
        case .restored: "restored"
        case .skipped: "skipped"
        // An answer without a training counts as none, and no event tells of it.
        case .storeFailed, .notSaved, .repeated, .inProgress: "failed"
        }
    }
}

/// What the server counts beside its requests and predictions, which have counters that cost less.
final class ServerMetrics: Sendable {
    let http = HTTPStatistics()
    private let observed = Lock(ObservationTally())
    private let trained = Lock(TrainingTally())

    var observations: ObservationTally { observed.withLock { $0 } }

    var trainings: TrainingTally { trained.withLock { $0 } }

    func note(_ observations: ObservationTally) { observed.withLock { $0.add(observations) } }

    func note(_ event: ServiceEvent) { trained.withLock { $0.take(event) } }
}
