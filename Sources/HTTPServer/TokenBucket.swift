/// How often something may happen: a pure value. Tokens come with time, up to as many as may be used at once, and each use takes
/// one. (RFC 2697 calls it a meter.)
struct TokenBucket {
    private let perSecond: Double
    private let tokensMax: Double
    private var tokens: Double
    /// When they were counted last.
    private var counted: ContinuousClock.Instant

    /// It begins full.
    /// - Parameter max: that may be used at once after a quiet time.
    init(perSecond: Double, max: Double, at now: ContinuousClock.Instant) {
        (self.perSecond, tokensMax, tokens, counted) = (perSecond, max, max, now)
    }

    /// - Returns: false where there is none, and so none is taken.
    mutating func take(at now: ContinuousClock.Instant) -> Bool {
        tokens = min(tokensMax, tokens + (now - counted) / .seconds(1) * perSecond)
        counted = now
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }

    /// When there is one, if nobody takes it before.
    var next: ContinuousClock.Instant { counted + .seconds(max(0, 1 - tokens) / perSecond) }
}
