/// What happened in the service, for whoever counts or shows it.
package enum ServiceEvent: Sendable {
    /// A training came to its end, once however many had asked for it.
    case trained(TrainingOutcome, seconds: Double)
    /// A model failed its probation, and its parent serves again.
    case rolledBack(version: String, detail: String)
    /// Another model serves from now on, for whatever reason.
    case serving(version: String, previous: String?)
    /// Rows that are new in the store of rows, whichever server they came to; each is told once by a server.
    case observed([Observation])
    /// One of the parts that keep something has a fault; nil where it is as it should be again.
    case store(StoreHealth.Part, fault: String?)
}
