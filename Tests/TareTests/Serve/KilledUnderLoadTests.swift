import Documents
import Foundation
import ModelService
import MongoTesting
import Testing
import Threading

@testable import EventProcessing
@testable import Tare

/// What several clients sent, and what they were told of it. Each sends again what was not answered, as a sink does.
private final class Ledger: Sendable {
    private struct State {
        var rowsBegun = 0
        var acknowledged: Set<Int> = []
        var windowsBegun = 0
        /// The answer to each trigger.
        var trained: [Int: [UInt8]] = [:]
    }

    private let state = Lock(State())

    func beginRow() -> Int {
        state.withLock { state in
            state.rowsBegun += 1
            return state.rowsBegun - 1
        }
    }

    func beginWindow() -> Int {
        state.withLock { state in
            state.windowsBegun += 1
            return state.windowsBegun - 1
        }
    }

    func acknowledge(_ row: Int) { _ = state.withLock { $0.acknowledged.insert(row) } }
    func note(_ window: Int, _ answer: [UInt8]) { state.withLock { $0.trained[window] = answer } }

    var rowsBegun: Int { state.withLock { $0.rowsBegun } }
    var acknowledged: [Int] { state.withLock { $0.acknowledged.sorted() } }
    var trained: [Int: [UInt8]] { state.withLock { $0.trained } }

    static func row(_ number: Int) -> JSON {
        var row = Fish.rows(23)[number % 23]
        row.identifier = "\(number)"
        row.timestamp = Timestamp(milliseconds: 1_623_245_000_000 + Int64(number) * 2000)
        return row.document(.fish)
    }

    static func trigger(_ window: Int) -> String {
        #"{"Species":["salmon"],"WindowStart":\#(window * 60_000),"WindowEnd":\#((window + 1) * 60_000)}"#
    }
}

/// One that sends on and on, through every life of the server.
private final class Client: Sendable {
    private let unanswered = Lock<Int?>(nil)
    private let send: @Sendable (Int, KeptConnection) throws -> Bool
    private let begin: @Sendable () -> Int

    init(begin: @escaping @Sendable () -> Int, send: @escaping @Sendable (Int, KeptConnection) throws -> Bool) {
        self.begin = begin
        self.send = send
    }

    /// Until the server is gone.
    func run(_ port: UInt16) {
        guard let connection = try? KeptConnection(port: port) else { return }
        while true {
            let number = unanswered.withLock { $0 } ?? begin()
            unanswered.withLock { $0 = number }
            guard let isAnswered = try? send(number, connection) else { return }
            if isAnswered { unanswered.withLock { $0 = nil } } else { usleep(10_000) }
        }
    }
}

@Suite("A server that is killed under load", .serialized, .timeLimit(.minutes(120)))
struct KilledUnderLoadTests {
    /// `make test-kill-serve` asks for 1,000.
    private static let kills = ProcessInfo.processInfo.environment["TARE_TEST_KILLS"].flatMap(Int.init) ?? 5
    /// `TARE_TEST_SEED` gives the moments of an earlier run again, as far as the machine does.
    private static let seed =
        ProcessInfo.processInfo.environment["TARE_TEST_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 0...UInt64.max)

    enum StoreKind: String, CaseIterable { case sqlite, mongo }

    private static func clients(_ ledger: Ledger) -> [Client] {
        let rows = (0..<4).map { _ in
            Client(begin: ledger.beginRow) { number, connection in
                let answer = try connection.post("/observations", Ledger.row(number).compact)
                if answer.status == 200 { ledger.acknowledge(number) }
                return answer.status == 200
            }
        }
        let trainer = Client(begin: ledger.beginWindow) { number, connection in
            let answer = try connection.post("/train", Ledger.trigger(number))
            let isDone = answer.status == 200 && answer.document?["status"] != "skipped"
            if isDone { ledger.note(number, answer.body) }
            return answer.status == 200
        }
        return rows + [trainer]
    }

    /// Lets the clients send until the server is killed.
    private func live(_ server: LiveServer, _ clients: [Client], microseconds: UInt32) {
        let port = server.port
        let threads = clients.map { client in Thread { client.run(port) } }
        for thread in threads { thread.start() }
        usleep(microseconds)
        server.kill()
        for thread in threads { while !thread.isFinished { usleep(1000) } }
    }

    @Test(
        "no row that was acknowledged is lost or doubled, answers to triggers hold, and all files are whole",
        arguments: StoreKind.allCases)
    func killed(kind: StoreKind) throws {
        guard kind == .sqlite || MongoServer.canStart else { return }
        print("the moments of this run: TARE_TEST_SEED=\(Self.seed)")
        var moments = Xoshiro256(seed: Self.seed)
        try withLiveFolder { folder in
            let database = kind == .mongo ? try MongoServer() : nil
            let store = database.map { ["--store", "\($0.uri)/tare.rows"] } ?? []
            let journal = ["--journal", "\(folder.path)/journal"]
            let options = store + journal + ["--gate", "off", "--keep", "20"]
            let ledger = Ledger()
            let clients = Self.clients(ledger)
            for life in 0..<Self.kills {
                // The database dies too, once in a while, and comes back in the next life.
                if life % 20 == 10 { database?.kill() }
                if life % 20 == 11 { try database?.start() }
                let server = try LiveServer(folder: folder, options)
                live(server, clients, microseconds: UInt32.random(in: 20_000...400_000, using: &moments))
            }
            if Self.kills % 20 == 11 { try database?.start() }
            try expectAllKept(ledger, LiveServer(folder: folder, options))
            let check = try TareProcess.run(
                ["check", "--models", "\(folder.path)/models"] + journal
                    + (store.isEmpty ? ["--store", "sqlite:\(folder.path)/rows.sqlite"] : store))
            #expect(check.status == 0 && check.output.contains("\(ledger.rowsBegun) rows"), "\(check.output)")
            let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/models")
            #expect(names.allSatisfy { !$0.hasSuffix(".partial") })
        }
    }

    private func expectAllKept(_ ledger: Ledger, _ server: LiveServer) throws {
        try waitUntil {
            let journal = try server.get("/readyz").document?["journal"]
            return journal == nil || journal?["rows"] == 0
        }
        let acknowledged = ledger.acknowledged
        var lost = 0
        for start in stride(from: 0, to: acknowledged.count, by: 1000) {
            let part = acknowledged[start..<min(start + 1000, acknowledged.count)]
            let answer = try server.post("/observations", JSON.array(part.map(Ledger.row)).compact).document
            lost += Int(answer?["recorded"]?.integer ?? Int64(part.count))
        }
        #expect(lost == 0)
        // Those that nobody acknowledged may be there or not; then there is each of them once.
        let rest = Set(0..<ledger.rowsBegun).subtracting(acknowledged).sorted()
        if !rest.isEmpty { try server.record(rest.map(Ledger.row)) }
        // The newest of the triggers are remembered.
        for (window, answer) in ledger.trained.sorted(by: { $0.key < $1.key }).suffix(50) {
            #expect(try server.post("/train", Ledger.trigger(window)).body == answer, "window \(window)")
        }
        print(
            "\(Self.kills) kills: \(acknowledged.count) rows acknowledged, \(ledger.trained.count) trainings, \(lost) lost"
        )
        #expect(server.stop().status == 0)
    }
}
