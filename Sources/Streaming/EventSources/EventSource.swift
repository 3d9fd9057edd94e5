package import Documents
package import EventProcessing

/// Where inputs come from, one at a time and only when asked for, so that nothing piles up.
package protocol EventSource {
    /// - Parameter patience: how long to wait where nothing is there yet.
    /// - Returns: nil at the end.
    mutating func next(waiting patience: Duration) throws(SourceError) -> Delivery?

    /// The measurements among what will be delivered next, as far as that is there already; they are still to be delivered.
    /// - Parameter count: of deliveries that are looked at, at the most.
    mutating func upcomingMeasurements(among count: Int) -> [Measurement]

    /// Told now and then: all that was delivered has had its effect, and the effects are stored. A source that can go on
    /// after a restart keeps its place, no later than what the pipeline's memory is made of.
    /// - Parameter isLast: whether the run ends here.
    mutating func settle(_ pipeline: Pipeline, isLast: Bool) throws(SourceError)

    /// The part that has been delivered, 0 to 1; nil where the end is not known.
    var fraction: Double? { get }
}

extension EventSource {
    package mutating func settle(_ pipeline: Pipeline, isLast: Bool) {}

    package mutating func upcomingMeasurements(among count: Int) -> [Measurement] { [] }
}

package enum Delivery: Sendable, Equatable {
    /// `due` is the event time at which it is to be handled: when it happened, or when it arrived.
    case input(Input, due: Timestamp)
    /// The source goes on where another run ended: windows that had closed by this time are done with, and so the detector
    /// had come that far.
    case resumed(Timestamp, detector: JSON?)
    /// Something that can never be used.
    case setAside(SetAside)
    /// A record of a topic that no active role reads.
    case skipped
    /// Nothing has come within the time.
    case idle
}

/// The source cannot be read, or no further.
package struct SourceError: Error, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}

/// Events that are made and not read, such as a simulation's, each with the time at which it arrives.
package struct SequenceSource<Arrivals: Sequence>: EventSource
where Arrivals.Element == (time: Timestamp, event: Event) {
    private var arrivals: Arrivals.Iterator
    private let count: Int?
    private var delivered = 0

    /// - Parameter count: how many there will be, where it is known.
    package init(_ arrivals: Arrivals, count: Int? = nil) {
        self.arrivals = arrivals.makeIterator()
        self.count = count
    }

    package mutating func next(waiting patience: Duration) -> Delivery? {
        guard let arrival = arrivals.next() else { return nil }
        delivered += 1
        return .input(.event(arrival.event), due: arrival.time)
    }

    package var fraction: Double? { count.map { $0 > 0 ? min(1, Double(delivered) / Double($0)) : 1 } }
}
