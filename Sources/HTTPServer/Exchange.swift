import CMicroHTTPD
import Glibc
import Synchronization

/// What lives on a connection across the library's calls: one request and its answer after the other.
///
/// libmicrohttpd 0.9.75 calls in this order, always on the one thread that owns the connection:
/// 1. connection callback, started: the exchange is made; the connection's socket context holds it.
/// 2. URI callback: the request line is there, as it was sent. What it returns is handed to every call below.
/// 3. access handler, first: the header fields are there. An answer queued now closes the connection, so only a
///    refusal that shall close it is. Without one the library sends 100 Continue where the client asked for it.
/// 4. access handler, for each piece of a body. No answer can be queued: a refusal is written past the library.
/// 5. access handler, with nothing to read: the request is complete. The handler is asked; its answer is queued now,
///    or the connection is suspended.
/// 6. access handler, only where it was suspended and resumed: the late answer is queued. Of an answer that is a stream,
///    it asks `HTTPStream` for bytes instead.
/// 7. completed callback: the answer is sent, or the connection failed. Then 2, for the next request.
/// 8. connection callback, closed: the exchange is let go of, then the socket is closed.
///
/// Before 2, and between any of these, the library asks for bytes, and gets those that `RequestReader` found good. So it
/// never answers by itself, which it would do with a page of HTML.
///
/// Unchecked: all but `progress` and `turn` is only touched by the connection's thread. `lateAnswer` is written while the
/// connection is suspended, and the library's lock stands between that and step 6.
@safe final class Exchange: @unchecked Sendable {
    private enum Stage {
        case requestLine, body, answer
    }

    let server: ServerContext
    /// The library's connection, valid until step 8.
    let connection: OpaquePointer
    let descriptor: Int32
    /// The other end of the connection.
    let peer: IPAddress
    /// Nil where the other end is no proxy that is believed.
    let proxied: ProxiedClients?
    /// Nil on plain HTTP.
    let tls: TLSSession?
    /// Who is counted for the request, behind a proxy.
    private var counted: IPAddress?
    /// The answer to a suspended request.
    var lateAnswer: HTTPResponse?
    /// Bytes of the request that are read before the connection asks for its turn.
    var allowance = UploadPace<Exchange>.freeBytes
    /// Whether the body was let go on without a turn.
    var hasAdvance = false
    /// Where it stands among the uploads: `PacedUploads`.
    let turn = Atomic<PacedUploads.Turn>(.none)

    private let progress = Atomic<UInt64>(0)
    private var stage = Stage.requestLine
    /// What is received is read here first. Unchecked, as `incoming` is.
    @exclusivity(unchecked) var reader: RequestReader
    /// What is wrong behind this many requests that are not answered yet.
    @exclusivity(unchecked) var pending: (refusal: HTTPRefusal, behind: Int)?
    /// Whether an answer that closes the connection is queued.
    private var isClosing = false
    /// The answer that is being sent, where it is one without an end yet.
    var stream: HTTPStream?
    /// Unchecked, as each of the checks of exclusive access costs as much as an allocation.
    @exclusivity(unchecked) private var incoming: IncomingRequest

    init(server: ServerContext, connection: OpaquePointer) {
        self.server = server
        unsafe self.connection = unsafe connection
        descriptor = unsafe tare_socket(connection)
        tls = server.tls.flatMap { unsafe TLSSession(of: connection, $0.current) }
        let peer = unsafe IPAddress(tare_client_address(connection))
        self.peer = peer
        proxied = server.proxied.flatMap { $0.proxies.contains(peer) ? $0 : nil }
        unsafe reader = RequestReader(limits: server.limits)
        unsafe incoming = IncomingRequest(client: peer)
    }

    /// False where the connection is to be secured, and cannot be.
    var isWhole: Bool { server.tls == nil || tls != nil }

    // MARK: Seen from other threads

    var phase: ConnectionProgress.Phase { current.phase }

    var current: ConnectionProgress { ConnectionProgress(rawValue: progress.load(ordering: .acquiring)) }

