/// What the caretaker remembers of a connection between two looks: since when it stands where it stands.
struct ConnectionWatch {
    /// How long a connection may stay in a phase.
    struct Patience {
        let request: Duration
        let response: Duration
        let idle: Duration
        /// For a client that was refused to read its answer.
        let refused: Duration
    }

    /// What the system says of a socket.
    struct SocketReport {
        /// How long ago it received its last byte.
        let silence: Duration
        /// Whether the client has closed its side, and all that it sent is read.
        let hasEnded: Bool
    }

    /// Why a connection is to be closed.
    enum Overdue: Equatable {
        /// Nothing of a request came; it is closed without a word.
        case idle
        /// A request has begun and is not complete; it is answered with 408.
        case request
        /// The client does not take its answer.
        case response
        /// The client has hung up before a request was complete.
        case ended
        /// The client had time to read why it was refused.
        case refused

        /// For the log; nil where all was said before.
        var description: String? {
            switch self {
            case .idle: "closed a connection that was idle for too long"
            case .request: "closed a connection whose request did not come to its end in time"
            case .response: "closed a connection whose client did not take its answer in time"
            case .ended: "closed a connection whose client had hung up"
            case .refused: nil
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

    /// Whether the client had hung up when `seen` was seen last.
    private var hasEnded = false

    /// - Parameter report: only asked for while the client's next bytes are waited for; nil where the system does not say.
    mutating func look(
        _ progress: ConnectionProgress, at now: ContinuousClock.Instant, patience: Patience,
        report: () -> SocketReport?
    ) -> Overdue? {
        guard progress == seen else {
            seen = progress
            since = now
            begun = nil
            hasEnded = false
            return nil
        }
        switch progress.phase {
        case .waiting, .receiving: return lookAtReading(at: now, patience: patience, report: report())
        case .sending: return now - since > patience.response ? .response : nil
        // A connection that was cut ends by itself, unless its thread waits for something other than the end.
        case .refused, .cut: return now - since > patience.refused ? .refused : nil
        case .answering, .streaming: return nil
        }
    }

    private mutating func lookAtReading(
        at now: ContinuousClock.Instant, patience: Patience, report: SocketReport?
    ) -> Overdue? {
        // Only the second look in the same state: at the first, the connection's thread may be about to read.
        if report?.hasEnded == true {
            if hasEnded { return .ended }
            hasEnded = true
        }
        guard seen.phase == .waiting else { return now - since > patience.request ? .request : nil }
        // A request line that drips in shows only in that bytes came after the connection was seen waiting.
        if begun == nil, let report, now - report.silence > since + Self.granularity { begun = now }
        // The first request is due from the start of the connection.
        let isFirst = seen.request == 0
        if let begun { return now - (isFirst ? since : begun) > patience.request ? .request : nil }
        return now - since > (isFirst ? min(patience.request, patience.idle) : patience.idle) ? .idle : nil
    }

    /// The system measures the silence in ticks of its timer.
    private static let granularity = Duration.milliseconds(20)
}
