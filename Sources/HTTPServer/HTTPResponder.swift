/// The way to answer a request whose connection is suspended. Every responder must be answered once.
package protocol HTTPResponder: Sendable {
    func respond(_ response: HTTPResponse)
}
