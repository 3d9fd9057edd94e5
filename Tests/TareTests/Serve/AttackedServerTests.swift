import Documents
import Foundation
import Glibc
import Synchronization
import Testing
import Threading

@testable import Tare

/// Each attack meets a real process; `make attack` has more of each, against a release build, and prints figures.
@Suite(
    "A server that is attacked stays within its memory, and serves a client that behaves well", .serialized,
    .timeLimit(.minutes(40)))
struct AttackedServerTests {
    /// A program that a sanitizer watches takes several times as much, and is watched for other things.
    private static let megabytes =
        ProcessInfo.processInfo.environment["ASAN_OPTIONS"] == nil ? MemoryPlan.megabytesDefault : .max
    private static let row =
        #"{"Species":"salmon","Length":95,"Height":18,"ActualWeight":4.9,"Timestamp":1623245967971"#

    enum Attack: CaseIterable {
        case emptyRows, oneWideRow, species, largeIdentifiers, slowReaders, connections, brokenUploads
    }

    @Test("whatever comes", arguments: Attack.allCases)
    func one(attack: Attack) throws {
        try withLiveFolder { folder in
            let server = try LiveServer(folder: folder, ["--rows", "auto"])
            try beside(server) { Self.run(attack, on: server.port) }
            #expect(server.peakMegabytes <= Self.megabytes)
            #expect(server.stop().status == 0)
        }
    }

    @Test("one attack after the other, then all at once")
    func all() throws {
        try withLiveFolder { folder in
            let server = try LiveServer(folder: folder, ["--rows", "auto"])
            let port = server.port
            try beside(server) {
                for attack in Attack.allCases { Self.run(attack, on: port) }
                Self.together(Attack.allCases.count) { Self.run(Attack.allCases[$0], on: port) }
            }
            #expect(server.peakMegabytes <= Self.megabytes)
            #expect(server.stop().status == 0)
        }
    }

    // MARK: - The client that behaves well

    /// Asks for predictions on a connection that it has, from an address of its own, until the attack is over.
    private func beside(_ server: LiveServer, _ attack: () -> Void) throws {
        let good = try KeptConnection(port: server.port, source: 2)
        let (isOver, done) = (Flag(), DispatchSemaphore(value: 0))
        let delays = Lock<[Duration]>([])
        let failures = Atomic(0)
        let ask = UncheckedBox {
            while !isOver.isSet {
                let start = ContinuousClock.now
                let answer = try? good.send(
                    "GET /prediction?length=95&height=18&species=salmon HTTP/1.1\r\nHost: h\r\n\r\n")
                if answer?.status != 200 { failures.add(1, ordering: .relaxed) }
                delays.withLock { $0.append(.now - start) }
                usleep(2000)
            }
            done.signal()
        }
        Thread.detachNewThread { ask.value() }
        defer {
            isOver.set()
            done.wait()
            let sorted = delays.withLock { $0.sorted() }
            #expect(failures.load(ordering: .relaxed) == 0)
            #expect(sorted[sorted.count * 99 / 100] < .seconds(2), "of \(sorted.count) requests")
        }
        attack()
    }

    // MARK: - The attacks

    private static func run(_ attack: Attack, on port: UInt16) {
        switch attack {
        case .emptyRows:
            let count = 1_000_000
            let array = "[" + String(repeating: "{},", count: count - 1) + "{}]"
            let lines = String(repeating: "{}\n", count: count)
            post(
                [("/observations", array), ("/prediction", array), ("/train", array), ("/observations", lines)],
                to: port)
        case .oneWideRow:
            let members = "{" + (0..<200_000).map { "\"m\($0)\":0" }.joined(separator: ",") + "}"
            let values = #"{"a":["# + String(repeating: "0,", count: 2_000_000) + "0]}"
            post(["/observations", "/prediction", "/train"].flatMap { [($0, members), ($0, values)] }, to: port)
        case .species:
            let rows = (0..<4000).map { #"\#(row.replacing("salmon", with: "kind \($0)")),"Fish_Id":"\#($0)"}"# }
            post([("/observations", "[\(rows.joined(separator: ","))]"), ("/train?force=true", "{}")], to: port)
        case .largeIdentifiers:
            let long = String(repeating: "x", count: 50_000)
            let body =
                "[" + Array(repeating: "\(row),\"Fish_Id\":\"\(long)\"}", count: 100).joined(separator: ",") + "]"
            post([("/observations", body), ("/prediction", body), ("/prediction", body)], to: port)
        case .slowReaders: readSlowly(from: port)
        case .connections: connect(10_000, to: port)
        case .brokenUploads: breakOff(300, to: port)
        }
    }

    /// Sends all bodies at the same time. That a refused one is closed in the middle is no failure.
    private static func post(_ requests: [(path: String, body: String)], to port: UInt16) {
        together(requests.count) { number in
            let (path, body) = requests[number]
            guard let answer = try? KeptConnection(port: port, source: 10).post(path, body) else { return }
            #expect([200, 400, 413, 422, 429, 503].contains(answer.status), "\(path): \(answer.status)")
            #expect(path == "/prediction" || answer.body.count < 200_000, "\(path)")
            if answer.status == 429 || answer.status == 503 { #expect(answer.headers["retry-after"] != nil) }
        }
    }

    private static func readSlowly(from port: UInt16) {
        let rows = "[" + Array(repeating: "\(row)}", count: 2000).joined(separator: ",") + "]"
        let clients = (0..<796).compactMap { number in
            try? KeptConnection(port: port, source: UInt8(20 + number / 200), receiveBytes: 2048)
        }
        #expect(clients.count == 796)
        for (number, client) in clients.enumerated() {
            let post =
                "POST /prediction?explain=true HTTP/1.1\r\nHost: h\r\nContent-Length: \(rows.utf8.count)\r\n\r\n\(rows)"
            try? client.begin(number % 16 == 0 ? post : "GET /openapi.yaml HTTP/1.1\r\nHost: h\r\n\r\n")
        }
        // Once the last are answered, all that this makes the server keep is there.
        _ = try? clients.last?.answer()
    }

    private static func connect(_ count: Int, to port: UInt16) {
        var limit = rlimit()
        unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = limit.rlim_max
        unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let room = min(count, Int(limit.rlim_cur) - 1000)
        let clients = (0..<room).compactMap { try? KeptConnection(port: port, source: UInt8(50 + $0 % 100)) }
        #expect(clients.count > room / 2)
        for client in clients.prefix(900) { try? client.begin("GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n") }
    }

    /// Some break off at once, the others stay until all have come.
    private static func breakOff(_ count: Int, to port: UInt16) {
        let part = String(repeating: "x", count: 300_000)
        var held: [KeptConnection] = []
        for number in 0..<count {
            guard let client = try? KeptConnection(port: port, source: UInt8(150 + number % 4)) else { continue }
            try? client.begin("POST /observations HTTP/1.1\r\nHost: h\r\nContent-Length: 8000000\r\n\r\n\(part)")
            if number % 2 == 0 { held.append(client) }
        }
        #expect(!held.isEmpty)
    }

    private static func together(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        let group = DispatchGroup()
        for number in 0..<count {
            group.enter()
            Thread.detachNewThread {
                body(number)
                group.leave()
            }
        }
        group.wait()
    }
}

private final class Flag: Sendable {
    private let value = Atomic(false)
    var isSet: Bool { value.load(ordering: .relaxed) }
    func set() { value.store(true, ordering: .relaxed) }
}

/// A closure for one other thread.
private struct UncheckedBox: @unchecked Sendable {
    let value: () -> Void

    init(_ value: @escaping () -> Void) { self.value = value }
}
