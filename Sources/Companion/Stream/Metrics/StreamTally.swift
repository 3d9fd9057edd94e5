import Documents
import EventProcessing
import Metrics
import Streaming

/// What the companion counts of a run: a value that takes what happens.
struct StreamTally: Sendable {
    private(set) var inputs: [InputKind: Int] = [:]
    private(set) var predicted = 0
    private(set) var evaluated = 0
    private(set) var recorded = 0
    private(set) var setAside = 0
    private(set) var held = 0
    /// By cause; windows have none.
    private(set) var triggers: [String: Int] = [:]
    private(set) var trainings: [String: Int] = [:]
    private(set) var requests: [Request: Int] = [:]
    private(set) var isServerAway = false
    private(set) var errors = RollingErrors()
    private(set) var labelDelay = Histogram(.labelDelays)
    /// The newest of each stage.
    private(set) var standings: [Roles.RawValue: RunStanding] = [:]
    /// What standings had counted of these before a stage lost what it held.
    private(set) var lost = Lost()

    struct Request: Hashable, Sendable {
        let kind: ModelRequest
        let outcome: ModelRequest.Outcome
    }

    /// Sums over all stages and over what they have forgotten, so that they never fall.
    struct Lost: Sendable, Equatable {
        var measurements = 0
        var outcomes = 0
        var joined = 0
        var judged = 0
    }

    static let causes = ["window", "errors", "unseen", "follow-up", "schedule"]
    /// `other` is what a server says that is not Tare.
    static let verdicts = ["retrained", "restored", "refused", "skipped", "other"]

    mutating func take(_ event: RunEvent) {
        switch event {
        case .taken(let kind): inputs[kind, default: 0] += 1
        case .predicted: predicted += 1
        case .evaluated(let evaluation): take(evaluation)
        case .drift(let drift): triggers[drift.cause?.rawValue ?? "window", default: 0] += 1
        case .trained(let answer):
            let verdict = answer["status"]?.text.flatMap { Self.verdicts.contains($0) ? $0 : nil }
            trainings[verdict ?? "other", default: 0] += 1
        case .recorded(let count): recorded += count
        case .setAside: setAside += 1
        case .held: held += 1
        case .asked(let kind, let outcome): requests[Request(kind: kind, outcome: outcome), default: 0] += 1
        case .server(let isAway): isServerAway = isAway
        case .standing(let standing): take(standing)
        }
    }

    private mutating func take(_ evaluation: Evaluation) {
        evaluated += 1
        if let error = evaluation.error { errors.add(error, of: evaluation.level) }
        if let delay = evaluation.labelDelay { labelDelay.observe(Double(delay) / 1000) }
    }

    /// A stage counts anew where it was given other partitions.
    private mutating func take(_ standing: RunStanding) {
        let before = standings.updateValue(standing, forKey: standing.role.rawValue)
        func grown(_ count: KeyPath<RunStanding, Int>) -> Int {
            let (old, new) = (before?[keyPath: count] ?? 0, standing[keyPath: count])
            return new >= old ? new - old : new
        }
        lost.measurements += grown(\.unmatchedMeasurements)
        lost.outcomes += grown(\.unmatchedOutcomes)
        lost.joined += grown(\.lateJoined)
        lost.judged += grown(\.lateJudged)
    }

    func sum(_ count: KeyPath<RunStanding, Int>) -> Int { standings.values.reduce(0) { $0 + $1[keyPath: count] } }
}

extension HistogramBounds {
    /// Of truths, which come seconds to days after what they are about.
    static let labelDelays = HistogramBounds([1, 5, 10, 30, 60, 300, 900, 3600, 14_400, 86_400, 604_800])
}
