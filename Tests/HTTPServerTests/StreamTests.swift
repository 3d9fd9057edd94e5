import Glibc
import Testing
import Threading

@testable import HTTPServer

/// The streams that a handler opened.
private final class Opened: Sendable {
    private let kept = Lock<[HTTPStream]>([])

    var all: [HTTPStream] { kept.withLock { $0 } }
    var first: HTTPStream? { all.first }

    /// Streams below `/stream`, anything else at once.
    var handler: @Sendable (HTTPRequest) -> HTTPReply {
        { [self] request in
            guard request.path.hasPrefix("/stream") else { return echo(request) }
            let head = HTTPResponse(
                status: 200, headers: [HTTPField("Content-Type", "text/event-stream")], body: Array("hello\n".utf8))
            return .stream(head) { [self] stream in kept.withLock { $0.append(stream) } }
        }
    }
}

@Suite("A reply that is a stream", .timeLimit(.minutes(40)))
struct StreamTests {
    @Test("brings its head and first bytes at once, and further bytes as they come", arguments: [1, 2])
    func arrives(threads: Int) throws {
        let opened = Opened()
        let server = try TestServer(threads: threads, handler: opened.handler)
        let client = try server.client()
        try client.send(request("GET /stream"))
        let head = try client.streamHead()
        #expect(head.status == 200)
        #expect(head.headers["content-type"] == "text/event-stream")
        #expect(head.headers["transfer-encoding"] == "chunked")
        #expect(try client.chunk() == "hello\n")
        let stream = try #require(opened.first)
        for number in 0..<200 {
            stream.send(Array("event \(number)\n".utf8))
            #expect(try client.chunk() == "event \(number)\n")
        }
        let long = String(repeating: "x", count: 300_000)
        stream.send(Array(long.utf8))
        #expect(try client.text(of: long.utf8.count) == long)
        stream.finish()
        #expect(try client.chunk() == nil)
        #expect(!stream.send([1]))
        try client.send(request("GET /now"))
        #expect(try client.answer().status == 200)
    }

    @Test("does not hold up others on the same thread, and keeps the order of what several threads send")
    func sideBySide() throws {
        let opened = Opened()
        let server = try TestServer(threads: 1, handler: opened.handler)
        let clients = try (0..<8).map { _ in try server.client() }
        for client in clients { try client.send(request("GET /stream")) }
        #expect(eventually { opened.all.count == clients.count })
        let senders = try (0..<4).map { sender in
            try Thread {
                for number in 0..<200 {
                    for stream in opened.all { stream.send(Array("\(sender):\(number)\n".utf8)) }
                }
            }
        }
        for _ in 0..<20 { #expect(try server.answer(to: request("GET /now")).status == 200) }
        for sender in senders { sender.join() }
        for stream in opened.all { stream.finish() }
        for client in clients {
            _ = try client.streamHead()
            var text = ""
            while let chunk = try client.chunk() { text += chunk }
            let lines = text.split(separator: "\n").dropFirst()
            #expect(lines.count == 4 * 200)
            for sender in 0..<4 {
                let own = lines.filter { $0.hasPrefix("\(sender):") }
                #expect(own.map(String.init) == (0..<200).map { "\(sender):\($0)" })
            }
        }
    }

    @Test("outlives the times for requests, answers and idle connections, while nothing comes")
    func patience() throws {
        let opened = Opened()
        let server = try TestServer(
            limits {
                $0.requestSecondsMax = 1
                $0.responseSecondsMax = 1
                $0.connectionSecondsMax = 1
            }, handler: opened.handler)
        let client = try server.client()
        try client.send(request("GET /stream"))
        _ = try client.streamHead()
        #expect(try client.chunk() == "hello\n")
        #expect(!client.hasAnswer(within: 2500))
        opened.first?.send(Array("late\n".utf8))
        #expect(try client.chunk() == "late\n")
    }

    @Test("ends at once when its client hangs up, though nothing is sent", arguments: [false, true])
    func hungUp(byReset: Bool) throws {
        let opened = Opened()
        let server = try TestServer(handler: opened.handler)
        for round in 1...20 {
            do {
                let client = try server.client()
                if byReset { client.resetOnClose() }
                try client.send(request("GET /stream"))
                _ = try client.streamHead()
            }
            let start = ContinuousClock.now
            #expect(eventually { opened.all.count == round && opened.all[round - 1].hasEnded })
            #expect(ContinuousClock.now - start < .milliseconds(900))
        }
        #expect(eventually { server.statistics.counts.open == 0 })
        #expect(try server.answer(to: request("GET /now")).status == 200)
    }

    @Test("is closed, counted and told of when its client does not read what is sent")
    func unread() throws {
        let opened = Opened()
        let server = try TestServer(handler: opened.handler)
        let client = try server.client(receiveBytes: 4096)
        try client.send(request("GET /stream"))
        _ = try client.streamHead()
        let stream = try #require(opened.first)
        let bytes = [UInt8](repeating: 0x78, count: 100_000)
        var sent = 0
        while stream.send(bytes), sent < 1000 { sent += 1 }
        #expect(sent < 1000)
        #expect(stream.hasEnded)
        #expect(server.statistics.counts.closes[.response] == 1)
        #expect(eventually { server.statistics.counts.open == 0 })
        #expect(eventually { server.warnings.lines.contains { $0.contains("closed 1 streams") } })
    }

    @Test("is closed when its client takes nothing for the time of an answer, however little waits")
    func stalled() throws {
        let opened = Opened()
        let server = try TestServer(limits { $0.responseSecondsMax = 1 }, handler: opened.handler)
        let client = try server.client(receiveBytes: 4096)
        try client.send(request("GET /stream"))
        _ = try client.streamHead()
        let stream = try #require(opened.first)
        // More than sockets hold, less than the queue does.
        let bytes = [UInt8](repeating: 0x78, count: 20_000)
        #expect(
            eventually {
                if stream.isStalled(for: .milliseconds(200), at: .now) { return true }
                stream.send(bytes)
                usleep(20_000)
                return false
            })
        #expect(eventually { stream.hasEnded })
        #expect(server.statistics.counts.closes[.response] == 1)
    }

