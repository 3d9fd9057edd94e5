/// What the caretaker remembers of a connection between two looks: since when it stands where it stands.
struct ConnectionWatch {
    /// How long a connection may stay in a phase.
    struct Patience {
        let request: Duration
        let response: Duration
        let idle: Duration
    }

    /// Why a connection is to be closed.
    enum Overdue: Equatable {
        /// Nothing of a request came; it is closed without a word.
        case idle
        /// A request has begun and is not complete; it is answered with 408.
        case request
        /// The client does not take its answer.
        case response

        var description: String {
            switch self {
            case .idle: "closed a connection that was idle for too long"
            case .request: "closed a connection whose request did not come to its end in time"
            case .response: "closed a connection whose client did not take its answer in time"
            }
        }
    }

    private var seen = ConnectionProgress(request: 0, .waiting)
    /// When `seen` was first seen.
    private var since: ContinuousClock.Instant
    /// When a waiting connection was first noticed to have received something.
    private var begun: ContinuousClock.Instant?

    init(at now: ContinuousClock.Instant) {
        since = now
    }

    /// - Parameter silence: how long ago the connection received its last byte, nil where the system does not say. Only
    ///   asked of a connection that waits.
    mutating func look(
        _ progress: ConnectionProgress, at now: ContinuousClock.Instant, patience: Patience,
        silence: () -> Duration?
    ) -> Overdue? {
        guard progress == seen else {
            seen = progress
            since = now
            begun = nil
            return nil
        }
        switch progress.phase {
        case .waiting: return lookAtWaiting(at: now, patience: patience, silence: silence)
        case .receiving: return now - since > patience.request ? .request : nil
        case .sending: return now - since > patience.response ? .response : nil
        case .answering, .cut: return nil
        }
    }

    /// A request line that drips in shows only in that bytes came after the connection was seen waiting.
    private mutating func lookAtWaiting(
        at now: ContinuousClock.Instant, patience: Patience, silence: () -> Duration?
    ) -> Overdue? {
        if begun == nil, let silence = silence(), now - silence > since + Self.granularity { begun = now }
        // The first request is due from the start of the connection.
        let isFirst = seen.request == 0
        if let begun { return now - (isFirst ? since : begun) > patience.request ? .request : nil }
        return now - since > (isFirst ? min(patience.request, patience.idle) : patience.idle) ? .idle : nil
    }

    /// The system tells the silence in ticks of its timer.
    private static let granularity = Duration.milliseconds(20)
}
