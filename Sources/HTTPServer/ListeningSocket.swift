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

/// An IPv4 or IPv6 address with a port.
private struct SocketAddress {
    private var storage = sockaddr_storage()
    private var size: socklen_t

    var family: Int32 { Int32(storage.ss_family) }

    /// Takes an IPv4 or IPv6 address in its usual notation, or `localhost`, which is 127.0.0.1; no look-up is made.
    init?(host: String, port: UInt16) {
        var four = sockaddr_in()
        var six = sockaddr_in6()
        if unsafe inet_pton(AF_INET, host == "localhost" ? "127.0.0.1" : host, &four.sin_addr) == 1 {
            four.sin_family = sa_family_t(AF_INET)
            four.sin_port = port.bigEndian
            size = socklen_t(MemoryLayout<sockaddr_in>.size)
            unsafe withUnsafeMutableBytes(of: &storage) { unsafe $0.storeBytes(of: four, as: sockaddr_in.self) }
        } else if unsafe inet_pton(AF_INET6, host, &six.sin6_addr) == 1 {
            six.sin6_family = sa_family_t(AF_INET6)
            six.sin6_port = port.bigEndian
            size = socklen_t(MemoryLayout<sockaddr_in6>.size)
            unsafe withUnsafeMutableBytes(of: &storage) { unsafe $0.storeBytes(of: six, as: sockaddr_in6.self) }
        } else {
            return nil
        }
    }

    /// The address that a socket is bound to.
    init?(of descriptor: Int32) {
        size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        var length = size
        let result = unsafe withUnsafeMutablePointer(to: &storage) { storage in
            unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe getsockname(descriptor, address, &length)
            }
        }
        guard result == 0 else { return nil }
    }

    /// In both families it stands behind the two bytes of the family.
    var port: UInt16 {
        unsafe withUnsafeBytes(of: storage) { bytes in
            unsafe UInt16(bigEndian: bytes.load(fromByteOffset: 2, as: UInt16.self))
        }
    }

    func bind(_ descriptor: Int32) -> Int32 {
        unsafe withUnsafePointer(to: storage) { storage in
            unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe Glibc.bind(descriptor, address, size)
            }
        }
    }
}
