import Testing

@testable import HTTPServer

@Suite("The memory that requests hold")
struct MemoryBudgetTests {
    private static func client(_ number: UInt64) -> IPAddress { IPAddress("10.0.0.\(number)") ?? .unspecified }

    @Test("is counted for all and for each client, and given back to the byte")
    func counts() {
        var budget = MemoryBudget(bytesMax: 100, bytesPerClientMax: 60)
        #expect(budget.take(60, for: Self.client(1)) == nil)
        #expect(budget.take(1, for: Self.client(1)) == .client)
        #expect(budget.take(41, for: Self.client(2)) == .server)
        #expect(budget.take(40, for: Self.client(2)) == nil)
        #expect(budget.take(1, for: Self.client(3)) == .server)
        budget.giveBack(60, of: Self.client(1))
        #expect(budget.held == 40 && budget.heldByClient == [Self.client(2): 40])
        #expect(budget.take(60, for: Self.client(3)) == nil)
        budget.giveBack(60, of: Self.client(3))
        budget.giveBack(40, of: Self.client(2))
        #expect(budget.held == 0 && budget.heldByClient.isEmpty)
    }

    @Test("of more than any number of bytes is refused, and not added up beyond what a number can hold")
    func overflow() {
        var budget = MemoryBudget(bytesMax: 100, bytesPerClientMax: 100)
        #expect(budget.take(1, for: Self.client(1)) == nil)
        #expect(budget.take(.max, for: Self.client(1)) == .server)
        #expect(budget.held == 1)
    }

    @Test("is given back when the last who holds it lets go, and not before")
    func reservation() throws {
        let memory = RequestMemory(bytesMax: 100, bytesPerClientMax: 100)
        var first: MemoryReservation? = try memory.reserve(30, for: Self.client(1))
        let second = first
        try first?.grow(by: 50)
        #expect(throws: HTTPRefusal.self) { try second?.grow(by: 21) }
        #expect(memory.held == 80 && second?.count == 80)
        first = nil
        #expect(memory.held == 80)
        _ = consume second
        #expect(memory.held == 0)
    }

    @Test("that is used up is told once in a while, with how many requests it cost")
    func notices() {
        let memory = RequestMemory(bytesMax: 100, bytesPerClientMax: 50)
        let start = ContinuousClock.now
        #expect(memory.dueNotices(at: start).isEmpty)
        for _ in 0..<5 { _ = try? memory.reserve(101, for: Self.client(1)) }
        for _ in 0..<3 { _ = try? memory.reserve(51, for: Self.client(1)) }
        let told = memory.dueNotices(at: start)
        #expect(told.count == 2 && told[0].contains("429 to 3 requests") && told[1].contains("503 to 5 requests"))
        #expect(memory.dueNotices(at: start + .seconds(1)).isEmpty)
    }
}

@Suite("A server whose memory for requests is used up", .timeLimit(.minutes(40)))
struct MemoryLimitTests {
    private static func settings(_ bytes: Int) -> HTTPLimits {
        limits {
            $0.bufferedBytesMax = bytes
            $0.bodyBytesMax = 100_000
        }
    }

    @Test("by one address: 429 with Retry-After to it, and other addresses are served")
    func oneAddress() throws {
        let server = try TestServer(Self.settings(200_000))
        let unfinished = request(
            "POST /", headers: ["Content-Length: 100000"], body: String(repeating: "x", count: 90_000))
        // One whose bytes come after those of a whole request is refused itself, and holds nothing.
        var holders: [RawClient] = []
        let body = String(repeating: "x", count: 50_000)
        let whole = request("POST /", headers: ["Content-Length: \(body.count)"], body: body)
        #expect(
            eventually {
                guard let holder = try? server.client() else { return false }
                holders.append(holder)
                guard (try? holder.send(unfinished)) != nil, let answer = try? server.answer(to: whole) else {
                    return false
                }
                return answer.status == 429 && answer.isProblem && answer.headers["retry-after"] == "1"
            })
        let other = try server.client(source: 2)
        try other.send(whole)
        #expect(try other.answer().status == 200)
        #expect(eventually { server.warnings.lines.contains { $0.contains("429") && $0.contains("100000 bytes") } })
    }

    @Test("by answers that are not read: 503 with Retry-After, and room again once the clients are gone")
    func slowReaders() throws {
        let large = String(repeating: "x", count: 3_000_000)
        let server = try TestServer(limits { $0.bufferedBytesMax = 10_000_000 }) { request in
            .now(text(request.path == "/large" ? large : "small"))
        }
        // Each of another address, as one may hold half.
        var slow = try (1...3).map { try server.client(receiveBytes: 4096, source: UInt8($0)) }
        for client in slow { try client.send(request("GET /large")) }
        #expect(slow.allSatisfy { $0.hasAnswer(within: 20_000) })
        let refused = try server.client(source: 4)
        try refused.send(request("GET /large"))
        let answer = try refused.answer()
        #expect(answer.status == 503 && answer.isProblem && answer.headers["retry-after"] == "1")
        try refused.send(request("GET /small"))
        #expect(try refused.answer().text == "small")
        slow = []
        #expect(eventually { (try? server.answer(to: request("GET /large")))?.body.count == large.utf8.count })
    }

    @Test("answers that are kept anyway take none of it, however many do not read them")
    func shared() throws {
        let kept = HTTPResponse(status: 200, body: Array(repeating: 120, count: 3_000_000), isShared: true)
        let limits = limits { $0.bufferedBytesMax = 1000 }
        let memory = RequestMemory(limits)
        let server = try TestServer(limits, memory: memory) { _ in .now(kept) }
        let slow = try (0..<20).map { _ in try server.client(receiveBytes: 4096) }
        for client in slow { try client.send(request("GET /")) }
        #expect(slow.allSatisfy { $0.hasAnswer(within: 20_000) })
        #expect(memory.held == 0)
    }

    @Test(
        "announcing a body takes memory only as it comes",
        arguments: ["Content-Length: 8000000", "Transfer-Encoding: chunked"])
    func announced(header: String) throws {
        let memory = RequestMemory(HTTPLimits())
        let server = try TestServer(memory: memory)
        let client = try server.client()
        let (half, isChunked) = (String(repeating: "x", count: 4_000_000), header.hasPrefix("T"))
        let size = isChunked ? "3d0900\r\n" : ""
        try client.send(request("POST /", headers: [header], body: size + half))
        #expect(eventually { memory.held >= 4_000_000 })
        #expect(memory.held <= 4_100_000)
        try client.send((isChunked ? "\r\n" : "") + size + half + (isChunked ? "\r\n0\r\n\r\n" : ""))
        #expect(try client.answer().status == 200)
        #expect(eventually { memory.held == 0 })
    }

    @Test("a target has at most 256 parameters, as each takes more memory than its bytes", arguments: [256, 257])
    func parameters(count: Int) throws {
        let server = try TestServer()
        let client = try server.client()
        let query = Array(repeating: "a", count: count).joined(separator: "&")
        try client.send(request("GET /?\(query)"))
        #expect(try client.answer().status == (count <= 256 ? 200 : 400))
        try client.send(request("GET /"))
        #expect(try client.answer().status == 200)
    }
}
