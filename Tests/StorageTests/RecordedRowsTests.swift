import Documents
import Foundation
import ModelService
import MongoTesting
import Specification
import Testing

@testable import Storage

/// The rows that the original factory's connector left in its collection, where they are at hand.
@Suite struct RecordedRowsTests {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/data/seed/postTestData.json")

    private static let isThere = FileManager.default.fileExists(atPath: file.path)

    private static func documents() throws -> [JSON] {
        try JSON(parsing: Data(contentsOf: file)).elements ?? []
    }

    /// The 50 newest by the text of their time, sorted here and not by a database.
    private static func expected(_ documents: [JSON]) -> [Observation] {
        documents.map { Observation(row: $0, specification: Sample.fish) }
            .sorted { ($0.timestamp ?? Sample.start) > ($1.timestamp ?? Sample.start) }.prefix(50).map { $0 }
    }

    @Test(
        "the factory's newest 50 rows, as its connector wrote them, are 25 of each species",
        .enabled(if: isThere, "there is no ../shared/data/seed"),
        .enabled(if: MongoServer.isAvailable, "\(MongoServer.missing)"))
    func connector() throws {
        let documents = try Self.documents()
        try MongoFixture.withDatabase { fixture in
            try fixture.shell.insert(documents)
            try fixture.withStore { store throws in
                let newest = try store.newest(50)
                #expect(newest == Self.expected(documents))
                #expect(newest.filter { $0.level == "salmon" }.count == 25)
                #expect(newest.filter { $0.level == "walleye" && ($0.actual ?? 0) > 0 }.count == 25)
            }
        }
    }

    @Test(
        "the same rows, recorded as observations, are the same newest 50",
        .enabled(if: isThere, "there is no ../shared/data/seed"), arguments: Implementation.available)
    func recorded(implementation: Implementation) throws {
        let documents = try Self.documents()
        let rows = try documents.map { try Observation(document: $0, rule: RowRule(Sample.fish)) }
        try implementation.withStore { store throws in
            #expect(try store.record(rows).newCount == 75)
            #expect(try store.record(rows.reversed()).newCount == 0)
            #expect(try store.newest(50) == Self.expected(documents))
        }
    }
}
