import Testing
import Threading

@testable import HTTPServer

@Suite("Large bodies share what may come in a second")
struct UploadPaceTests {
    private static let turn = UploadPace<String>.turnBytes

    @Test("four turns come at once, the others as time goes, in the order in which they were asked for")
    func order() {
        let start = ContinuousClock.now
        var pace = UploadPace<String>(bytesPerSecond: 10 * Self.turn, at: start)
        var taken: [Bool] = []
        for _ in 0..<5 { taken.append(pace.takeTurn(at: start)) }
        #expect(taken == [true, true, true, true, false])
        #expect(pace.nextTurn == nil)
        for name in ["a", "b", "c"] { pace.wait(name) }
        let early = pace.next(at: start + .milliseconds(90))
        #expect(early == nil)
        #expect(pace.nextTurn.map { $0 - start } ?? .zero >= .milliseconds(99))
        let now = start + .milliseconds(101)
        let first = [pace.next(at: now), pace.next(at: now)]
        #expect(first == ["a", nil])
        let later = start + .milliseconds(401)
        let others = [pace.next(at: later), pace.next(at: later), pace.next(at: later)]
        #expect(others == ["b", "c", nil])
        #expect(pace.nextTurn == nil)
    }

    @Test("nobody takes a turn before those that wait")
    func fair() {
        let start = ContinuousClock.now
        var pace = UploadPace<String>(bytesPerSecond: 10 * Self.turn, at: start)
        while pace.takeTurn(at: start) {}
        pace.wait("a")
        let isTaken = pace.takeTurn(at: start + .seconds(1))
        #expect(!isTaken)
        let due = pace.next(at: start + .seconds(1))
        #expect(due == "a")
        let isTakenThen = pace.takeTurn(at: start + .seconds(1))
        #expect(isTakenThen)
    }

    @Test("a long quiet time is worth no more than four turns")
    func bounded() {
        let start = ContinuousClock.now
        var pace = UploadPace<String>(bytesPerSecond: 1_000_000_000, at: start)
        let later = start + .seconds(3600)
        var taken = 0
        while pace.takeTurn(at: later) { taken += 1 }
        #expect(taken == 4)
    }

    @Test("eight bodies at a time go on without a turn, and the next once one of these has ended")
    func advances() {
        var pace = UploadPace<String>(bytesPerSecond: 10 * Self.turn, at: .now)
        var taken: [Bool] = []
        for _ in 0..<9 { taken.append(pace.takeAdvance()) }
        #expect(taken == Array(repeating: true, count: 8) + [false])
        pace.returnAdvance()
        let next = [pace.takeAdvance(), pace.takeAdvance()]
        #expect(next == [true, false])
    }
}

@Suite("Uploads of large bodies", .timeLimit(.minutes(40)))
struct UploadTests {
    private static func count(_ request: HTTPRequest) -> HTTPReply {
        let sum = request.body.reduce(UInt64(0)) { $0 &* 31 &+ UInt64($1) }
        return .now(text("\(request.body.count) \(sum)"))
    }

    private static func body(_ count: Int) -> String {
        String(decoding: (0..<count).map { UInt8(97 + ($0 &* 7919) % 26) }, as: UTF8.self)
    }

    @Test("one that waits for its turn keeps nobody else waiting, and the server can be stopped meanwhile")
    func othersGoOn() throws {
        let uploaded = Lock(0)
        // A turn comes after 18 hours.
        let slow = limits {
            $0.uploadBytesPerSecondMax = 1
            $0.graceSecondsMax = 1
        }
        let server = try TestServer(threads: 1, slow) { request in
            if !request.body.isEmpty { uploaded.withLock { $0 += 1 } }
            return .now(text("\(request.body.count)"))
        }
        let body = Self.body(1 << 20)
        let sent = request("POST /", headers: ["Content-Length: \(body.utf8.count)"], body: body)
        let uploads = try (0..<4).map { _ in try Thread { try? server.client().send(sent) } }
        let other = try server.client()
        for _ in 0..<50 {
            try other.send(request("GET /"))
            #expect(try other.answer().text == "0")
        }
        #expect(uploaded.withLock { $0 } == 0)
        server.server.stop()
        for upload in uploads { upload.join() }
    }

    @Test("a body of a usual size waits for nobody, on one connection after another and behind one that broke off")
    func usual() throws {
        // A turn comes after 18 hours.
        let server = try TestServer(threads: 1, limits { $0.uploadBytesPerSecondMax = 1 }, handler: Self.count)
        let body = Self.body(200_000)
        let expected = "\(body.utf8.count) \(body.utf8.reduce(UInt64(0)) { $0 &* 31 &+ UInt64($1) })"
        let sent = request("POST /", headers: ["Content-Length: \(body.utf8.count)"], body: body)
        for _ in 0..<12 {
            try server.client().send(String(sent.prefix(100_000)))
            let client = try server.client()
            for _ in 0..<3 {
                try client.send(sent)
                #expect(try client.answer().text == expected)
            }
        }
    }

    @Test("every byte arrives, whoever waits for a turn", arguments: [false, true])
    func whole(isChunked: Bool) throws {
        let server = try TestServer(
            limits { $0.uploadBytesPerSecondMax = 10 << 20 }, handler: Self.count)
        let body = Self.body(700_000)
        let expected = "\(body.utf8.count) \(body.utf8.reduce(UInt64(0)) { $0 &* 31 &+ UInt64($1) })"
        let sent =
            isChunked
            ? request(
                "POST /", headers: ["Transfer-Encoding: chunked"],
                body: stride(from: 0, to: 700_000, by: 7000).map { start in
                    "1b58\r\n" + body.dropFirst(start).prefix(7000) + "\r\n"
                }.joined() + "0\r\n\r\n")
            : request("POST /", headers: ["Content-Length: \(body.utf8.count)"], body: body)
        let workers = try (0..<6).map { _ in
            try Thread {
                guard let client = try? server.client() else { return }
                for _ in 0..<3 {
                    try? client.send(sent)
                    #expect((try? client.answer().text) == expected)
                }
            }
        }
        for worker in workers { worker.join() }
    }

    @Test("those that break off while they wait take no turn, and the others' bytes all arrive")
    func brokenOff() throws {
        let server = try TestServer(
            limits { $0.uploadBytesPerSecondMax = 2 << 20 }, handler: Self.count)
        let body = Self.body(900_000)
        let sent = request("POST /", headers: ["Content-Length: \(body.utf8.count)"], body: body)
        let half = String(sent.prefix(sent.utf8.count / 2))
        let expected = "\(body.utf8.count) \(body.utf8.reduce(UInt64(0)) { $0 &* 31 &+ UInt64($1) })"
        let workers = try (0..<8).map { number in
            try Thread {
                for _ in 0..<5 {
                    guard let client = try? server.client() else { continue }
                    if number < 6 {
                        try? client.send(half)
                        if number % 2 == 0 { client.resetOnClose() }
                    } else {
                        try? client.send(sent)
                        #expect((try? client.answer().text) == expected)
                    }
                }
            }
        }
        for worker in workers { worker.join() }
        let other = try server.client()
        try other.send(request("GET /"))
        #expect(try other.answer().text == "0 0")
    }
}
