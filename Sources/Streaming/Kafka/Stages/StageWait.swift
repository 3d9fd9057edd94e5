/// Says why a role stands still, where it does so for more than a moment, and when it goes on.
struct StageWait: Sendable {
    /// A shorter standstill happens all the time and is not worth a line.
    static let patience: Duration = .seconds(3)

    private var since: Duration?
    private var said: String?

    /// - Parameter reason: nil where it does not wait, or has gone on since it was asked last.
    /// - Returns: what is to be said now.
    mutating func note(_ reason: String?, at now: Duration) -> String? {
        guard let reason else {
            defer { (since, said) = (nil, nil) }
            return said.map { _ in "goes on" }
        }
        guard let since else {
            since = now
            return nil
        }
        guard now - since >= Self.patience, reason != said else { return nil }
        // For another reason the waiting time begins anew.
        (self.since, said) = (now, reason)
        return "waits: \(reason)"
    }
}
