import Glibc

/// Opens the socket that the library accepts from. Done here and not by the library, which only logs why it failed.
enum ListeningSocket {
    /// A bound socket that listens, and its port.
    struct Opened {
        let descriptor: Int32
        let port: UInt16
    }

    /// - Parameter port: 0 lets the system choose one.
    static func open(host: String, port: UInt16, backlog: Int) throws(HTTPServerError) -> Opened {
        guard let address = SocketAddress(host: host, port: port) else { throw .host(host) }
        let descriptor = socket(address.family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw failure("socket", host: host, port: port) }
        do throws(HTTPServerError) {
            // A restarted server must not wait for the connections of the one before it to be forgotten.
            var yes: Int32 = 1
            let size = socklen_t(MemoryLayout<Int32>.size)
            guard unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, size) == 0 else {
                throw failure("setsockopt", host: host, port: port)
            }
            bound(descriptor, SOL_SOCKET, SO_SNDBUF, Self.sendBytes)
            bound(descriptor, SOL_SOCKET, SO_RCVBUF, Self.receiveBytes)
            bound(descriptor, Int32(IPPROTO_TCP), TCP_NOTSENT_LOWAT, Self.unsentBytes)
            guard address.bind(descriptor) == 0 else { throw failure("bind", host: host, port: port) }
            guard listen(descriptor, Int32(clamping: backlog)) == 0 else {
                throw failure("listen", host: host, port: port)
            }
            guard let bound = SocketAddress(of: descriptor) else {
                throw failure("getsockname", host: host, port: port)
            }
            return Opened(descriptor: descriptor, port: bound.port)
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// The system's buffers of each connection, of which it takes twice as much for its own needs. Left alone they grow to
    /// megabytes, which takes memory for clients that do not read, and time to fill while other connections wait. What
    /// is refused here stays as the system has it.
    private static let sendBytes: Int32 = 64 * 1024
    private static let receiveBytes: Int32 = 256 * 1024
    /// Of an answer no more is handed over than the client's window takes and this: to fill the buffers of many clients
    /// that do not read keeps others waiting.
    private static let unsentBytes: Int32 = 16 * 1024

    /// Connections have what the socket has that they are accepted from.
    private static func bound(_ descriptor: Int32, _ level: Int32, _ buffer: Int32, _ bytes: Int32) {
        var bytes = bytes
        _ = unsafe setsockopt(descriptor, level, buffer, &bytes, socklen_t(MemoryLayout<Int32>.size))
    }

    private static func failure(_ call: String, host: String, port: UInt16) -> HTTPServerError {
        let address = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
        return unsafe .socket(address: address, call: call, reason: String(cString: strerror(errno)))
    }
}
