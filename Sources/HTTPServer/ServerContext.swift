import Synchronization

/// What the library's callbacks work with: the handler, the limits and what is shared between connections.
final class ServerContext: Sendable {
    let limits: HTTPLimits
    let log: @Sendable (String) -> Void
    let refuse: @Sendable (HTTPRefusal) -> HTTPResponse
    let handler: @Sendable (HTTPRequest) -> HTTPReply
    let connections = ConnectionTable()
    let suspended: SuspendedRequests
    let caretaker: Caretaker
    /// Bytes of request bodies held now.
    let buffered = Atomic<Int>(0)
    private let libraryMessage = Mutex<String?>(nil)
    /// Set once, by `stop()`: new connections are closed at once, and every answer closes its connection.
    let isDraining = Atomic<Bool>(false)

    init(
        limits: HTTPLimits, log: @escaping @Sendable (String) -> Void,
        refuse: @escaping @Sendable (HTTPRefusal) -> HTTPResponse,
        handler: @escaping @Sendable (HTTPRequest) -> HTTPReply
    ) {
        self.limits = limits
        self.log = log
        self.refuse = refuse
        self.handler = handler
        suspended = SuspendedRequests(max: limits.suspendedMax)
        let timeout = HTTPRefusal(
            status: 408, detail: "the request was not complete within \(limits.requestSecondsMax) s")
        caretaker = Caretaker(limits: limits, connections: connections, timeout: refuse(timeout), log: log)
    }

    /// Makes room for bytes of a body; false where there is none.
    func reserve(_ bytes: Int) -> Bool {
        if buffered.add(bytes, ordering: .relaxed).newValue <= limits.bufferedBytesMax { return true }
        release(bytes)
        return false
    }

    func release(_ bytes: Int) {
        buffered.subtract(bytes, ordering: .relaxed)
    }

    /// The library's own last word, which says why it did not start.
    var lastLibraryMessage: String? { libraryMessage.withLock { $0 } }

    func note(libraryMessage text: String) {
        var text = text
        while text.last?.isWhitespace == true { text.removeLast() }
        libraryMessage.withLock { $0 = text }
        log("libmicrohttpd: \(text)")
    }
}
