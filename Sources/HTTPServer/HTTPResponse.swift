/// What goes back. `Content-Length`, `Date` and `Connection` are the server's own affair.
package struct HTTPResponse: Sendable {
    package var status: Int
    package var headers: [HTTPField]
    package var body: [UInt8]
    /// What the body holds; where nobody reserved it, the server does so before it sends a large one.
    package var memory: MemoryReservation?
    /// Whether the body is kept for good by somebody else, so that an answer more takes no memory.
    package let isShared: Bool

    package init(status: Int, headers: [HTTPField] = [], body: [UInt8] = [], isShared: Bool = false) {
        self.status = status
        self.headers = headers
        self.body = body
        self.isShared = isShared
    }
}

/// What a handler decides to do with a request.
package enum HTTPReply: Sendable {
    /// The answer is ready; it is sent from the thread that called the handler.
    case now(HTTPResponse)
    /// The answer needs work that must not hold up other connections. The connection is suspended, then the closure
    /// is called once with the way to answer; it must return at once and leave the work to a thread of its own.
    case later(@Sendable (any HTTPResponder) -> Void)
    /// The answer's head and first bytes are ready, and further bytes follow as they come. The closure is called once with
    /// the way to send them, and must return at once.
    case stream(HTTPResponse, @Sendable (HTTPStream) -> Void)
}
