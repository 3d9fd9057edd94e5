import CMicroHTTPD
import Glibc

/// A request while it arrives.
@safe struct IncomingRequest {
    private(set) var request: HTTPRequest
    /// The answer to a request that is not let in. It is sent when the request is complete, so that the connection
    /// stays usable.
    private(set) var denial: HTTPResponse?
    /// A fault in the target. It is answered when the request is complete, so that the connection stays usable.
    private(set) var fault: HTTPRefusal?
    /// Whether there is a denial or a fault: to look at these would count the references of their parts in each request.
    private(set) var isRefused = false
    /// A target that is malformed. It is answered with the head, and the connection is closed.
    private var malformed: HTTPRefusal?

    /// - Parameter client: whose connection it is.
    init(client: IPAddress) {
        request = HTTPRequest(method: "", path: "", client: client)
    }

    /// Reads from the head for whom a proxy asks.
    mutating func takeClient(from proxies: TrustedProxies, peer: IPAddress) -> IPAddress {
        request.client = proxies.client(of: request, from: peer)
        return request.client
    }

    /// Whether the head says that a body follows.
    var announcesBody: Bool {
        request.header("Transfer-Encoding") != nil || request.header("Content-Length").map { Int($0) != 0 } ?? false
    }

    mutating func readRequestLine(target start: UnsafePointer<UInt8>) {
        var reader = unsafe RequestTarget(UnsafeBufferPointer(start: start, count: strlen(start)))
        do throws(HTTPRefusal) {
            try reader.read(into: &request)
        } catch {
            malformed = error
        }
        fault = reader.fault
        isRefused = fault != nil
        if let queryStart = reader.queryStart { unsafe tare_hide_query(start, queryStart) }
    }

    mutating func deny(_ denial: HTTPResponse) {
        self.denial = denial
        isRefused = true
    }

    mutating func readHead(
        _ connection: OpaquePointer, method: UnsafePointer<CChar>, limits: HTTPLimits
    ) throws(HTTPRefusal) {
        if let malformed { throw malformed }
        unsafe RequestHead(connection: connection, method: method).read(limits: limits, into: &request)
    }

    mutating func readBody(_ bytes: UnsafeRawBufferPointer, server: ServerContext) throws(HTTPRefusal) {
        guard fault == nil else { return }
        try ReceivedBody.makeRoom(for: bytes.count, in: &request, server: server)
        unsafe request.body.append(contentsOf: bytes)
    }

    mutating func lend() -> HTTPRequest {
        var lent = HTTPRequest(method: "", path: "")
        swap(&lent, &request)
        return lent
    }

    /// The memory of a request serves for the next one.
    mutating func take(back lent: consuming HTTPRequest) {
        request = lent
    }

    /// Makes ready for the next request, with the memory of this one where it is small.
    mutating func reset() {
        dropBody()
        if isRefused {
            denial = nil
            fault = nil
            isRefused = false
        }
        malformed = nil
        request.query.removeAll(keepingCapacity: true)
        request.packedHeaders.removeAll()
    }

    /// Lets go of what was sent.
    mutating func dropBody() {
        guard request.memory != nil else { return }
        request.body = []
        request.memory = nil
    }
}
