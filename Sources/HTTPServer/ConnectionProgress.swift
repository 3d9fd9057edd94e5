/// Where a connection stands, in one word that its thread writes and that the caretaker reads: a word that has not
/// changed between two looks means that nothing has moved on, so no clock is read while a request is served.
struct ConnectionProgress: RawRepresentable, Equatable {
    enum Phase: UInt64 {
        /// Between two requests: nothing of the next one has been understood.
        case waiting
        /// The request line is read; header fields or body are still to come.
        case receiving
        /// With the handler, or suspended.
        case answering
        /// The answer is queued.
        case sending
        /// Given up by the caretaker: the connection's thread must not answer any more.
        case cut
    }

    let rawValue: UInt64

    init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// - Parameter request: how many requests the connection has completed.
    init(request: UInt64, _ phase: Phase) {
        rawValue = request << 3 | phase.rawValue
    }

    var phase: Phase { Phase(rawValue: rawValue & 7) ?? .cut }

    var request: UInt64 { rawValue >> 3 }

    func with(_ phase: Phase) -> ConnectionProgress {
        ConnectionProgress(request: request, phase)
    }
}

/// What the caretaker remembers of a connection between two looks: when the time of its present phase began.
struct ConnectionWatch {
    /// Settings of the caretaker that concern one connection.
    struct Patience {
        let request: Duration
        let response: Duration
    }

    enum Verdict {
        case leave
        /// Close it: the request is not complete. `answered` says whether to send 408, which a connection that
        /// never sent a byte does not get.
        case cutRequest(answered: Bool)
        /// Close it: the client does not take its answer.
        case cutResponse
    }

    private var seen: ConnectionProgress
    /// When `seen` was first seen; for a waiting connection, when a byte was first noticed after that.
    private var since: ContinuousClock.Instant
    private var hasBegun: Bool

    init(at now: ContinuousClock.Instant) {
        seen = ConnectionProgress(request: 0, .waiting)
        since = now
        hasBegun = false
    }

    /// - Parameter silence: how long ago the connection last received a byte; only asked when it matters. Nil where
    ///   the system does not say.
    mutating func look(
        _ progress: ConnectionProgress, at now: ContinuousClock.Instant, patience: Patience,
        silence: () -> Duration?
    ) -> Verdict {
        if progress != seen {
            seen = progress
            since = now
            hasBegun = false
            return .leave
        }
        switch progress.phase {
        case .waiting:
            return lookAtWaiting(at: now, patience: patience, silence: silence)
        case .receiving:
            return now - since > patience.request ? .cutRequest(answered: true) : .leave
        case .sending:
            return now - since > patience.response ? .cutResponse : .leave
        case .answering, .cut:
            return .leave
        }
    }

    /// The first request is due from the moment of the connection; a later one from its first byte, which shows in
    /// that the connection received something after it was already seen waiting.
    private mutating func lookAtWaiting(
        at now: ContinuousClock.Instant, patience: Patience, silence: () -> Duration?
    ) -> Verdict {
        if !hasBegun, let silence = silence(), now - silence > since + Self.granularity {
            hasBegun = true
            if seen.request > 0 { since = now }
        }
        guard hasBegun || seen.request == 0 else { return .leave }
        return now - since > patience.request ? .cutRequest(answered: hasBegun) : .leave
    }

    /// The system tells the silence in its timer's ticks.
    private static let granularity = Duration.milliseconds(20)
}