    @Test("is refused with 503 and Retry-After when there are as many as there may be, until one ends")
    func tooMany() throws {
        let opened = Opened()
        let server = try TestServer(limits { $0.streamsMax = 2 }, handler: opened.handler)
        let clients = try (0..<2).map { _ in try server.client() }
        for client in clients {
            try client.send(request("GET /stream"))
            _ = try client.streamHead()
        }
        let refused = try server.answer(to: request("GET /stream"))
        #expect(refused.status == 503)
        #expect(refused.isProblem)
        #expect(refused.headers["retry-after"] == "1")
        opened.first?.finish()
        #expect(
            eventually {
                guard let client = try? server.client() else { return false }
                try? client.send(request("GET /stream"))
                return (try? client.streamHead().status) == 200
            })
    }

    @Test("ends in order when the server is stopped, without waiting for the grace time", arguments: [1, 2])
    func stopped(threads: Int) throws {
        let opened = Opened()
        let server = try TestServer(threads: threads, handler: opened.handler)
        let client = try server.client()
        try client.send(request("GET /stream"))
        _ = try client.streamHead()
        #expect(try client.chunk() == "hello\n")
        let start = ContinuousClock.now
        server.server.stop()
        #expect(ContinuousClock.now - start < .seconds(5))
        #expect(try client.chunk() == nil)
        #expect(opened.first?.send([1]) == false)
    }

    @Test("answers HEAD with its head alone, and ends")
    func head() throws {
        let opened = Opened()
        let server = try TestServer(handler: opened.handler)
        let client = try server.client()
        try client.send(request("HEAD /stream"))
        #expect(try client.answer(hasBody: false).headers["content-type"] == "text/event-stream")
        #expect(opened.all.isEmpty)
        try client.send(request("GET /now"))
        #expect(try client.answer().status == 200)
    }
}

@Suite("The bytes that wait in a stream")
struct StreamQueueTests {
    private static func read(_ queue: inout StreamQueue, _ count: Int) -> (StreamQueue.Reading, [UInt8]) {
        var bytes = [UInt8](repeating: 0, count: count)
        let reading = unsafe bytes.withUnsafeMutableBytes { unsafe queue.read(into: $0, at: .now) }
        guard case .bytes(let read) = reading else { return (reading, []) }
        return (reading, Array(bytes.prefix(read)))
    }

    @Test("come out as they went in, whatever the sizes of the pieces and of the reads", arguments: [1, 2, 3, 7, 100])
    func order(size: Int) {
        var queue = StreamQueue(bytesMax: 1000)
        let pieces: [[UInt8]] = [[1, 2, 3], [], [4], [5, 6, 7, 8, 9, 10, 11], [12, 13]]
        for piece in pieces {
            let isTaken = queue.add(piece, at: .now)
            #expect(isTaken)
        }
        var all: [UInt8] = []
        while queue.count > 0 { all += Self.read(&queue, size).1 }
        #expect(all == Array(1...13))
        #expect(Self.read(&queue, size).0 == .nothing)
        queue.finish()
        #expect(Self.read(&queue, size).0 == .finished)
    }

    @Test("are at most so many: the piece that is too much breaks the stream, and what waited is dropped")
    func bound() {
        var queue = StreamQueue(bytesMax: 10)
        let taken = [10, 1, 1].map { queue.add([UInt8](repeating: 0, count: $0), at: .now) }
        #expect(taken == [true, false, false])
        #expect(queue.count == 0)
        #expect(Self.read(&queue, 5).0 == .broken)
    }

    @Test("are stalled from when they came, or were last read, and never while there are none")
    func stalling() {
        var queue = StreamQueue(bytesMax: 10)
        let start = ContinuousClock.now
        #expect(!queue.isStalled(for: .seconds(1), at: start + .seconds(100)))
        _ = queue.add([1, 2], at: start)
        #expect(!queue.isStalled(for: .seconds(1), at: start + .seconds(1)))
        #expect(queue.isStalled(for: .seconds(1), at: start + .seconds(2)))
        _ = Self.read(&queue, 2)
        #expect(!queue.isStalled(for: .seconds(1), at: start + .seconds(100)))
    }
}
