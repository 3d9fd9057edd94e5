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
