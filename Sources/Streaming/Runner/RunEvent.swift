package import Documents
package import EventProcessing

/// What happened in a run, for whoever counts or shows it.
package enum RunEvent: Sendable {
    /// An input was taken from the source.
    case taken(InputKind)
    case predicted
    case evaluated(Evaluation)
    case drift(Drift)
    /// What the model server answered to a trigger.
    case trained(JSON)
    /// So many rows are stored.
    case recorded(Int)
    case setAside
    /// An event is dated far ahead of all others.
    case held
    /// A request to the model server, and what became of it.
    case asked(ModelRequest, ModelRequest.Outcome)
    case server(isAway: Bool)
    /// Told now and then.
    case standing(RunStanding)
}

package typealias RunObserver = @Sendable (RunEvent) -> Void

/// What a source may deliver.
package enum InputKind: String, Sendable, CaseIterable {
    case measurement, outcome, prediction, evaluation, trigger

    /// Nil for what comes from no source.
    init?(_ input: borrowing Input) {
        switch input {
        case .event(.measurement): self = .measurement
        case .event(.outcome): self = .outcome
        case .predicted: self = .prediction
        case .evaluated: self = .evaluation
        case .drifted: self = .trigger
        case .trained, .stated, .ended: return nil
        }
    }
}

/// What the model server is asked for.
package enum ModelRequest: String, Sendable, CaseIterable {
    case predict, record, train, model

    package enum Outcome: String, Sendable, CaseIterable {
        case answered
        /// It understood, and refused.
        case refused
        /// It is away, slow or overloaded.
        case unavailable
    }
}
