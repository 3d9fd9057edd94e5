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