    /// Takes the connection away from its thread, if it still stands where it was seen.
    func cut(_ seen: ConnectionProgress) -> Bool {
        progress.compareExchange(
            expected: seen.rawValue, desired: seen.with(.cut).rawValue, ordering: .acquiringAndReleasing
        ).exchanged
    }

    /// - Returns: false where the caretaker has cut the connection.
    func advance(to phase: ConnectionProgress.Phase) -> Bool {
        let seen = current
        guard seen.phase != .cut else { return false }
        return progress.compareExchange(
            expected: seen.rawValue, desired: seen.with(phase).rawValue, ordering: .acquiringAndReleasing
        ).exchanged
    }

    // MARK: The library's calls

    /// Step 2.
    func readRequestLine(target: UnsafePointer<UInt8>) {
        _ = advance(to: .receiving)
        stage = .requestLine
        unsafe incoming.readRequestLine(target: target)
    }

    /// Steps 3 to 6.
    func access(
        method: UnsafePointer<CChar>, piece: UnsafePointer<CChar>?, pieceSize: UnsafeMutablePointer<Int>
    ) -> MHD_Result {
        switch stage {
        case .requestLine:
            return unsafe readHead(method: method)
        case .body:
            guard let piece = unsafe piece, unsafe pieceSize.pointee > 0 else { return answer() }
            let bytes = unsafe UnsafeRawBufferPointer(start: piece, count: pieceSize.pointee)
            unsafe pieceSize.pointee = 0
            return unsafe readBody(bytes)
        case .answer:
            // Not kept here: it is held until it is sent by those who send it.
            guard let answer = lateAnswer.take() else { return .NO }
            return queue(answer)
        }
    }

    /// Step 7.
    func complete() {
        unsafe incoming.reset()
        lateAnswer = nil
        server.uploads.complete(self)
        endStream()
        endCounting()
        // Of plain HTTP the caretaker sees by itself that the next request has begun.
        let hasBegun = unsafe tls != nil && !reader.isIdle
        let next = ConnectionProgress(request: current.request + 1, hasBegun ? .receiving : .waiting)
        progress.store(next.rawValue, ordering: .releasing)
        if !isClosing { refusePending() }
    }

    private func readHead(method: UnsafePointer<CChar>) -> MHD_Result {
        do throws(HTTPRefusal) {
            try unsafe incoming.readHead(connection, method: method, limits: server.limits)
        } catch {
            return refuse(error)
        }
        if let denial = denial() {
            // Whoever may not ask does not get to send a body either.
            if unsafe incoming.announcesBody { return refuse(with: denial) }
            unsafe incoming.deny(denial)
        }
        stage = .body
        return .YES
    }

    /// Also for a request that was never completed.
    func endCounting() {
        if let client = counted.take() { proxied?.end(client) }
    }

    /// The answer to a request that is not let in.
    private func denial() -> HTTPResponse? {
        if let proxied {
            let client = unsafe incoming.takeClient(from: proxied.proxies, peer: peer)
            guard proxied.begin(client) else {
                return server.refuse(proxied.refusal, of: unsafe incoming.request)
            }
            counted = client
        }
        guard let admit = server.admit else { return nil }
        let request = unsafe incoming.lend()
        defer { unsafe incoming.take(back: request) }
        let denial = admit(request)
        if let denial { server.statistics.noteRefusal(denial.status) }
        return denial
    }

    private func readBody(_ bytes: UnsafeRawBufferPointer) -> MHD_Result {
        do throws(HTTPRefusal) {
            try unsafe incoming.readBody(bytes, server: server)
        } catch {
            return refusePastTheLibrary(error)
        }
        return .YES
    }
}

// MARK: - Answering

extension Exchange {
    private func answer() -> MHD_Result {
        guard advance(to: .answering) else { return .NO }
        stage = .answer
        if unsafe incoming.isRefused, let refusal { return queue(refusal) }
        // Lent, not copied: a copy would count the references of all its parts.
        let request = unsafe incoming.lend()
        let reply = server.handler(request)
        unsafe incoming.take(back: consume request)
        switch consume reply {
        case .now(let response):
            return queue(response)
        case .later(let work):
            guard let ticket = server.suspended.suspend(self) else {
                let refusal = HTTPRefusal(status: 503, detail: "too many requests wait; try again")
                return queue(server.refuse(refusal, of: unsafe incoming.request))
            }
            work(SuspendedResponder(ticket: ticket, server: server))
            return .YES
        case .stream(let head, let work):
            return unsafe queue(head, work, to: incoming.request)
        }
    }

