/// Counts what happens often, so that it is told of at once and then only now and then.
package struct RepeatedNotice {
    private var count = 0
    private var total = 0
    private var toldAt: ContinuousClock.Instant?

    package init() {}

    /// Between two notices.
    private static let pause = Duration.seconds(10)

    package mutating func note() {
        count += 1
        total += 1
    }

    /// What happened since the last notice, and in all; nil where nothing did, or the last notice was not long ago.
    package mutating func due(at now: ContinuousClock.Instant) -> (count: Int, total: Int)? {
        guard count > 0, toldAt.map({ now - $0 >= Self.pause }) ?? true else { return nil }
        defer { count = 0 }
        toldAt = now
        return (count, total)
    }
}
