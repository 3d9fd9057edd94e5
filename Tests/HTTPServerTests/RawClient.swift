import Glibc

/// A connection to 127.0.0.1 that sends bytes as they are given, and reads answers.
final class RawClient {
    struct Answer: Equatable {
        var status: Int
        var headers: [String: String]
        var body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
        var isProblem: Bool { headers["content-type"] == "application/problem+json" }
    }

    enum Failure: Error {
        case connect(Int32)
        case send(Int32)
        case receive(Int32)
        /// The server closed the connection before a whole answer came.
        case closed
        case malformed(String)
    }

    private static let waitSecondsMax = 20
    private let descriptor: Int32
    private(set) var tls: ClientSession?
    private var received: [UInt8] = []

    /// - Parameters:
    ///   - receiveBytes: the size of the receive buffer; a small one makes the server wait for this client.
    ///   - source: the last number of the address 127.0.0.x that the client has.
    ///   - tls: nil for plain HTTP.
    init(
        port: UInt16, receiveBytes: Int32? = nil, source: UInt8 = 1, tls settings: ClientSession.Settings? = nil
    ) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var timeout = timeval(tv_sec: Self.waitSecondsMax, tv_usec: 0)
        unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        if var bytes = receiveBytes {
            unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, socklen_t(MemoryLayout<Int32>.size))
        }
        let isBound =
            unsafe source == 1 || Self.withAddress(source, port: 0) { unsafe Glibc.bind(descriptor, $0, $1) } == 0
        let result = unsafe Self.withAddress(1, port: port) { unsafe Glibc.connect(descriptor, $0, $1) }
        guard isBound, result == 0 else {
            let code = errno
            Glibc.close(descriptor)
            throw Failure.connect(code)
        }
        tls = try settings.map { try ClientSession(on: descriptor, $0) }
    }

    deinit {
        Glibc.close(descriptor)
    }

    /// Lends 127.0.0.`last`.
    private static func withAddress(
        _ last: UInt8, port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = (0x7F00_0000 | UInt32(last)).bigEndian
        return unsafe withUnsafePointer(to: address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe body(address, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    func send(_ text: String) throws {
        try send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { bytes in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[sent...])
                return unsafe tls?.send(rest)
                    ?? Glibc.send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure.send(errno) }
            sent += count
        }
    }

    /// Lets what is sent from now on leave together with the end of the direction.
    func holdBack() {
        var yes: Int32 = 1
        unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_CORK, &yes, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Ends the sending direction only.
    func finishSending() {
        tls?.finishSending()
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Makes the close that follows a reset, as a process that dies may.
    func resetOnClose() {
        var option = linger(l_onoff: 1, l_linger: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    /// - Parameter hasBody: false for the answer to a HEAD.
    func answer(hasBody: Bool = true) throws -> Answer {
        let end = try position(of: Array("\r\n\r\n".utf8))
        let head = String(decoding: received[..<end], as: UTF8.self).split(
            separator: "\r\n", omittingEmptySubsequences: false)
        guard let status = head.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            throw Failure.malformed(String(head.first ?? ""))
        }
        var headers: [String: String] = [:]
        for line in head.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { throw Failure.malformed(String(line)) }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            headers[line[..<colon].lowercased()] = String(value)
        }
        received.removeFirst(end + 4)
        let count = hasBody && status >= 200 && status != 204 ? Int(headers["content-length"] ?? "0") ?? 0 : 0
        while received.count < count { try receive() }
        let body = Array(received.prefix(count))
        received.removeFirst(count)
        return Answer(status: status, headers: headers, body: body)
    }

    /// The head of an answer in chunks.
    func streamHead() throws -> Answer {
        let end = try position(of: Array("\r\n\r\n".utf8))
        let lines = String(decoding: received[..<end], as: UTF8.self).split(separator: "\r\n")
        received.removeFirst(end + 4)
        var answer = Answer(status: 0, headers: [:], body: [])
        answer.status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        for line in lines.dropFirst() {
            let halves = line.split(separator: ":", maxSplits: 1)
            answer.headers[halves[0].lowercased()] = String((halves.last ?? "").drop { $0 == " " })
        }
        return answer
    }

    /// The next chunk of an answer in chunks; nil where that is the last, which is empty.
    func chunk() throws -> String? {
        let end = try position(of: Array("\r\n".utf8))
        let size = String(decoding: received[..<end], as: UTF8.self)
        guard let count = Int(size, radix: 16) else { throw Failure.malformed(size) }
        while received.count < end + 2 + count + 2 { try receive() }
        let bytes = received[(end + 2)...].prefix(count)
        received.removeFirst(end + 2 + count + 2)
        return count == 0 ? nil : String(decoding: bytes, as: UTF8.self)
    }

    /// Chunks until so much has come.
    func text(of count: Int) throws -> String {
        var text = ""
        while text.utf8.count < count { text += try chunk() ?? "" }
        return text
    }

    /// Every answer up to the end of the connection. Throws where what came is not a row of whole answers.
    func answersToTheEnd() throws -> [Answer] {
        var answers: [Answer] = []
        while true {
            do {
                answers.append(try answer())
            } catch Failure.closed where received.isEmpty {
                return answers
            }
        }
    }

    /// Whether the server closes, with nothing more to read.
    func isClosed() -> Bool {
        guard received.isEmpty else { return false }
        do {
            try receive()
            return false
        } catch Failure.receive(let code) {
            return code == ECONNRESET
        } catch {
            return true
        }
    }

    /// Whether the server closes in time, after whatever it sends.
    func isClosedInTheEnd() -> Bool {
        repeat { received = [] } while !isClosed() && !received.isEmpty
        return received.isEmpty
    }

    /// All bytes up to the end of the connection.
    func everything() -> [UInt8] {
        while (try? receive()) != nil {}
        return received
    }

    /// Whether a whole answer is there already, or none is within the time.
    func hasAnswer(within milliseconds: Int32) -> Bool {
        var sockets = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
        return unsafe !received.isEmpty || poll(&sockets, 1, milliseconds) > 0
    }

    private func position(of pattern: [UInt8]) throws -> Int {
        while true {
            if received.count >= pattern.count {
                for start in 0...(received.count - pattern.count)
                where received[start..<start + pattern.count].elementsEqual(pattern) {
                    return start
                }
            }
            try receive()
        }
    }

    private func receive() throws {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count: Int
        do {
            count = try unsafe tls?.receive(into: &buffer) ?? recv(descriptor, &buffer, buffer.count, 0)
        } catch let failure as ClientSession.Failure {
            throw Failure.receive(Int32(failure.code))
        }
        guard count >= 0 else { throw Failure.receive(errno) }
        guard count > 0 else { throw Failure.closed }
        received += buffer.prefix(count)
    }
}
