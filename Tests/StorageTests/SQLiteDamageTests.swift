import Documents
import Foundation
import ModelService
import Specification
import Testing

@testable import Storage

@Suite("A SQLite database that is damaged")
struct SQLiteDamageTests {
    private static func open(_ file: URL) throws -> any Store {
        try openStore(.sqlite(path: file.path), specification: Sample.fish, log: { _ in })
    }

    /// So many rows that the file has hundreds of pages.
    private static func fill(_ file: URL) throws {
        let store = try open(file)
        #expect(try store.record(Sample.rows(0..<2000)).newCount == 2000)
        store.close()
    }

    /// What becomes of the bytes, of which a page has 4,096.
    private static let damages: [@Sendable (Data) -> Data] = [
        { noise + $0.dropFirst(4096) },
        { $0.prefix(4096) + noise + $0.dropFirst(8192) },
        { $0.prefix($0.count / 2) },
        { _ in Data(String(repeating: "not a database\n", count: 1000).utf8) },
        // Where only somebody who reads everything comes by.
        { $0.prefix(4096 * 60) + noise + $0.dropFirst(4096 * 61) },
    ]

    private static let noise = Data((0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ 3) })

    @Test(
        "damage is found without a call that comes by it, nothing is written meanwhile, and a whole file is used at once",
        arguments: damages.indices)
    func damaged(number: Int) throws {
        try withTemporaryFolder { folder throws in
            let file = folder.appending(path: "rows.sqlite")
            try Self.fill(file)
            let whole = try Data(contentsOf: file)
            try Self.damages[number](whole).write(to: file)
            let store = try Self.open(file)
            defer { store.close() }
            for _ in 0..<3000 {
                guard (try? store.check()) != nil else { break }
                usleep(10_000)
            }
            let damaged = try Data(contentsOf: file)
            for _ in 0..<2 {
                let error = #expect(throws: StoreError.self) { try store.record(Sample.rows([5000])) }
                #expect(error?.kind == .unavailable && error?.description.contains(file.path) == true)
                #expect(throws: StoreError.self) { try store.newest(50) }
            }
            #expect(try Data(contentsOf: file) == damaged)
            try whole.write(to: file)
            #expect(try store.newest(1) == Sample.rows([1999]))
            #expect(try store.record(Sample.rows([5000])).newCount == 1)
        }
    }

    @Test("one bit of one row that was changed is found when the row is read")
    func changedRow() throws {
        try withTemporaryFolder { folder throws in
            let file = folder.appending(path: "rows.sqlite")
            let store = try Self.open(file)
            _ = try store.record(Sample.rows(0..<3))
            store.close()
            var bytes = try Data(contentsOf: file)
            let row = Data(StoredRowWriter(Sample.fish).bytes(of: Sample.row(1)))
            let place = try #require(bytes.firstRange(of: row))
            // The lowest bit of the first predictor.
            bytes[place.lowerBound + 8] ^= 1
            try bytes.write(to: file)
            let reopened = try Self.open(file)
            defer { reopened.close() }
            #expect(try reopened.newest(1) == Sample.rows([2]))
            let error = #expect(throws: StoreError.self) { try reopened.newest(3) }
            #expect(error?.description.contains("the row 2 is not as it was written") == true)
        }
    }

    @Test(
        "rows of earlier versions, with checksums and without, are read, checked, and not recorded again",
        arguments: [2, 3])
    func older(migrations: Int) throws {
        try withTemporaryFolder { folder throws in
            let file = folder.appending(path: "rows.sqlite")
            let connection = try SQLiteConnection.earlier(file, migrations: migrations)
            for row in Sample.rows(0..<3) {
                let document = row.document(Sample.fish).compact
                _ = try connection.rows(
                    "INSERT INTO observation (identity, timestamp, level, document) VALUES (?, ?, ?, ?)",
                    [
                        .text(row.identity), .integer(try #require(row.timestamp).milliseconds),
                        .text(try #require(row.level)), .text(document),
                    ]
                ) { _ in }
                guard migrations > 2 else { continue }
                _ = try connection.rows(
                    "UPDATE observation SET checksum = ? WHERE identity = ?",
                    [.integer(Int64(CRC32C.checksum(document.utf8))), .text(row.identity)]
                ) { _ in }
            }
            let report = try check(.sqlite(path: file.path), specification: Sample.fish, repairs: false)
            #expect(report.findings.isEmpty && report.contents == "3 rows")
            let reopened = try Self.open(file)
            defer { reopened.close() }
            #expect(try reopened.record(Sample.rows([1, 3])).newCount == 1)
            #expect(try reopened.newest(9) == Sample.rows([3, 2, 1, 0]))
        }
    }
}
