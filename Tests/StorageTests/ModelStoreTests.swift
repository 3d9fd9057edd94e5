import Dispatch
import Documents
import Foundation
import ModelService
import MongoTesting
import Synchronization
import Testing
import Threading

@testable import Storage

/// What every store of models must do.
@Suite struct ModelStoreTests {
    @Test("an empty store answers, with nothing", arguments: ModelStoreKind.available)
    func empty(kind: ModelStoreKind) throws {
        try kind.withStores { open throws in
            let store = try open()
            #expect(try store.versions(before: nil, limit: .max).isEmpty)
            #expect(try store.model("20210609T133927971Z-00000000") == nil)
            #expect(try store.model("../x") == nil)
            #expect(try store.state(otherThan: 0) == nil)
            let newest = try store.newest { _ in }
            #expect(newest == nil)
            try store.remove(["20210609T133927971Z-00000000"])
        }
    }

    @Test("a model is read back as it was, whatever its trigger holds", arguments: ModelStoreKind.available)
    func whole(kind: ModelStoreKind) throws {
        try kind.withStores { open throws in
            let triggers: [JSON] = [
                .null, ["$date": 5, "a.b": ["$where": "1"], "": nil, "_id": "x"], "\u{0} \u{1F41F}",
                [1.5, -0.0, 1e300],
            ]
            for (number, trigger) in triggers.enumerated() {
                var model = try ModelVersion.sample(number, trigger: trigger)
                model.verdict = ["winner": "challenger"]
                model.state = number.isMultiple(of: 2) ? .served : .refused
                try open().save(model)
                // Once more is harmless.
                try open().save(model)
                let read = try #require(try open().model(model.version))
                #expect(read == model && read.document.bytes == model.document.bytes)
            }
            var newest = try ModelVersion.sample(2, trigger: triggers[2])
            newest.verdict = ["winner": "challenger"]
            let found = try open().newest { _ in }
            #expect(found == newest)
        }
    }

    @Test("a model that was taken back is written in place of what it was", arguments: ModelStoreKind.available)
    func takenBack(kind: ModelStoreKind) throws {
        try kind.withStores { open throws in
            var model = try ModelVersion.sample(0)
            try open().save(model)
            model.state = .rolledBack
            model.verdict = ["rollback": ["rows": 10]]
            try open().save(model)
            #expect(try open().model(model.version) == model)
            #expect(try open().versions(before: nil, limit: 9) == [model.version])
        }
    }

    @Test("versions are listed newest first, in pages, and removed", arguments: ModelStoreKind.available)
    func versions(kind: ModelStoreKind) throws {
        try kind.withStores { open throws in
            let store = try open()
            let models = try [3, 0, 4, 1, 2].map { try ModelVersion.sample($0) }
            for model in models { try store.save(model) }
            _ = try store.replaceState(with: ServingState().successor)
            #expect(try store.beginTraining())
            let versions = models.map(\.version).sorted(by: >)
            #expect(try store.versions(before: nil, limit: .max) == versions)
            #expect(try store.versions(before: nil, limit: 2) == Array(versions.prefix(2)))
            #expect(try store.versions(before: versions[1], limit: 2) == Array(versions[2...3]))
            #expect(try store.versions(before: "zzz", limit: 9) == versions)
            #expect(try store.versions(before: versions[4], limit: 9).isEmpty)
            #expect(try store.versions(before: nil, limit: 0).isEmpty)
            try store.remove([versions[1], versions[4], "not-there"])
            #expect(try open().versions(before: nil, limit: 9) == [versions[0], versions[2], versions[3]])
            #expect(try store.state(otherThan: 0) != nil)
        }
    }

    @Test(
        "a state takes the place of its predecessor only, and every store sees it", arguments: ModelStoreKind.available)
    func state(kind: ModelStoreKind) throws {
        try kind.withStores { open throws in
            let (left, right) = (try open(), try open())
            var first = ServingState().successor
            first.activate("a", since: nil)
            #expect(try left.replaceState(with: first))
            #expect(try right.state(otherThan: 0) == first)
            #expect(try right.state(otherThan: 1) == nil)
            #expect(try !right.replaceState(with: ServingState().successor))
            var second = first.successor
            second.activate("b", since: .time(Sample.start))
            #expect(try right.replaceState(with: second))
            #expect(try !left.replaceState(with: second))
            #expect(try left.state(otherThan: 1) == second)
            #expect(try left.state(otherThan: 2) == nil)
            #expect(try !left.replaceState(with: second.successor.successor))
        }
    }

    @Test(
        "a model is kept with its state, and a crash in between leaves no model that no state told of",
        arguments: ModelStoreKind.available)
    func pending(kind: ModelStoreKind) throws {
        try kind.withStores { open throws in
            let (store, other) = (try open(), try open())
            let models = try (0..<3).map { try ModelVersion.sample($0) }
            let first = ServingState().successor
            #expect(try store.replaceState(with: first, keeping: models[0]))
            #expect(try other.versions(before: nil, limit: 9) == [models[0].version])
            // Too late: another state stands there.
            #expect(try !store.replaceState(with: first, keeping: models[1]))
            #expect(try other.versions(before: nil, limit: 9) == [models[0].version])
            // As a crash leaves them: the first before its state, the second after it. ModelDirectoryTests have the folder's.
            guard let mongo = store as? MongoModelStore else { return }
            try mongo.savePending(models[1], revision: 2)
            #expect(try other.model(models[1].version) == nil)
            #expect(try other.replaceState(with: first.successor, keeping: models[2]))
            #expect(try other.versions(before: nil, limit: 9) == [models[2].version, models[0].version])
            try mongo.savePending(models[2], revision: 2)
            #expect(try other.model(models[2].version) == models[2])
            other.removeLeftovers()
            #expect(try store.versions(before: nil, limit: 9) == [models[2].version, models[0].version])
            #expect(try store.model(models[1].version) == nil)
        }
    }

