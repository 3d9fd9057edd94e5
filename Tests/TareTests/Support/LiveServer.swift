import Documents
import Foundation
import Glibc

/// `tare serve` as a process on a port of its own, over a folder of the test's.
final class LiveServer {
    let port: UInt16
    private let process: TareProcess

    struct Failure: Error, CustomStringConvertible { let description: String }

    /// - Parameter folder: for rows, and for models and the journal unless an argument says otherwise.
    init(folder: URL, _ arguments: [String] = [], environment: [String: String] = [:]) throws {
        process = try TareProcess(
            [
                "serve", "--port", "0", "--store", "sqlite:\(folder.path)/rows.sqlite", "--initial-model",
                Self.initialModel,
            ] + (arguments.contains("--journal") ? [] : ["--journal", "\(folder.path)/journal"])
                + (arguments.contains("--models") ? [] : ["--models", "\(folder.path)/models"]) + arguments,
            environment: environment)
        let line = try process.readLine() ?? ""
        guard let port = line.split(separator: ":").last.flatMap({ UInt16($0) }) else {
            throw Failure(description: "no server: '\(line)' \(process.finish().errors)")
        }
        self.port = port
    }

    deinit { process.end() }

    /// Ends it in order.
    func stop() -> TareProcess.Result {
        process.send(SIGTERM)
        return process.finish()
    }

    /// As a power cut would end it, but for what the system has not written yet.
    func kill() { process.end() }

    func send(_ signal: CInt) { process.send(signal) }

    /// Waits until these words stand on stderr.
    func says(_ words: String) -> Bool { process.says(words) }

    var errorsSoFar: String { process.errorsSoFar }

    /// Of the process.
    var identifier: Int32 { process.identifier }

    /// The most memory that it has taken so far, in megabytes.
    var peakMegabytes: Int {
        let status = (try? String(contentsOfFile: "/proc/\(identifier)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line?.split(whereSeparator: { " \t".contains($0) }).dropFirst().first.flatMap { Int($0) }.map {
            $0 / 1024
        }
            ?? .max
    }

    func finish() -> TareProcess.Result { process.finish() }

    func get(_ path: String, headers: [String] = []) throws -> KeptConnection.Answer {
        let head = ["GET \(path) HTTP/1.1", "Host: localhost"] + headers
        return try KeptConnection(port: port).send(head.joined(separator: "\r\n") + "\r\n\r\n")
    }

    func post(_ path: String, _ body: String = "", headers: [String] = []) throws -> KeptConnection.Answer {
        try KeptConnection(port: port).post(path, body, headers: headers)
    }

    func record(_ rows: [JSON]) throws {
        let answer = try post("/observations", JSON.array(rows).compact)
        guard answer.status == 200 else { throw Failure(description: answer.text) }
    }

    static let initialModel = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Models/salmon.json").path
}

/// One connection that is kept open, and sends bytes just as they are given.
final class KeptConnection {
    struct Answer {
        let status: Int
        /// By names in lower case.
        let headers: [String: String]
        /// All fields of WWW-Authenticate.
        let challenges: [String]
        let body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
        var document: JSON? { try? JSON(parsing: body) }
    }

    private let descriptor: CInt

    /// - Parameter source: the last number of the address 127.0.0.x that the client has.
    /// - Parameter receiveBytes: the size of the receive buffer; a small one makes the server wait for this client.
    init(port: UInt16, source: UInt8 = 1, receiveBytes: CInt? = nil) throws {
        descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        if var bytes = receiveBytes {
            unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, socklen_t(MemoryLayout<CInt>.size))
        }
        var timeout = timeval(tv_sec: 30, tv_usec: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        var own = address
        own.sin_port = 0
        own.sin_addr.s_addr = (0x7F00_0000 | UInt32(source)).bigEndian
        let result = unsafe withUnsafePointer(to: own) { own in
            unsafe own.withMemoryRebound(to: sockaddr.self, capacity: 1) { own in
                unsafe withUnsafePointer(to: address) { address in
                    unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                        unsafe bind(descriptor, own, size) == 0 ? connect(descriptor, address, size) : -1
                    }
                }
            }
        }
        guard result == 0 else { throw LiveServer.Failure(description: "connect: errno \(errno)") }
    }

    deinit { close(descriptor) }

    func post(_ path: String, _ body: String, headers: [String] = []) throws -> Answer {
        let head = ["POST \(path) HTTP/1.1", "Host: localhost", "Content-Length: \(body.utf8.count)"] + headers
        return try send(head.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }

    func send(_ request: String) throws -> Answer {
        try begin(request)
        return try answer()
    }

    /// Sends without reading an answer.
    func begin(_ request: String) throws {
        var rest = Array(request.utf8)[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { bytes in
                unsafe Glibc.send(descriptor, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw LiveServer.Failure(description: "send: errno \(errno)") }
            rest = rest.dropFirst(count)
        }
    }

    func answer() throws -> Answer {
        var received: [UInt8] = []
        while !received.suffix(4).elementsEqual("\r\n\r\n".utf8) { received += try receive(1) }
        let lines = String(decoding: received, as: UTF8.self).components(separatedBy: "\r\n")
        var headers: [String: String] = [:]
        var challenges: [String] = []
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let (name, value) = (
                line[..<colon].lowercased(), line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            )
            headers[name] = value
            if name == "www-authenticate" { challenges.append(value) }
        }
        let status = lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        guard let count = headers["content-length"].flatMap({ Int($0) }) else {
            throw LiveServer.Failure(description: "no Content-Length: \(lines)")
        }
        return Answer(status: status, headers: headers, challenges: challenges, body: try receive(count))
    }

    private func receive(_ count: Int) throws -> [UInt8] {
        var received: [UInt8] = []
        while received.count < count {
            var buffer = [UInt8](repeating: 0, count: count - received.count)
            let read = unsafe recv(descriptor, &buffer, buffer.count, 0)
            guard read > 0 else { throw LiveServer.Failure(description: "the server closed: \(read), errno \(errno)") }
            received += buffer.prefix(read)
        }
        return received
    }
}

/// An own folder that is gone after `body`.
func withLiveFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "tare-live-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
}

/// Waits until it holds, for half a minute at most.
func waitUntil(_ condition: () throws -> Bool) rethrows {
    for _ in 0..<3000 {
        if try condition() { return }
        usleep(10_000)
    }
}
