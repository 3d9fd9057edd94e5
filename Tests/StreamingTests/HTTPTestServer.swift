import Foundation
import Threading

/// A server on loopback with nothing but sockets in it, so that a test can answer late, half, wrongly or not at all.
/// Each connection gets a thread, which plays the script and then closes it.
final class HTTPTestServer: Sendable {
    enum Family { case ipv4, ipv6 }

    let port: UInt16
    private let socket: CInt
    private let state = Lock(State())

    private struct State {
        var connections = 0
        var requests: [Request] = []
    }

    struct Request: Sendable {
        let head: String
        let body: [UInt8]
        var line: String { String(head.prefix { $0 != "\r\n" }) }
    }

    init(_ family: Family = .ipv4, script: @escaping @Sendable (Connection) -> Void) throws {
        (socket, port) = try listeningSocket(family)
        Thread.detachNewThread { [self] in
            while case let accepted = accept(socket, nil, nil), accepted >= 0 {
                state.withLock { $0.connections += 1 }
                Thread.detachNewThread { [self] in
                    script(Connection(socket: accepted, server: self))
                    close(accepted)
                }
            }
            close(socket)
        }
    }

    /// Answers every request with these bytes, on as few connections as the client opens.
    convenience init(_ family: Family = .ipv4, answering answer: String) throws {
        try self.init(family) { connection in
            while connection.readRequest() != nil { connection.write(answer) }
        }
    }

    /// Ends `accept` with an error, and so the thread.
    func stop() { shutdown(socket, CInt(SHUT_RDWR)) }

    var url: String { "http://127.0.0.1:\(port)" }
    var connections: Int { state.withLock { $0.connections } }
    var requests: [Request] { state.withLock { $0.requests } }

    static func response(_ status: Int, _ body: String, headers: [String] = []) -> String {
        let lines = ["HTTP/1.1 \(status) Whatever", "Content-Length: \(body.utf8.count)"] + headers
        return lines.joined(separator: "\r\n") + "\r\n\r\n" + body
    }

    struct Connection: Sendable {
        fileprivate let socket: CInt
        fileprivate let server: HTTPTestServer

        /// Reads to the end of one request, which the server then remembers; nil where the client has gone.
        func readRequest() -> Request? {
            var bytes: [UInt8] = []
            let end = Array("\r\n\r\n".utf8)
            while bytes.suffix(4) != end[...] {
                guard let byte = read(1)?.first else { return nil }
                bytes.append(byte)
            }
            let head = String(decoding: bytes, as: UTF8.self)
            let length = head.split(separator: "\r\n").compactMap { line -> Int? in
                let parts = line.split(separator: ":")
                return parts[0].lowercased() == "content-length" ? Int(parts[1].drop { $0 == " " }) : nil
            }
            var body: [UInt8] = []
            while let length = length.first, body.count < length {
                guard let part = read(length - body.count) else { return nil }
                body += part
            }
            let request = Request(head: head, body: body)
            server.state.withLock { $0.requests.append(request) }
            return request
        }

        /// False where the client has gone.
        @discardableResult
        func write(_ text: String) -> Bool {
            var bytes = Array(text.utf8)[...]
            while !bytes.isEmpty {
                let sent = unsafe bytes.withUnsafeBytes { part in
                    unsafe send(socket, part.baseAddress, part.count, CInt(MSG_NOSIGNAL))
                }
                guard sent > 0 else { return false }
                bytes = bytes.dropFirst(sent)
            }
            return true
        }

        func waitUntilClientCloses() {
            while read(4096) != nil {}
        }

        private func read(_ count: Int) -> [UInt8]? {
            var part = [UInt8](repeating: 0, count: count)
            let received = unsafe part.withUnsafeMutableBytes { unsafe recv(socket, $0.baseAddress, count, 0) }
            return received > 0 ? Array(part.prefix(received)) : nil
        }
    }
}

/// A socket on a port of the system's choice.
private func listeningSocket(_ family: HTTPTestServer.Family) throws -> (CInt, UInt16) {
    let name = family == .ipv4 ? AF_INET : AF_INET6
    let listening = socket(name, CInt(SOCK_STREAM.rawValue), 0)
    var port: UInt16 = 0
    var isBound = false
    switch family {
    case .ipv4:
        var address = sockaddr_in()
        address.sin_family = sa_family_t(name)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        isBound = bindAndName(listening, &address)
        port = UInt16(bigEndian: address.sin_port)
    case .ipv6:
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(name)
        address.sin6_addr = in6addr_loopback
        isBound = bindAndName(listening, &address)
        port = UInt16(bigEndian: address.sin6_port)
    }
    guard isBound, listen(listening, 16) == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EADDRNOTAVAIL) }
    return (listening, port)
}

/// Binds, and writes the address that the system chose back to `address`.
private func bindAndName<Address>(_ socket: CInt, _ address: inout Address) -> Bool {
    var size = socklen_t(MemoryLayout<Address>.size)
    return unsafe withUnsafeMutablePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
            unsafe bind(socket, generic, size) == 0 && getsockname(socket, generic, &size) == 0
        }
    }
}
