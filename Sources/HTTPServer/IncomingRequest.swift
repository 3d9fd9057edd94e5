import CMicroHTTPD
import Glibc

/// A request while it arrives.
@safe struct IncomingRequest {
    private(set) var request = HTTPRequest(method: "", path: "")
    /// A fault in the target. It is answered when the request is complete, so that the connection stays usable.
    private(set) var fault: HTTPRefusal?
    /// A target that is malformed. It is answered with the head, and the connection is closed.
    private var malformed: HTTPRefusal?
    /// The target where it lies in the receive buffer; its query may be hidden.
    private var target = unsafe UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    private var bodyBytes = 0
    private var reservedBytes = 0

    mutating func readRequestLine(target start: UnsafePointer<UInt8>, limits: HTTPLimits) {
        unsafe target = UnsafeBufferPointer(start: start, count: strlen(start))
        // Refused with the head, and longer than is worth reading.
        guard unsafe target.count <= limits.urlBytesMax else { return }
        var reader = unsafe RequestTarget(target)
        do throws(HTTPRefusal) {
            try reader.read(into: &request)
        } catch {
            malformed = error
        }
        fault = reader.fault
        if let queryStart = reader.queryStart { unsafe tare_hide_query(start, queryStart) }
    }

    mutating func readHead(
        _ connection: OpaquePointer, method: UnsafePointer<CChar>, version: UnsafePointer<CChar>, limits: HTTPLimits
    ) throws(HTTPRefusal) {
        let head = unsafe RequestHead(connection: connection, method: method, target: target, version: version)
        if let malformed { throw malformed }
        let body = try head.read(limits: limits, into: &request)
        if case .length(let bytes) = body, bytes > limits.bodyBytesMax { throw Self.bodyTooLarge(limits) }
    }

    mutating func readBody(_ bytes: UnsafeRawBufferPointer, server: ServerContext) throws(HTTPRefusal) {
        bodyBytes += bytes.count
        guard bodyBytes <= server.limits.bodyBytesMax else { throw Self.bodyTooLarge(server.limits) }
        guard fault == nil else { return }
        guard server.reserve(bytes.count) else {
            throw HTTPRefusal(status: 503, detail: "too many request bodies are held at this moment; try again")
        }
        reservedBytes += bytes.count
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
    mutating func reset(server: ServerContext) {
        if reservedBytes > 0 { server.release(reservedBytes) }
        reservedBytes = 0
        bodyBytes = 0
        fault = nil
        malformed = nil
        request.query.removeAll(keepingCapacity: true)
        request.packedHeaders.removeAll()
        if !request.body.isEmpty { request.body = [] }
    }

    private static func bodyTooLarge(_ limits: HTTPLimits) -> HTTPRefusal {
        HTTPRefusal(status: 413, detail: "a body of at most \(limits.bodyBytesMax) bytes is accepted")
    }
}
