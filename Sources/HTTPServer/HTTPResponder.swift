/// The way to answer a request whose connection is suspended. The first answer counts and later ones are ignored, as
/// the server itself answers 503 when it is stopped. One that is let go of without an answer answers 500.
package protocol HTTPResponder: Sendable {
    /// May be called from any thread, and does not wait for the answer to be sent.
    func respond(_ response: HTTPResponse)
}
