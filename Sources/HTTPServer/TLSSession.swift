import CGnuTLS
import CMicroHTTPD
import Glibc

/// The TLS of one connection; its own thread's alone, as the library's use of it is.
@safe struct TLSSession {
    private let handle: gnutls_session_t
    /// Kept for as long as the session.
    private let credentials: TLSCredentials

    /// - Returns: nil where the session cannot be made to use the credentials.
    init?(of connection: OpaquePointer, _ credentials: TLSCredentials) {
        guard let pointer = unsafe tare_tls_session(connection) else { return nil }
        let handle = gnutls_session_t(pointer)
        guard unsafe credentials.guardSession(handle) else { return nil }
        unsafe self.handle = unsafe handle
        self.credentials = credentials
    }

    func isSession(_ other: gnutls_session_t?) -> Bool { unsafe handle == other }

    /// `gnutls_record_recv` itself.
    func receive(into buffer: UnsafeMutableRawPointer?, size: Int) -> Int {
        unsafe TLSHook.receive(handle, buffer, size)
    }

    /// Sends what the socket takes at once.
    func send(_ bytes: [UInt8]) {
        _ = unsafe bytes.withUnsafeBytes { unsafe gnutls_record_send(handle, $0.baseAddress, $0.count) }
    }

    /// Says that nothing more will be sent, so that the client knows the answer to be whole.
    func finishSending() {
        unsafe gnutls_bye(handle, GNUTLS_SHUT_WR)
    }
}

/// Stands between libmicrohttpd and GnuTLS as `ReceiveHook` stands between it and plain sockets: what was decrypted
/// passes `RequestReader` before the library sees it.
enum TLSHook {
    typealias Receive = @convention(c) (gnutls_session_t?, UnsafeMutableRawPointer?, Int) -> Int

    /// GnuTLS's own function: the next of this name behind the one below.
    private static let own: Receive? = {
        let next = unsafe UnsafeMutableRawPointer(bitPattern: -1)
        guard let found = unsafe dlsym(next, "gnutls_record_recv") else { return nil }
        return unsafe unsafeBitCast(found, to: Receive.self)
    }()

    static func receive(_ session: gnutls_session_t?, _ buffer: UnsafeMutableRawPointer?, _ size: Int) -> Int {
        guard let own = unsafe own else { return Int(GNUTLS_E_INTERNAL_ERROR) }
        return unsafe own(session, buffer, size)
    }

    /// Whether the library calls the function below, and GnuTLS's own is behind it.
    static var isInPlace: Bool {
        let here: Receive = unsafe receiveSecured
        return unsafe dlsym(nil, "gnutls_record_recv") == unsafeBitCast(here, to: UnsafeMutableRawPointer.self)
            && own != nil
    }

    /// What `recv(2)` says, as GnuTLS says it.
    static func result(of count: Int) -> Int {
        guard count < 0 else { return count }
        switch errno {
        case EAGAIN: return Int(GNUTLS_E_AGAIN)
        case EINTR: return Int(GNUTLS_E_INTERRUPTED)
        default: return Int(GNUTLS_E_PULL_ERROR)
        }
    }
}

/// `gnutls_record_recv`. It stands for GnuTLS's own in the whole process.
@c(gnutls_record_recv) public func receiveSecured(
    session: OpaquePointer?, buffer: UnsafeMutableRawPointer?, size: Int
) -> Int {
    let descriptor = unsafe gnutls_transport_get_int(session)
    guard let exchange = unsafe ReceiveHook.exchange(of: descriptor) else {
        return unsafe TLSHook.receive(session, buffer, size)
    }
    return unsafe exchange._withUnsafeGuaranteedRef { exchange in
        // A session of another library may have any number for its descriptor.
        unsafe exchange.tls?.isSession(session) == true
            ? unsafe exchange.receiveSecured(into: buffer, size: size)
            : unsafe TLSHook.receive(session, buffer, size)
    }
}
