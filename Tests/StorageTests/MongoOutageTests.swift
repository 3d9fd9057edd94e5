import Documents
import Foundation
import ModelService
import MongoTesting
import Testing
import Threading

@testable import Storage

/// A database that is away, hangs or dies. Each test has a server of its own.
@Suite(.enabled(if: MongoServer.canStart, "\(MongoServer.noneToKill)"), .serialized, .timeLimit(.minutes(40)))
struct MongoOutageTests {
    /// Every call that there is, so that none is forgotten.
    private static let calls: [@Sendable (any Store) throws -> Void] = [
        { _ = try $0.record(Sample.rows([1])) }, { _ = try $0.newest(50) }, { try $0.check() },
    ]

    private func expectUnavailable(_ store: any Store, times: Int = 2) {
        for _ in 0..<times {
            for call in Self.calls {
                let error = #expect(throws: StoreError.self) { try call(store) }
                #expect(error?.kind == .unavailable, "\(error?.description ?? "")")
            }
        }
    }

    /// Calls until one succeeds, as a client would.
    private func awaitRecovery(_ store: any Store) throws {
        for _ in 0..<30 {
            do { return try store.check() } catch { #expect(error.kind == .unavailable) }
        }
        try store.check()
    }

    @Test("a store opens without its database, says so, and works once it is there")
    func downAtStart() throws {
        let server = try MongoServer(startsNow: false)
        try MongoFixture(uri: server.uri).withStore { store throws in
            expectUnavailable(store)
            try server.start()
            try awaitRecovery(store)
            #expect(try store.record(Sample.rows(0..<10)).newCount == 10)
            #expect(try store.newest(1) == Sample.rows([9]))
        }
    }

    @Test("a frozen database is unavailable, and works once it goes on")
    func frozen() throws {
        let server = try MongoServer()
        try MongoFixture(uri: server.uri).withStore { store throws in
            #expect(try store.record(Sample.rows(0..<10)).newCount == 10)
            for _ in 0..<2 {
                try server.freeze()
                expectUnavailable(store, times: 3)
                server.thaw()
                try awaitRecovery(store)
                // Also the row whose writing was cut short comes out once.
                #expect(try store.record(Sample.rows(0..<10)).newCount == 0)
                #expect(try store.newest(50).count == 10)
            }
        }
    }

    @Test("a database that is restarted is found again")
    func restarted() throws {
        let server = try MongoServer()
        try MongoFixture(uri: server.uri).withStore { store throws in
            #expect(try store.record(Sample.rows(0..<10)).newCount == 10)
            server.kill()
            expectUnavailable(store)
            try server.start()
            try awaitRecovery(store)
            #expect(try store.newest(50).count == 10)
        }
    }

    @Test("what was recorded survives the death of the server, and the rest may be sent again")
    func killedWhileRecording() throws {
        let server = try MongoServer()
        try MongoFixture(uri: server.uri).withStore { store throws in
            let batches = (0..<2000).map { Sample.rows($0 * 5..<$0 * 5 + 5) }
            let acknowledged = Lock(0)
            let writer = Thread {
                for batch in batches {
                    guard (try? store.record(batch).newCount) == batch.count else { return }
                    acknowledged.withLock { $0 += 1 }
                }
            }
            writer.start()
            while acknowledged.withLock({ $0 }) < 100, !writer.isFinished { usleep(1000) }
            server.kill()
            while !writer.isFinished { usleep(1000) }
            let count = acknowledged.withLock { $0 }
            #expect((100..<2000).contains(count))

            try server.start()
            try awaitRecovery(store)
            #expect(try store.record(batches[..<count].flatMap { $0 }).newCount == 0)
            #expect(try store.record(batches[count]).newCount <= batches[count].count)
            #expect(try store.newest(20_000).count == (count + 1) * 5)
        }
    }

    @Test("a replica set is found by its name, and writes reach the majority")
    func replicaSet() throws {
        let server = try MongoServer(replicaSet: "rs0")
        let fixture = MongoFixture(uri: server.uri + "/?replicaSet=rs0")
        try fixture.withStore { store throws in
            #expect(try store.record(Sample.rows(0..<10)).newCount == 10)
            #expect(try store.record(Sample.rows(0..<11)).newCount == 1)
            #expect(try store.newest(1) == Sample.rows([10]))
            // A primary that steps down is away for a moment, and then back.
            try fixture.shell.run(["ping": 1])
            try MongoShell(uri: server.uri, database: "admin").run(["replSetStepDown": 1, "force": true])
            try awaitPrimary(store)
            #expect(try store.record(Sample.rows(0..<12)).newCount == 1)
        }
    }

    private func awaitPrimary(_ store: any Store) throws {
        for _ in 0..<60 where (try? store.newest(1)) == nil || (try? store.record(Sample.rows([0]))) == nil { continue }
    }

    @Test("without the right to make an index the store works, and says so once; a wrong password is refused")
    func limitedUser() throws {
        let server = try MongoServer(options: ["--auth"])
        let admin = MongoShell(uri: server.uri, database: "admin")
        let lines = Lock<[String]>([])
        // Without any user yet, one may be made from this machine.
        try admin.run(["createUser": "root", "pwd": "root-s3cret", "roles": ["root"]])
        let root = MongoShell(
            uri: server.uri.replacing("mongodb://", with: "mongodb://root:root-s3cret@"), database: "admin")
        try root.run([
            "createRole": "writer", "roles": [],
            "privileges": [["resource": ["db": "", "collection": ""], "actions": ["find", "insert"]]],
        ])
        try root.run(["createUser": "writer", "pwd": "p@s3cret/", "roles": ["writer"]])

        let fixture = MongoFixture(uri: server.uri.replacing("mongodb://", with: "mongodb://writer:p%40s3cret%2F@"))
        try fixture.withStore(log: { line in lines.withLock { $0.append(line) } }) { store throws in
            for number in 0..<20 {
                #expect(try store.record(Sample.rows([number])).newCount == 1)
                #expect(try store.newest(1) == Sample.rows([number]))
            }
        }
        #expect(lines.withLock { $0.count } == 1)
        #expect(lines.withLock { $0[0].contains("not authorized") && !$0[0].contains("s3cret") })

        let wrong = MongoFixture(uri: server.uri.replacing("mongodb://", with: "mongodb://writer:other-s3cret@"))
        try wrong.withStore { store throws in
            let error = #expect(throws: StoreError.self) { try store.check() }
            #expect(error?.kind == .refused)
            #expect(error?.description.contains("s3cret") == false)
        }
    }
}
