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
        /// Refused past the library: what the client still sends is dropped until it hangs up.
        case refused
        /// The answer is a stream, which has its own rules: see `HTTPStream`.
        case streaming
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
