import Documents
import Foundation
import ModelService
import MongoTesting
import Testing
import Threading

@testable import Tare

/// MongoDB stops, dies and comes back under a server.
@Suite(
    "A server whose MongoDB is away", .enabled(if: MongoServer.canStart, "\(MongoServer.noneToKill)"), .serialized,
    .timeLimit(.minutes(40)))
struct AwayServerTests {
    private static let rows = Fish.rows(160).map { $0.document(.fish) }

    private func server(_ folder: URL, _ database: MongoServer, _ options: [String] = []) throws -> LiveServer {
        try LiveServer(
            folder: folder,
            ["--store", "\(database.uri)/tare.rows", "--journal", folder.appending(path: "journal").path] + options)
    }

    /// Counted one by one: what MongoDB remembers as their number is wrong after a kill.
    private func stored(_ database: MongoServer) throws -> Int {
        let reply = try MongoShell(uri: database.uri, database: "tare").run([
            "count": "rows", "query": ["_id": ["$gt": ""]],
        ])
        return Int(reply["n"]?.integer ?? -1)
    }

    private func awaitReady(_ server: LiveServer) throws {
        try waitUntil { try server.get("/readyz").document?["status"] == "ready" }
        #expect(try server.get("/readyz").document?["status"] == "ready")
    }

    @Test(
        "with a database that hangs, a hundred at once are all answered within three seconds, and each row is kept once"
    )
    func hangs() throws {
        try withLiveFolder { folder in
            let database = try MongoServer()
            let server = try server(folder, database)
            try server.record([Self.rows[100]])
            try database.freeze()
            let slowest = Lock(Duration.zero)
            let statuses = Lock<[Int]>([])
            let port = server.port
            let clients = (0..<100).map { number in
                Thread {
                    let start = ContinuousClock.now
                    let answer = try? KeptConnection(port: port).post("/observations", Self.rows[number].compact)
                    let took = ContinuousClock.now - start
                    slowest.withLock { $0 = max($0, took) }
                    statuses.withLock { $0.append(answer?.status ?? 0) }
                }
            }
            for client in clients { client.start() }
            for client in clients { while !client.isFinished { usleep(1000) } }
            // The deadline is looked at ten times a second.
            #expect(slowest.withLock { $0 } < .milliseconds(3500))
            let given = statuses.withLock { $0 }
            #expect(given.count == 100 && given.allSatisfy { [200, 503].contains($0) }, "\(given)")
            database.thaw()
            // Those that got 503 come again, as a sink sends them.
            for row in Self.rows.prefix(100) { try server.record([row]) }
            try awaitReady(server)
            try waitUntil { try stored(database) >= 101 }
            #expect(try stored(database) == 101)
        }
    }

    @Test("rows that were acknowledged while it was away outlive a kill of the server, and reach the database once")
    func killed() throws {
        try withLiveFolder { folder in
            let database = try MongoServer()
            var server = try server(folder, database)
            for row in Self.rows.prefix(20) { try server.record([row]) }
            database.kill()
            for row in Self.rows[20..<60] { try server.record([row]) }
            let readiness = try server.get("/readyz")
            #expect(readiness.document?["status"] == "degraded")
            #expect(readiness.document?["journal"]?["rows"] == 40)
            #expect(try server.post("/train").status == 503)
            #expect(try server.get("/prediction?length=95&height=18&species=salmon").status == 200)
            server.kill()
            server = try self.server(folder, database)
            for row in Self.rows[60..<80] { try server.record([row]) }
            try database.start()
            try waitUntil { try server.get("/readyz").document?["journal"]?["rows"] == 0 }
            for row in Self.rows[80..<90] { try server.record([row]) }
            try awaitReady(server)
            try waitUntil { try stored(database) >= 90 }
            #expect(try stored(database) == 90)
            #expect(try server.post("/train").status == 200)
        }
    }

    @Test("that it is away is told once when that begins and once when it is over; without a journal rows get 503")
    func toldOnce() throws {
        try withLiveFolder { folder in
            let database = try MongoServer()
            let server = try server(folder, database, ["--journal-mb-max", "0"])
            try server.record([Self.rows[0]])
            database.kill()
            for row in Self.rows.prefix(3) { #expect(try server.post("/observations", row.compact).status == 503) }
            try database.start()
            try waitUntil { try server.post("/observations", Self.rows[1].compact).status == 200 }
            try awaitReady(server)
            let log = server.stop().errors.split(separator: "\n")
            #expect(log.count { $0.contains("the store of rows has a fault") } == 1, "\(log)")
            #expect(log.count { $0.contains("the store of rows is as it should be again") } == 1, "\(log)")
        }
    }
}
