import Documents
import Foundation
import Specification
import Testing
import Threading

@testable import ModelService

/// A service with a journal in a folder of its own.
private final class JournalHarness: Sendable {
    let store: MemoryStore
    let logged = Lock<[String]>([])
    let path: String

    init(_ store: MemoryStore = MemoryStore()) {
        self.store = store
        path = NSTemporaryDirectory() + "tare-journal-\(UUID().uuidString)/journal"
    }

    deinit { try? FileManager.default.removeItem(atPath: (path as NSString).deletingLastPathComponent) }

    func journal(bytesMax: Int = 1_000_000, store: String = "mongodb://here/a.b") -> ObservationJournal {
        ObservationJournal(path: path, bytesMax: bytesMax, store: store) { line in
            self.logged.withLock { $0.append(line) }
        }
    }

    /// As after a start, as the journal of the one before is not open any more.
    func service(_ journal: ObservationJournal? = nil) -> ModelService {
        ModelService(
            specification: .flats, store: store, models: MemoryLikeModels(), initial: nil,
            journal: journal ?? self.journal(), clock: { ModelVersionTests.time })
    }

    var bytes: Data { get throws { try Data(contentsOf: URL(filePath: path)) } }

    func write(_ bytes: Data) throws { try bytes.write(to: URL(filePath: path)) }

    func away(_ isAway: Bool) { store.fail(with: isAway ? StoreError(.unavailable, "away") : nil) }

    var stored: [String?] {
        get throws { try store.newest(10_000).map(\.identifier).sorted { ($0 ?? "") < ($1 ?? "") } }
    }

    static func names(_ numbers: Range<Int>) -> [String?] { numbers.map { "\($0)" }.sorted() }
}

/// No models are asked for here.
private struct MemoryLikeModels: ModelStore {
    func save(_ model: ModelVersion) {}
    func model(_ version: String) -> ModelVersion? { nil }
    func versions(before: String?, limit: Int) -> [String] { [] }
    func remove(_ versions: [String]) {}
    func state(otherThan revision: Int64) -> ServingState? { nil }
    func replaceState(with state: ServingState, keeping model: ModelVersion?) -> Bool { true }
    func beginTraining() -> Bool { true }
    func endTraining() {}
    func removeLeftovers() {}
    func close() {}
}

@Suite("The journal of rows that wait for the store")
struct JournalTests {
    private static let rows = Observation.flats(40)

