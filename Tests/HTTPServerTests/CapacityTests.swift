import Testing

@testable import HTTPServer

/// Under TLS a connection beyond the limit is closed without an answer: `TLSTests.tooMany`.
@Suite(
    "A server with as many connections as it may have", .enabled(if: TestServer.everywhere == nil, "this is TLS"),
    .timeLimit(.minutes(40)))
struct CapacityTests {
    @Test("from one address: answers a further one 429 at once, and closes it", arguments: [false, true])
    func oneAddress(asks: Bool) throws {
        let server = try TestServer(limits { $0.connectionsPerAddressMax = 3 })
        let clients = try connected(3, to: server)
        let refused = try server.client()
        if asks { try refused.send(request("GET /")) }
        try expectRefusal(refused, status: 429)
        try expectService(clients)
        // Another address has its own count.
        let other = try server.client(source: 2)
        try other.send(request("GET /"))
        #expect(try other.answer().status == 200)
    }

    @Test("from two addresses: a third one is answered 503 at once, from each number of threads", arguments: [1, 2, 3])
    func twoAddresses(threads: Int) throws {
        let server = try TestServer(
            threads: threads,
            limits {
                $0.connectionsMax = 8
                $0.connectionsPerAddressMax = 4
            })
        let clients = try connected(4, to: server) + connected(4, to: server, source: 2)
        for _ in 0..<20 { try expectRefusal(try server.client(source: 3), status: 503) }
        try expectService(clients)
    }

    @Test("as the limits stand: the 401st of an address gets 429, the 801st of all gets 503")
    func defaultLimits() throws {
        let server = try TestServer()
        let clients = try connected(400, to: server)
        try expectRefusal(try server.client(), status: 429)
        let others = try connected(400, to: server, source: 2)
        try expectRefusal(try server.client(source: 3), status: 503)
        try expectService(clients + others)
    }

    @Test("has room again as soon as one goes")
    func room() throws {
        let server = try TestServer(limits { $0.connectionsPerAddressMax = 3 })
        var clients = try connected(3, to: server)
        try expectRefusal(try server.client(), status: 429)
        clients.removeLast()
        #expect(eventually { (try? server.answer(to: request("GET /")).status) == 200 })
    }

    @Test("is not filled by those that it refuses and that do not go")
    func stubborn() throws {
        let server = try TestServer(limits { $0.connectionsPerAddressMax = 2 })
        let clients = try connected(2, to: server)
        let refused = try (0..<300).map { _ in try server.client() }
        let other = try server.client(source: 2)
        try other.send(request("GET /"))
        #expect(try other.answer().status == 200)
        for client in refused { #expect(client.isClosedInTheEnd()) }
        try expectService(clients)
    }

    @Test("says so once, with how many it turned away, and not for each")
    func notice() throws {
        let server = try TestServer(limits { $0.connectionsPerAddressMax = 1 })
        let clients = try connected(1, to: server)
        for _ in 0..<50 { try expectRefusal(try server.client(), status: 429) }
        #expect(eventually { server.warnings.lines.contains { $0.contains("with the answer 429") } })
        #expect(server.warnings.lines.count == 1)
        try expectService(clients)
    }

    @Test("of a crowd answers some and closes the others at once, and counts each")
    func crowd() throws {
        let server = try TestServer(limits { $0.connectionsPerAddressMax = 1 })
        let clients = try connected(1, to: server)
        let crowd = try (0..<Self.crowdCount).map { _ in try server.client() }
        func turnedAway(_ counts: HTTPStatistics.Counts) -> (answered: Int, closed: Int) {
            (counts.refusals[429] ?? 0, counts.closes[.excess] ?? 0)
        }
        #expect(
            eventually {
                let (answered, closed) = turnedAway(server.statistics.counts)
                return answered + closed == Self.crowdCount
            })
        let (answered, closed) = turnedAway(server.statistics.counts)
        #expect(answered >= Acceptor.answersAtOnce)
        #expect(closed > 0)
        for client in crowd { #expect(client.isClosedInTheEnd()) }
        try expectService(clients)
    }

    /// More than are answered in the time in which they come, on a slow machine too.
    private static let crowdCount = 900

    /// Connections that have each been answered once.
    private func connected(_ count: Int, to server: TestServer, source: UInt8 = 1) throws -> [RawClient] {
        try (0..<count).map { _ in
            let client = try server.client(source: source)
            try client.send(request("GET /"))
            #expect(try client.answer().status == 200)
            return client
        }
    }

    private func expectRefusal(_ client: RawClient, status: Int) throws {
        let answer = try client.answer()
        #expect(answer.status == status)
        #expect(answer.isProblem)
        #expect(answer.headers["retry-after"] == "1")
        #expect(answer.headers["connection"] == "close")
        #expect(client.isClosed())
    }

    private func expectService(_ clients: [RawClient]) throws {
        for client in clients {
            try client.send(request("GET /"))
            #expect(try client.answer().status == 200)
        }
    }
}

@Suite("A notice of what happens often")
struct RepeatedNoticeTests {
    @Test("comes at once, then not for ten seconds, then with what came meanwhile")
    func pauses() {
        let start = ContinuousClock.now
        var notice = RepeatedNotice()
        #expect(notice.due(at: start) == nil)
        notice.note()
        notice.note()
        #expect(notice.due(at: start)! == (2, 2))
        notice.note()
        #expect(notice.due(at: start + .seconds(9.9)) == nil)
        #expect(notice.due(at: start + .seconds(10))! == (1, 3))
        #expect(notice.due(at: start + .seconds(30)) == nil)
    }
}
