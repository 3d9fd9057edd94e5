package import Documents

/// Time as the runner sees it, with the wish to stop, which may come at any moment.
package protocol StreamClock: AnyObject {
    /// The time of day.
    var date: Timestamp { get }
    /// Since any fixed moment.
    var now: Duration { get }
    var isStopping: Bool { get }
    /// Returns early where a stop is asked for.
    func wait(_ duration: Duration)
}
