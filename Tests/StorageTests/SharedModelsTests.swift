import Dispatch
import Documents
import Foundation
import ModelService
import MongoTesting
import Testing
import Threading

@testable import Storage

/// Several servers over one store of models.
@Suite(.timeLimit(.minutes(40))) struct SharedModelsTests {
    private func withServers(_ kind: ModelStoreKind, _ body: (Servers) throws -> Void) throws {
        try kind.withStores { open throws in
            try withoutActuallyEscaping(open) { open in
                let servers = Servers(open)
                defer { servers.end() }
                try body(servers)
            }
        }
    }

    @Test("a swap and a rollback reach every server", arguments: ModelStoreKind.available)
    func follow(kind: ModelStoreKind) throws {
        try withServers(kind) { servers in
            let initial = try ModelVersion.sample(0)
            let (left, right) = (try servers.start(initial: initial), try servers.start(initial: initial))
            guard case .retrained(let model) = left.train(.window(1)) else {
                Issue.record("not retrained")
                return
            }
            #expect(model.parent == initial.version)
            #expect(right.serves(model.version))
            _ = try right.activate(initial.version)
            #expect(right.current?.model == initial)
            #expect(left.serves(initial.version))
        }
    }

    @Test("a server that starts fresh takes the current model, not its own", arguments: ModelStoreKind.available)
    func fresh(kind: ModelStoreKind) throws {
        try withServers(kind) { servers in
            let first = try servers.start(initial: try ModelVersion.sample(0))
            let (older, newer) = (first.train(.window(1)), first.train(.window(2)))
            guard case .retrained(let model) = older, case .retrained = newer else {
                Issue.record("not retrained")
                return
            }
            _ = try first.activate(model.version)
            let other = try ModelVersion.sample(86_400)
            #expect(try servers.start(initial: other, follows: false).current?.model == model)
            #expect(try servers.start(follows: false).current?.model == model)
        }
    }

    @Test(
        "a trigger that every server gets trains once, and all give the same answer",
        arguments: ModelStoreKind.available)
    func once(kind: ModelStoreKind) throws {
        try withServers(kind) { servers in
            let all = try (0..<3).map { _ in try servers.start(follows: false) }
            for window in 1...5 {
                let answers = Lock<[JSON?]>([])
                DispatchQueue.concurrentPerform(iterations: 6) { number in
                    let answer = all[number % 3].train(.window(window)).answer
                    answers.withLock { $0.append(answer) }
                }
                let given = answers.withLock { $0 }
                #expect(given.count == 6 && given[0]?["status"] == "retrained")
                #expect(given.allSatisfy { $0 == given[0] }, "\(given)")
            }
            #expect(try all[0].versions(before: nil, limit: 99).count == 5)
        }
    }

    @Test(
        "trainings of several servers form one chain: each model's parent is the one before it",
        arguments: ModelStoreKind.available)
    func chain(kind: ModelStoreKind) throws {
        try withServers(kind) { servers in
            let all = try (0..<3).map { _ in try servers.start() }
            DispatchQueue.concurrentPerform(iterations: 12) { number in
                _ = all[number % 3].train(.window(number))
            }
            let versions = try all[0].versions(before: nil, limit: 99)
            let models = try versions.compactMap { try all[0].version($0) }
            #expect(models.count >= 3 && models.last?.parent == nil)
            #expect(models.dropLast().map(\.parent) == versions.dropFirst().map { $0 })
            #expect(all.allSatisfy { $0.serves(versions[0]) })
        }
    }

    @Test(
        "while the database is away what is served goes on, and afterwards all is as before",
        .enabled(if: MongoServer.canStart, "\(MongoServer.noneToKill)"))
    func outage() throws {
        let server = try MongoServer(startsNow: false)
        let fixture = MongoFixture(uri: server.uri)
        try ModelStoreKind.lend(.mongo(fixture.location)) { open throws in
            try withoutActuallyEscaping(open) { open in
                let servers = Servers(open)
                defer { servers.end() }
                let initial = try ModelVersion.sample(0)
                // Away at the start: the initial model serves, and is proposed once the database is there.
                let service = try servers.start(initial: initial)
                #expect(service.current?.model == initial)
                #expect(service.train(.window(1)).answer == nil)
                try server.start()
                #expect(service.serves(initial.version))
                var outcome = service.train(.window(1))
                for _ in 0..<100 where outcome.answer == nil { outcome = service.train(.window(1)) }
                let answer = try #require(outcome.answer)
                server.kill()
                guard case .storeFailed(let error) = service.train(.window(2)) else {
                    Issue.record("trained without a database")
                    return
                }
                #expect(error.kind == .unavailable)
                #expect(service.train(.window(1)).answer == answer)
                for _ in 0..<3000 where service.modelsFault == nil { usleep(10_000) }
                #expect(service.modelsFault?.contains("127.0.0.1") == true)
                #expect(throws: StoreError.self) { try service.activate(initial.version) }
                #expect(service.current?.model.version == answer["version"]?.text)
                try server.start()
                for _ in 0..<100 where service.train(.window(2)).answer == nil {}
                #expect(service.train(.window(2)).answer?["status"] == "retrained")
                for _ in 0..<3000 where service.modelsFault != nil { usleep(10_000) }
                #expect(service.modelsFault == nil)
                #expect(try servers.start(follows: false).current?.model.version == service.current?.model.version)
            }
        }
    }
}
