/// Growing pauses between attempts: each twice the last up to a bound, and each drawn from its upper half, so that many
/// clients of one server do not come back at the same moment.
package struct Backoff: Sendable {
    static let first: Duration = .milliseconds(100)
    static let longest: Duration = .seconds(10)

    private var full = first

    package init() {}

    /// - Parameter fraction: uniform in 0 to 1.
    package mutating func next(fraction: Double) -> Duration {
        let pause = full / 2 + full / 2 * fraction
        full = min(full * 2, Self.longest)
        return pause
    }
}