    @Test("rows are kept while the store is away, and each is delivered once when it is back, in their order")
    func delivered() throws {
        let harness = JournalHarness()
        let service = harness.service()
        harness.away(true)
        for row in Self.rows.prefix(10) { #expect(try service.observe([row, row]).rows == [.journaled, .journaled]) }
        #expect(service.journalState?.rows == 20)
        service.deliverJournal()
        #expect(service.journalState?.rows == 20)
        harness.away(false)
        // Those that follow wait too, as long as others do.
        #expect(try service.observe([Self.rows[10]]).rows == [.journaled])
        service.deliverJournal()
        #expect(service.journalState?.rows == 0)
        #expect(try harness.stored == JournalHarness.names(0..<11))
        #expect(try service.observe([Self.rows[11]]).rows == [.new])
        #expect(try service.observe([Self.rows[0]]).rows == [.repeated])
        #expect(harness.logged.withLock { $0.count } == 2, "\(harness.logged.withLock { $0 })")
    }

    @Test("what was kept outlives a crash, and so does a delivery that was not noted")
    func crashes() throws {
        let harness = JournalHarness()
        harness.away(true)
        _ = try harness.service().observe(Array(Self.rows.prefix(20)))
        let kept = try harness.bytes
        harness.away(false)
        for _ in 0..<2 {
            try harness.write(kept)
            let service = harness.service()
            service.deliverJournal()
            #expect(service.journalState?.rows == 0)
            #expect(try harness.stored == JournalHarness.names(0..<20))
        }
    }

    @Test("a line that was cut off anywhere is as if it had never been, and others follow it")
    func cutOff() throws {
        let harness = JournalHarness()
        harness.away(true)
        for row in Self.rows.prefix(3) { _ = try harness.service().observe([row]) }
        let whole = try harness.bytes
        let ends = whole.indices.filter { whole[$0] == 0x0A }
        for count in 0...whole.count {
            try harness.write(whole.prefix(count))
            let service = harness.service()
            _ = try service.observe([Self.rows[3]])
            let lines = ends.count { $0 < count }
            #expect(service.journalState?.rows == max(0, lines - 1) + 1, "\(count) bytes")
        }
        #expect(!FileManager.default.fileExists(atPath: harness.path + ".damaged"))
    }

    @Test("a line that was damaged is kept apart and told of, and the others are delivered")
    func damaged() throws {
        let harness = JournalHarness()
        harness.away(true)
        for row in Self.rows.prefix(3) { _ = try harness.service().observe([row]) }
        var bytes = try harness.bytes
        let second = try #require(bytes.firstRange(of: Data(#""1""#.utf8)))
        bytes[second.lowerBound + 1] ^= 1
        try harness.write(bytes)
        harness.away(false)
        harness.service().deliverJournal()
        #expect(try harness.stored == ["0", "2"])
        #expect(try Data(contentsOf: URL(filePath: harness.path + ".damaged")) == bytes)
        #expect(harness.logged.withLock { $0.contains { $0.contains("1 lines") } })
    }

    /// Three lines of a row each, of which the bytes are changed.
    private static func damaged(_ harness: JournalHarness, at place: (Data) throws -> Int) throws -> Data {
        harness.away(true)
        for row in rows.prefix(3) { _ = try harness.service().observe([row]) }
        var bytes = try harness.bytes
        bytes[try place(bytes)] ^= 1
        try harness.write(bytes)
        return bytes
    }

    @Test("a repair keeps the journal under another name, and the lines that are whole in its place")
    func repaired() throws {
        let harness = JournalHarness()
        let bytes = try Self.damaged(harness) { try #require($0.firstRange(of: Data(#""1""#.utf8))).lowerBound + 1 }
        let found = try ObservationJournal.check(harness.path)
        #expect(!found.isWhole && found.findings.count == 1)
        #expect(try harness.bytes == bytes)
        let repaired = try ObservationJournal.check(harness.path, repairs: true)
        let aside = try #require(repaired.findings.first?.aside)
        #expect(repaired.isWhole && aside == harness.path + ".damaged-1")
        #expect(try Data(contentsOf: URL(filePath: aside)) == bytes)
        let after = try ObservationJournal.check(harness.path, repairs: true)
        #expect(after.findings.isEmpty && after.contents == "2 rows wait for mongodb://here/a.b")
        harness.away(false)
        harness.service().deliverJournal()
        #expect(try harness.stored == ["0", "2"])
    }

    @Test("a journal that a server uses, or whose first line is damaged, is not repaired, and the report says why")
    func notRepaired() throws {
        let harness = JournalHarness()
        let bytes = try Self.damaged(harness) { _ in 3 }
        #expect(
            try ObservationJournal.check(harness.path, repairs: true).findings.first?.damage.contains("whose") == true)
        #expect(try harness.bytes == bytes)
        let used = JournalHarness()
        let changed = try Self.damaged(used) { try #require($0.firstRange(of: Data(#""1""#.utf8))).lowerBound + 1 }
        let server = try OpenFile(used.path)
        #expect(try server.lock())
        let report = try ObservationJournal.check(used.path, repairs: true)
        #expect(!report.isWhole && report.findings.first?.damage.contains("a server uses") == true)
        #expect(try used.bytes == changed)
        extendLifetime(server)
    }

    @Test("a journal that is full refuses rows, loses none, and takes others once it was delivered")
    func full() throws {
        let harness = JournalHarness()
        let service = harness.service(harness.journal(bytesMax: 2000))
        harness.away(true)
        var kept = 0
        while (try? service.observe([Self.rows[kept]])) != nil { kept += 1 }
        #expect((5..<20).contains(kept))
        let error = #expect(throws: StoreError.self) { try service.observe([Self.rows[kept]]) }
        #expect(error?.kind == .unavailable && error?.description.contains("full") == true)
        #expect(service.journalState?.fault != nil)
        harness.away(false)
        service.deliverJournal()
        #expect(try harness.stored == JournalHarness.names(0..<kept))
        #expect(try service.observe([Self.rows[kept]]).rows == [.new])
    }

    @Test("one file is one server's, and rows for another store are left alone")
    func others() throws {
        let harness = JournalHarness()
        harness.away(true)
        do {
            let first = harness.service()
            _ = try first.observe([Self.rows[0]])
            let second = #expect(throws: StoreError.self) { try harness.service().observe([Self.rows[1]]) }
            #expect(second?.description.contains("another process") == true)
            #expect(first.journalState?.rows == 1)
        }
        let elsewhere = harness.service(harness.journal(store: "mongodb://there/a.b"))
        let error = #expect(throws: StoreError.self) { try elsewhere.observe([Self.rows[1]]) }
        #expect(error?.description.contains("mongodb://here/a.b") == true)
        harness.away(false)
        harness.service().deliverJournal()
        #expect(try harness.stored == ["0"])
    }

    @Test("rows that the store refuses for good are set aside, and do not hold up the others")
    func refused() throws {
        let harness = JournalHarness(MemoryStore(refusing: "1"))
        harness.away(true)
        let service = harness.service()
        _ = try service.observe(Array(Self.rows.prefix(3)))
        harness.away(false)
        service.deliverJournal()
        #expect(try harness.stored == ["0", "2"])
        let aside = try String(contentsOfFile: harness.path + ".refused", encoding: .utf8)
        #expect(aside.contains(#""Flat_Id":"1""#) && service.journalState?.rows == 0)
    }

    @Test("far more rows than are read at once are all delivered, while others come")
    func many() throws {
        let harness = JournalHarness()
        let service = harness.service(harness.journal(bytesMax: 10_000_000))
        harness.away(true)
        let rows = Observation.flats(6000)
        for start in stride(from: 0, to: 5000, by: 250) { _ = try service.observe(Array(rows[start..<start + 250])) }
        harness.away(false)
        let writer = Thread { for row in rows[5000...] { _ = try? service.observe([row]) } }
        writer.start()
        while service.journalState?.rows != 0 || !writer.isFinished { service.deliverJournal() }
        #expect(try harness.stored == JournalHarness.names(0..<6000))
    }
}
