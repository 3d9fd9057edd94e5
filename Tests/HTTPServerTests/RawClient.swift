import Glibc
import HTTPServer

/// A socket that says exactly what a test wants said.
final class RawClient {
    private let socket: CInt
    private var buffer: [UInt8] = []

    /// Connects to the loopback address; a read gives up after ten seconds.
    init(port: UInt16) throws {
        socket = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var timeout = timeval(tv_sec: 10, tv_usec: 0)
        unsafe setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe connect(socket, address, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw Failure.notConnected(errno) }
    }

    deinit { close(socket) }

    enum Failure: Error { case notConnected(CInt) }

    /// False where the other side has closed.
    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.send(socket, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    struct Answer {
        let status: Int
        let head: String
        let body: String

        func header(_ name: String) -> String? {
            let lines = head.split(separator: "\r\n").dropFirst()
            let line = lines.first { $0.lowercased().hasPrefix(name.lowercased() + ":") }
            return line.map { $0.drop { $0 != ":" }.dropFirst().drop { $0 == " " } }.map(String.init)
        }

        var isProblem: Bool {
            header("Content-Type") == "application/problem+json" && body.contains("\"status\":\(status)")
        }
    }

    /// The next answer, by its Content-Length; nil where the connection ends first.
    func answer(hasBody: Bool = true) -> Answer? {
        guard let head = take(through: "\r\n\r\n") else { return nil }
        let status = Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0
        let bare = Answer(status: status, head: head, body: "")
        let length = hasBody ? Int(bare.header("Content-Length") ?? "") ?? 0 : 0
        while buffer.count < length { guard fill() else { return nil } }
        let body = String(decoding: buffer.prefix(length), as: UTF8.self)
        buffer.removeFirst(length)
        return Answer(status: status, head: head, body: body)
    }

    /// Whether the other side closes, once all that it sent is read.
    var isClosed: Bool {
        while fill() {}
        return errno != EAGAIN
    }

    private func take(through end: String) -> String? {
        while true {
            let text = String(decoding: buffer, as: UTF8.self)
            if let range = text.firstRange(of: end) {
                let head = String(text[..<range.upperBound])
                buffer.removeFirst(head.utf8.count)
                return head
            }
            guard fill() else { return nil }
        }
    }

    private func fill() -> Bool {
        var part = [UInt8](repeating: 0, count: 65536)
        errno = 0
        let count = unsafe part.withUnsafeMutableBytes { unsafe recv(socket, $0.baseAddress, $0.count, 0) }
        guard count > 0 else { return false }
        buffer += part[..<count]
        return true
    }
}

func usleepMilliseconds(_ count: UInt32) { usleep(count * 1000) }

extension EchoServer {
    /// Hands the server over and stops it when the work is done.
    func keptOpen<Result>(_ work: (EchoServer) throws -> Result) rethrows -> Result {
        defer { server.stop() }
        return try work(self)
    }
}
