import Documents
import Foundation
import Regression
import Specification
import Testing
import Threading

@testable import ModelService

@Suite("A store of models that is damaged")
struct DamagedStateTests {
    /// What becomes of the file of the state.
    private static let damages: [@Sendable (Data) -> Data] = [
        { _ in Data() },
        { $0.prefix($0.count / 2) },
        { _ in Data("garbage".utf8) },
        { Data(String(decoding: $0, as: UTF8.self).replacing(#""revision":1"#, with: #""revision":2"#).utf8) },
        { Data(String(decoding: $0, as: UTF8.self).replacing("tare-state/2", with: "tare-state/1").utf8) },
    ]

    @Test(
        "a state that is not as it was written is named, the newest model serves meanwhile, and all goes on once it is whole",
        arguments: damages.indices)
    func state(number: Int) async throws {
        let harness = ServiceHarness()
        _ = await harness.service().train(.window(1))
        let file = URL(filePath: "\(harness.folder)/serving.state")
        let whole = try Data(contentsOf: file)
        let damaged = Self.damages[number](whole)
        #expect(damaged != whole)
        try damaged.write(to: file)
        let service = harness.service()
        #expect(throws: StoreError.self) { try service.settle() }
        #expect(try service.current?.version == harness.versions[0])
        #expect(service.modelsFault?.contains(file.path) == true)
        guard case .storeFailed = await service.train(.window(2)) else {
            Issue.record("trained over a damaged state")
            return
        }
        try whole.write(to: file)
        try service.settle()
        #expect(service.modelsFault == nil)
        #expect(await service.train(.window(2)).answer?["status"] == "retrained")
        #expect(harness.logged.withLock { $0.count } == 2, "\(harness.logged.withLock { $0 })")
    }

    @Test(
        "where the state is set aside under servers, one that goes on and one that is new agree on another, and follow it"
    )
    func setAside() async throws {
        let harness = ServiceHarness()
        let old = harness.service()
        for window in 1...3 { _ = await old.train(.window(window)) }
        try FileManager.default.removeItem(atPath: "\(harness.folder)/serving.state")
        try old.settle()
        #expect(await old.train(.window(3)).answer?["version"]?.text == old.current?.version)
        let new = harness.service()
        try new.settle()
        #expect(new.state.revision == 1 && new.current?.version == old.current?.version)
        #expect(await new.train(.window(4)).answer?["status"] == "retrained")
        try old.settle()
        #expect(old.current?.version == new.current?.version)
        #expect(await old.train(.window(5)).answer?["status"] == "retrained")
        // The one that goes on may also be the first.
        try FileManager.default.removeItem(atPath: "\(harness.folder)/serving.state")
        #expect(await old.train(.window(6)).answer?["status"] == "retrained")
        try new.settle()
        #expect(new.current?.version == old.current?.version)
    }

    @Test("where no model is whole the initial one serves, and the one that is to serve does once it is whole")
    func allModels() async throws {
        let harness = ServiceHarness()
        let trained = harness.service()
        _ = await trained.train(.window(1))
        // Until then the state has the model too.
        trained.close()
        let version = try #require(try harness.versions.first)
        let file = URL(filePath: "\(harness.folder)/\(version).json")
        let whole = try Data(contentsOf: file)
        try Data("garbage".utf8).write(to: file)
        let initial = try ModelVersionTests.model(Observation.flats(20))
        let service = harness.service(initial: initial)
        try service.settle()
        #expect(service.current?.model == initial)
        #expect(service.modelsFault?.contains(version) == true)
        try whole.write(to: file)
        try service.settle()
        #expect(service.current?.version == version && service.modelsFault == nil)
    }

    @Test("a model of another specification among the others does not keep a server from starting")
    func otherSpecification() throws {
        let harness = ServiceHarness()
        let model = try ModelVersionTests.model(Observation.flats(20))
        let directory = ModelDirectory(path: harness.folder)
        try directory.save(model)
        let flats = ModelSpecification.flats
        let houses = ModelSpecification(
            subject: "houses", response: flats.response, predictors: flats.predictors, factor: flats.factor!,
            fields: flats.fields)
        try directory.save(
            ModelVersion(
                fitting: TrainingRows(oldestFirst: Observation.flats(20), specification: houses),
                time: ModelVersionTests.time.advanced(byMilliseconds: 1), parent: nil, trigger: .null))
        let service = harness.service()
        try service.settle()
        #expect(service.current?.version == model.version)
    }

    @Test("a folder that cannot be written keeps nobody from predicting")
    func readOnly() throws {
        let initial = try ModelVersionTests.model(Observation.flats(20))
        let service = ModelService(
            specification: .flats, store: MemoryStore(), models: ModelDirectory(path: "/proc/models"), initial: initial,
            clock: { ModelVersionTests.time })
        #expect(throws: StoreError.self) { try service.settle() }
        #expect(service.current?.model == initial)
        #expect(service.modelsFault?.contains("/proc/models") == true)
    }

    @Test("a state from before there was a checksum is read")
    func unsealed() throws {
        let state = ServingState().successor
        let members = try #require(try JSON(parsing: state.text).members).filter { $0.name != Seal.member }
        let old = JSON.object([.init("format", "tare-state/1")] + members.dropFirst())
        #expect(try ServingState(text: old.bytes) == state)
    }

    @Test(
        "damage makes no state one from before there was a checksum",
        arguments: [["tare-state/2": "tare-state/1"], ["tare-state/2": "tare-state/1", "checksum": "Checksum"]])
    func damagedFormat(changes: [String: String]) throws {
        let text = changes.reduce(String(decoding: ServingState().successor.text, as: UTF8.self)) {
            $0.replacing($1.key, with: $1.value)
        }
        #expect(throws: ModelDocumentError.self) { try ServingState(text: Array(text.utf8)) }
    }

    @Test("a state that no other can follow is refused", arguments: [Int64.max, 1 << 53, -1])
    func lastRevision(revision: Int64) throws {
        let members = try #require(try JSON(parsing: ServingState().text).members)
        let others = members.filter { $0.name != "revision" }
        #expect(throws: ModelDocumentError.self) {
            try ServingState(document: .object([.init("revision", .integer(revision))] + others))
        }
    }

    @Test("no byte of a state can be changed unnoticed")
    func everyByte() throws {
        let text = ServingState().successor.text
        #expect(try ServingState(text: text).revision == 1)
        for index in text.indices {
            for bit in 0..<8 {
                var changed = text
                changed[index] ^= 1 << bit
                #expect(throws: ModelDocumentError.self) { try ServingState(text: changed) }
            }
        }
    }

    @Test("the checksum is that of RFC 3720, appendix B.4")
    func checksum() {
        #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(CRC32C.checksum([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
        #expect(CRC32C.checksum(0..<32) == 0x46DD_794E)
        #expect(CRC32C.checksum("123456789".utf8) == 0xE306_9283)
    }

    @Test("the checksum is the same with the processor's instruction and without it, of any number of bytes")
    func checksumByTables() {
        let bytes = (0..<100).map { UInt8(truncatingIfNeeded: $0 * 151) }
        for count in 0...100 {
            let some = Array(bytes[..<count])
            #expect(CRC32C.checksum(some.span) == CRC32C.checksumByTables(some.span))
        }
        #expect(CRC32C.checksumByTables(Array("123456789".utf8).span) == 0xE306_9283)
    }
}

@Suite("The condition of a store")
struct StoreConditionTests {
    @Test("a fault is told when it begins and when it is over, and a read does not mend a write")
    func changes() {
        var condition = StoreCondition()
        #expect(condition.note(.read, nil) == nil)
        #expect(condition.note(.write, "full") == .began("full"))
        #expect(condition.note(.write, "still full") == nil && condition.fault == "still full")
        #expect(condition.note(.read, "away") == nil)
        #expect(condition.note(.read, nil) == nil && condition.fault == "still full")
        #expect(condition.note(.write, nil) == .ended && condition.fault == nil)
    }

    @Test("a store that is away is logged once when that begins, and once when it is over")
    func logged() throws {
        let harness = ServiceHarness(rows: 0)
        let service = harness.service()
        harness.store.fail(with: StoreError(.unavailable, "away"))
        for _ in 0..<3 {
            #expect(throws: StoreError.self) { try service.observe(Observation.flats(1)) }
            #expect(throws: StoreError.self) { try service.checkStore() }
        }
        #expect(service.rowsFault == "away")
        harness.store.fail(with: nil)
        try service.checkStore()
        #expect(service.rowsFault == "away")
        _ = try service.observe(Observation.flats(1))
        #expect(service.rowsFault == nil)
        #expect(
            harness.logged.withLock { $0 } == [
                "the store of rows has a fault: away", "the store of rows is as it should be again",
            ])
    }
}
