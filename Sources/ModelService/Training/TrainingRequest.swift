import Digest
package import Documents

/// A request to train: what asked for it, and how a repeat of it is told.
package struct TrainingRequest: Sendable, Equatable {
    /// Is kept in the model as what caused it.
    package var trigger: JSON
    /// What was understood of the trigger; is kept in the model too.
    package var cause: JSON
    /// What the trigger says of when the model ceased to be right.
    package var reason: TrainingReason
    /// One for each trigger that the request carries, as a sink may deliver several at once. None where nothing in the
    /// request tells a repeat from a new trigger: then every delivery trains.
    package var identities: [TriggerIdentity]
    /// Whether the limits on how often a training runs are set aside.
    package var isForced: Bool

    package init(
        trigger: JSON = .null, cause: JSON = .null, reason: TrainingReason = .unknown,
        identities: [TriggerIdentity] = [], isForced: Bool = false
    ) {
        self.trigger = trigger
        self.cause = cause
        self.reason = reason
        self.identities = identities
        self.isForced = isForced
    }
}

/// What makes two deliveries the same trigger.
package struct TriggerIdentity: Sendable, Hashable {
    /// Of fixed length, whatever it was made from.
    package let text: String
    /// Whether no other trigger can ever have the same. Else it is only for a while that an equal one is taken for a repeat.
    package let isLasting: Bool

    /// - Parameter parts: all that must be equal.
    package init(_ parts: JSON, isLasting: Bool) {
        self.init(text: String(SHA256.hex(parts.bytes).prefix(32)), isLasting: isLasting)
    }

    init(text: String, isLasting: Bool) {
        self.text = text
        self.isLasting = isLasting
    }
}