    private var refusal: HTTPResponse? {
        if let denial = unsafe incoming.denial { return denial }
        return unsafe incoming.fault.map { server.refuse($0, of: unsafe incoming.request) }
    }

    /// Answers at step 3 and closes the connection.
    private func refuse(_ refusal: HTTPRefusal) -> MHD_Result {
        refuse(with: server.refuse(refusal))
    }

    private func refuse(with response: HTTPResponse) -> MHD_Result {
        guard advance(to: .answering) else { return .NO }
        server.caretaker.linger(on: descriptor)
        return queue(response, closing: true)
    }

    /// Answers at step 4; the library then closes the connection.
    private func refusePastTheLibrary(_ refusal: HTTPRefusal) -> MHD_Result {
        guard advance(to: .answering) else { return .NO }
        writePast(server.refuse(refusal, of: unsafe incoming.request))
        server.caretaker.linger(on: descriptor)
        return .NO
    }

    func queue(_ response: consuming HTTPResponse, closing: Bool = false) -> MHD_Result {
        let closing = closing || server.isDraining.load(ordering: .relaxed)
        isClosing = closing
        // The answer may be long on its way.
        unsafe incoming.dropBody()
        do throws(HTTPRefusal) {
            try reserve(for: &response)
        } catch {
            response = server.refuse(error, of: unsafe incoming.request)
        }
        if let queued = send(response, closing: closing) { return queued }
        server.log("an answer with status \(response.status) cannot be sent: it has a field that HTTP does not allow")
        let refusal = HTTPRefusal(status: 500, detail: "the answer could not be sent")
        return send(server.refuse(refusal, of: unsafe incoming.request), closing: closing) ?? .NO
    }

    /// From so many bytes on an answer is handed to the library as it is, and counts as memory of requests.
    private static let largeAnswer = 4096

    /// Large answers wait in memory for clients that read slowly.
    private func reserve(for response: inout HTTPResponse) throws(HTTPRefusal) {
        guard response.body.count >= Self.largeAnswer, !response.isShared, response.memory == nil else { return }
        response.memory = try server.memory.reserve(response.body.count, for: unsafe incoming.request.client)
    }

    /// - Returns: nil where the answer is not one that can be sent.
    private func send(_ response: HTTPResponse, closing: Bool) -> MHD_Result? {
        guard 200...599 ~= response.status, let made = unsafe Self.make(response, closing: closing) else { return nil }
        defer { unsafe MHD_destroy_response(made) }
        _ = advance(to: .sending)
        return unsafe MHD_queue_response(connection, UInt32(response.status), made)
    }

    private static func copied(_ body: [UInt8]) -> OpaquePointer? {
        unsafe body.withUnsafeBytes { body in
            unsafe MHD_create_response_from_buffer(
                body.count, UnsafeMutableRawPointer(mutating: body.baseAddress), .RESPMEM_MUST_COPY)
        }
    }

    /// The library's own form of an answer, to be destroyed by the caller. Nil for a field with a line break in it, or
    /// one that is the library's to set.
    private static func make(_ response: HTTPResponse, closing: Bool) -> OpaquePointer? {
        let made =
            unsafe response.body.count < largeAnswer ? copied(response.body) : HeldAnswer(response).libraryResponse
        return unsafe completed(made, with: response.headers, closing: closing)
    }

    static func completed(
        _ made: OpaquePointer?, with headers: [HTTPField], closing: Bool
    ) -> OpaquePointer? {
        guard let made = unsafe made else { return nil }
        for field in headers {
            let isAdded = unsafe field.name.withCString { name in
                unsafe field.value.withCString { value in unsafe MHD_add_response_header(made, name, value) }
            }
            guard isAdded == .YES else {
                unsafe MHD_destroy_response(made)
                return nil
            }
        }
        if closing { _ = unsafe MHD_add_response_header(made, "Connection", "close") }
        return unsafe made
    }
}
