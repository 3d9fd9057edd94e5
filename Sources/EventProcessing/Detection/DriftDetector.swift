package import Documents

/// Watches evaluations for drift. A pure value: it decides, and what is done about it is for others.
package protocol DriftDetector: Sendable {
    /// - Parameter evaluation: of a prediction by the model that answers now.
    mutating func observe(_ evaluation: Evaluation) -> [DriftChange]

    /// - Parameter evaluation: of a prediction by a model before it, whose errors say nothing about this one.
    mutating func pass(_ evaluation: Evaluation) -> [DriftChange]

    /// Another run came as far as this: what it found must not be reported again.
    mutating func resume(at time: Timestamp)

    /// Another model answers: the errors observed so far say nothing about it.
    /// - Parameter model: nil where it is not known, or not asked for.
    mutating func restart(for model: ModelStatement?)

    /// What the model server made of the trigger that was told last.
    mutating func take(_ reply: TrainingReply)

    /// The model whose errors it judges; nil where it knows none, or asks for none.
    var model: ModelStatement? { get }

    /// Whether it judges errors by what the model says of itself.
    var needsStatement: Bool { get }

    /// How many evaluations came too late to count.
    var lateCount: Int { get }

    /// How it stands with each level that it watches by itself, in the order in which they came.
    var levelStandings: [LevelStanding] { get }

    /// All that it knows, for `restore`; nil where it is made anew by reading the newest events again.
    var document: JSON? { get }

    /// Goes on where the detector stood that wrote the document: with the same rules, as if there had been no stop.
    mutating func restore(from document: JSON) throws(DetectorStateError)
}

/// Why a document is no detector's state.
package struct DetectorStateError: Error, Equatable, CustomStringConvertible {
    package let reason: String

    package var description: String { "the state of the detector cannot be used: \(reason)" }
}