    @Test("of eight that replace one state at once, one does", arguments: ModelStoreKind.available)
    func contest(kind: ModelStoreKind) throws {
        try kind.withStores { open throws in
            let stores = try (0..<4).map { _ in try open() }
            var known = ServingState()
            for round in 0..<10 {
                let winners = Lock<[Int]>([])
                let problems = Lock<[String]>([])
                let before = known
                DispatchQueue.concurrentPerform(iterations: 8) { number in
                    var next = before.successor
                    next.activate("\(round)-\(number)", since: .sequence(Int64(number)))
                    do {
                        guard try stores[number % 4].replaceState(with: next) else { return }
                        winners.withLock { $0.append(number) }
                    } catch {
                        problems.withLock { $0.append("\(error)") }
                    }
                }
                #expect(problems.withLock { $0 } == [])
                let winner = try #require(winners.withLock { $0.count == 1 ? $0[0] : nil })
                known = try #require(try stores[0].state(otherThan: before.revision))
                #expect(known.active == "\(round)-\(winner)" && known.revision == before.revision + 1)
            }
        }
    }

    @Test(
        "who looks while others write sees whole states, newer each time, long or short",
        arguments: ModelStoreKind.available)
    func lookers(kind: ModelStoreKind) throws {
        try kind.withStores { open throws in
            let stores = try (0..<3).map { _ in try open() }
            let problems = Lock<[String]>([])
            let isDone = Atomic(false)
            DispatchQueue.concurrentPerform(iterations: 3) { number in
                do {
                    var known = ServingState()
                    for round in 0..<100 where number == 0 {
                        known = known.successor
                        known.activate(
                            String(repeating: "\(round % 10)", count: round % 3 == 0 ? 9000 : 9), since: nil)
                        guard try stores[0].replaceState(with: known) else { throw Unexpected() }
                    }
                    if number == 0 { isDone.store(true, ordering: .releasing) }
                    while number != 0 {
                        let isLast = isDone.load(ordering: .acquiring)
                        if let state = try stores[number].state(otherThan: known.revision) {
                            let digits = Set(state.active ?? "")
                            guard state.revision > known.revision, digits.count == 1 else { throw Unexpected() }
                            known = state
                        }
                        if isLast { break }
                    }
                    guard known.revision == 100 else { throw Unexpected() }
                } catch {
                    problems.withLock { $0.append("\(number): \(error)") }
                    isDone.store(true, ordering: .releasing)
                }
            }
            #expect(problems.withLock { $0 } == [])
        }
    }

    private struct Unexpected: Error {}

    @Test("one trains at a time, until it ends or its store is closed", arguments: ModelStoreKind.available)
    func turns(kind: ModelStoreKind) throws {
        try kind.withStores { open throws in
            let (left, right) = (try open(), try open())
            #expect(try left.beginTraining())
            #expect(try left.beginTraining())
            #expect(try !right.beginTraining())
            left.endTraining()
            #expect(try right.beginTraining())
            #expect(try !left.beginTraining())
            right.close()
            #expect(try left.beginTraining())
            left.endTraining()
            left.endTraining()
        }
    }
}

@Suite("Models in MongoDB", .enabled(if: MongoServer.isAvailable, "\(MongoServer.missing)"))
struct MongoModelStoreTests {
    @Test("the turn of a server that crashed ends by the database's clock", arguments: [true, false])
    func expiry(_ isOver: Bool) throws {
        try MongoFixture.withDatabase { fixture in
            let until = Int64(Date().timeIntervalSince1970 * 1000) + (isOver ? -1000 : 3_600_000)
            try fixture.shell.insert([
                [
                    "_id": "training", "owner": "crashed",
                    "until": ["$date": ["$numberLong": .string(String(until))]],
                ]
            ])
            try ModelStoreKind.lend(.mongo(fixture.location)) { open throws in
                #expect(try open().beginTraining() == isOver)
            }
        }
    }

    @Test("the turn of a server that crashed ends before the others stop waiting for theirs")
    func turnIsShort() {
        #expect(MongoModelStore.turnMilliseconds < Int64(ModelService.Settings().turnSecondsMax) * 1000)
    }

    @Test("what stands under a version and is no model is refused, and passed over for the newest")
    func broken() throws {
        try MongoFixture.withDatabase { fixture in
            try ModelStoreKind.lend(.mongo(fixture.location)) { open throws in
                let store = try open()
                let model = try ModelVersion.sample(1)
                try store.save(model)
                try fixture.shell.insert([["_id": "29990101T000000000Z-00000000", "document": "{}"]])
                #expect(throws: StoreError.self) { try store.model("29990101T000000000Z-00000000") }
                var skipped: [String] = []
                let newest = try store.newest { skipped.append($0) }
                #expect(newest == model)
                #expect(skipped.count == 1 && skipped[0].contains("29990101T000000000Z-00000000"))
            }
        }
    }

    @Test(
        "a place for models is a folder or a collection",
        arguments: [
            ("var/models", true), ("mongodb://h/A.B", true), ("", false), ("sqlite:x", false), ("http://u:p@h", false),
        ])
    func location(_ text: String, _ isPlace: Bool) {
        do throws(StoreLocationProblem) {
            let location = try ModelStoreLocation(parsing: text, defaultCollection: "Weight.Models")
            #expect(isPlace)
            if case .folder(let path) = location { #expect(path == text) }
        } catch {
            #expect(!isPlace && !error.description.contains("u:p"))
        }
    }
}
