package import Documents
package import EventProcessing

/// Where the results of a pipeline go.
package protocol ResultSink: AnyObject {
    /// What an input came as: a record, or nothing that is known any more.
    associatedtype Origin

    /// In the order of the calls.
    func publish(_ publication: Publication, of origin: Origin) throws

    /// What the model server answered to a trigger.
    func tell(trained answer: JSON, for drift: Drift) throws

    /// - Returns: it, under the name by which people find it where it came from.
    func setAside(_ thing: SetAside, _ rejected: Rejected<Origin>) throws -> SetAside

    /// No partner came for it.
    func abandon(_ event: Event, from source: RecordPlace) throws

    /// Something will be waited for: nothing that can be shown is held back meanwhile.
    func flush() throws(RunInterruption)

    /// Returns when everything so far is durable.
    func settle() throws
}

/// What it is that is set aside.
package enum Rejected<Origin> {
    /// The input at hand.
    case input(Origin)
    /// An event that was held or kept, and its record where it came as one.
    case event(Event, RecordPlace?)
    /// A row that the model server refuses.
    case row([UInt8])
}
