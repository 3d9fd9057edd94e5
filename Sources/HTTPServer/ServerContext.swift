import Synchronization
import Threading

/// What the library's callbacks work with: the handler, the limits and what is shared between connections.
final class ServerContext: Sendable {
    let limits: HTTPLimits
    let log: @Sendable (String) -> Void
    /// Takes what whoever runs the server should know.
    let warn: @Sendable (String) -> Void
    /// Answers a request whose head is read and that is not to be let in.
    let admit: (@Sendable (HTTPRequest) -> HTTPResponse?)?
    let handler: @Sendable (HTTPRequest) -> HTTPReply
    /// Nil for plain HTTP.
    let tls: TLSIdentity?
    /// Nil where no proxy is believed.
    let proxied: ProxiedClients?
    let connections: ConnectionTable
    let suspended: SuspendedRequests
    let streams: OpenStreams
    let uploads: PacedUploads
    let caretaker: Caretaker
    let memory: RequestMemory
    let statistics: HTTPStatistics
    private let makeRefusal: @Sendable (HTTPRefusal, HTTPRequest?) -> HTTPResponse
    private let libraryMessage = Lock<String?>(nil)
    /// Set once, by `stop()`: new connections are closed at once, and every answer closes its connection.
    let isDraining = Atomic<Bool>(false)

    init(
        limits: HTTPLimits, threads: Int, memory: RequestMemory, statistics: HTTPStatistics,
        log: @escaping @Sendable (String) -> Void,
        warn: @escaping @Sendable (String) -> Void,
        refuse: @escaping @Sendable (HTTPRefusal, HTTPRequest?) -> HTTPResponse,
        admit: (@Sendable (HTTPRequest) -> HTTPResponse?)?,
        tls: TLSCredentials?, proxies: TrustedProxies?, handler: @escaping @Sendable (HTTPRequest) -> HTTPReply
    ) {
        self.limits = limits
        self.memory = memory
        self.statistics = statistics
        self.log = log
        self.warn = warn
        makeRefusal = refuse
        self.admit = admit
        self.handler = handler
        proxied = proxies.map { ProxiedClients(behind: $0, requestsMax: limits.connectionsPerAddressMax) }
        self.tls = tls.map { TLSIdentity($0) }
        connections = ConnectionTable(limits: limits, isAnswering: tls == nil)
        suspended = SuspendedRequests(max: limits.suspendedMax)
        streams = OpenStreams(max: limits.streamsMax, statistics: statistics)
        uploads = PacedUploads(bytesPerSecond: threads * limits.uploadBytesPerSecondMax)
        let timeout = HTTPRefusal(
            status: 408, detail: "the request was not complete within \(limits.requestSecondsMax) s")
        caretaker = Caretaker(
            limits: limits, connections: connections, streams: streams, uploads: uploads, proxied: proxied,
            memory: memory,
            statistics: statistics, timeout: { refuse(timeout, nil) },
            log: log, warn: warn)
    }

    /// Counts a connection that is to be served; or returns why there is no room.
    func admitConnection(from peer: IPAddress) -> HTTPRefusal? {
        connections.admit(peer, isProxy: proxied?.proxies.contains(peer) == true)
    }

    /// The answer to what is refused. Where another try may do, it says when.
    /// - Parameter request: nil where its head was not read.
    func refuse(_ refusal: HTTPRefusal, of request: HTTPRequest? = nil) -> HTTPResponse {
        statistics.noteRefusal(refusal.status)
        var response = makeRefusal(refusal, request)
        if refusal.status == 429 || refusal.status == 503,
            !response.headers.contains(where: { $0.isNamed("Retry-After") })
        {
            response.headers.append(HTTPField("Retry-After", "1"))
        }
        return response
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
