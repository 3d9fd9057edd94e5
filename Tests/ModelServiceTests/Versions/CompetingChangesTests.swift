import Dispatch
import Documents
import Foundation
import Glibc
import Testing
import Threading

@testable import ModelService

@Suite("Who changes the model at one and the same time")
struct CompetingChangesTests {
    @Test(
        "trainings and returns to former models do not disturb each other, and no model is kept that nobody was told of"
    )
    func trainersAndActivators() throws {
        let harness = ServiceHarness()
        let service = harness.service()
        let initial = try #require(trainOnce(service, window: 0))
        let told = Lock<Set<String>>([initial])
        let failures = Lock<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 12) { worker in
            for round in 1...10 {
                if worker < 8 {
                    let version = trainOnce(service, window: worker * 1000 + round)
                    if let version {
                        _ = told.withLock { $0.insert(version) }
                    } else {
                        failures.withLock { $0.append("train") }
                    }
                } else {
                    do {
                        #expect(try service.activate(initial) != nil)
                    } catch {
                        failures.withLock { $0.append("\(error)") }
                    }
                }
            }
        }
        #expect(failures.withLock { $0 } == [])
        #expect(Set(try harness.versions) == told.withLock { $0 })
    }

    /// The version that came of it.
    private func trainOnce(_ service: ModelService, window: Int) -> String? {
        let version = Lock<String?>(nil)
        let done = DispatchSemaphore(value: 0)
        service.train(.window(window)) { outcome in
            version.withLock { $0 = outcome.answer?["version"]?.text }
            done.signal()
        }
        done.wait()
        return version.withLock { $0 }
    }

    @Test("a model that came too late, as another server changed the state, is not kept")
    func tooLate() throws {
        let harness = ServiceHarness()
        let directory = ModelDirectory(path: harness.folder)
        let models = try (0..<2).map { number in
            try ModelVersionTests.model(
                Observation.flats(20), time: ModelVersionTests.time.advanced(byMilliseconds: Int64(number)))
        }
        let state = ServingState().successor
        #expect(try directory.replaceState(with: state, keeping: models[0]))
        #expect(try !directory.replaceState(with: state, keeping: models[1]))
        #expect(try harness.versions == [models[0].version])
    }

    @Test(
        "while a process that was stopped holds the lock, what changes the model fails in time, and a start serves",
        .timeLimit(.minutes(40)))
    func heldLock() async throws {
        let harness = ServiceHarness()
        let service = harness.service()
        _ = await service.train(.window(1))
        let version = try #require(service.current?.version)
        let lock = try FileLock.take("\(harness.folder)/serving.lock")
        #expect(lock != nil)
        guard case .storeFailed(let error) = await service.train(.window(2)) else {
            Issue.record("trained without the lock")
            return
        }
        #expect(error.kind == .unavailable && error.description.contains("serving.lock"))
        let other = try ModelVersionTests.model(Observation.flats(20))
        try ModelDirectory(path: harness.folder).save(other)
        #expect(throws: StoreError.self) { try service.activate(other.version) }
        let restarted = harness.service()
        try restarted.settle()
        #expect(restarted.current?.version == version)
        // The lock is still held here: without a deadline nothing above would have ended.
        extendLifetime(lock)
    }

    @Test("a lock is given in the order in which it was asked for, and nobody waits longer than they say")
    func fairLock() throws {
        let lock = FairLock()
        let order = Lock<[Int]>([])
        let threads = DispatchGroup()
        lock.withLock(within: .seconds(1)) {
            #expect(lock.withLock(within: .milliseconds(1)) { true } == nil)
            for number in 0..<5 {
                let asked = DispatchSemaphore(value: 0)
                DispatchQueue(label: "\(number)").async(group: threads) {
                    asked.signal()
                    lock.withLock(within: .seconds(60)) { order.withLock { $0.append(number) } }
                }
                asked.wait()
                while lock.waitingCount <= number { usleep(100) }
            }
        }
        threads.wait()
        #expect(order.withLock { $0 } == [0, 1, 2, 3, 4])
        #expect(lock.withLock(within: .milliseconds(1)) { true } == true)
    }
}

@Suite("What a crash leaves")
struct LeftoverTests {
    @Test("half a file of a process that ended is removed; one that is being written stays")
    func partial() throws {
        let path = NSTemporaryDirectory() + "tare-leftovers-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let folder = DurableFolder(path: path)
        try folder.make()
        let (dead, alive, other) = (".a.json.17.partial", ".b.json.18.partial", "c.json")
        for name in [dead, alive, other] { try Data("{".utf8).write(to: URL(filePath: "\(path)/\(name)")) }
        let writer = try FileLock.take("\(path)/\(alive)")
        folder.removeLeftovers()
        extendLifetime(writer)
        #expect(try Set(FileManager.default.contentsOfDirectory(atPath: path)) == [alive, other])
        try folder.write(Array("{}".utf8), name: "a.json")
        #expect(try Set(FileManager.default.contentsOfDirectory(atPath: path)) == ["a.json", alive, other])
    }
}
