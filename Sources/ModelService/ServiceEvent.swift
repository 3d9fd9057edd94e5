/// What happened in the service, for whoever counts or shows it.
package enum ServiceEvent: Sendable {
    /// A training came to its end, once however many had asked for it.
    case trained(TrainingOutcome, seconds: Double)
    /// A model failed its probation, and its parent serves again.
    case rolledBack(version: String)
}
