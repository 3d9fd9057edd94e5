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

/// What people who watch the run are told, apart from its output.
package protocol RunNotices: AnyObject {
    /// - Parameter request: the name of the request to the model server that it is about, as that server's log has it.
    func say(_ text: String, about request: String?)
    func show(_ progress: RunProgress)
}

extension RunNotices {
    package func say(_ text: String) { say(text, about: nil) }
}

package struct RunProgress: Sendable, Equatable {
    /// 0 to 1; nil where the end is not known.
    package var fraction: Double?
    package var events: Int
    package var elapsed: Duration
}

/// Where the report's lines go.
package protocol LineOutput: AnyObject {
    func write(_ line: String) throws(LineOutputError)
    /// Called before the runner waits for anything, so that no line is held back meanwhile.
    func flush() throws(LineOutputError)
}

package enum LineOutputError: Error, Equatable {
    /// Nobody reads any more.
    case closed
    case failed(String)
}

/// Why a run ends before its input.
package enum RunInterruption: Error, Equatable {
    case stopped
    case output(LineOutputError)
}
