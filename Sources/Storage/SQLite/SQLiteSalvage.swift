import CSQLite
import Documents
import Glibc
import ModelService
import Regression
import Specification

/// Reads a database file from end to end, and saves what is whole of one that is not.
struct SQLiteSalvage {
    let path: String
    let specification: ModelSpecification

    /// How many rows are read at once, and where that fails one by one.
    private static let windowRows: Int64 = 1000
    /// How few bytes a row takes, which bounds how many there can be in a file that does not tell.
    private static let rowBytesMin: Int64 = 64
    private static let shownMax = 5

    /// - Parameter repairs: whether a damaged file is renamed, and the rows that are whole are written to a new one.
    func check(repairs: Bool) throws(StoreError) -> CheckReport {
        var report = CheckReport("the rows in sqlite:\(path)")
        guard unsafe access(path, F_OK) == 0 else { return report }
        do {
            let found = try read(path) { _ in }
            report.contents = "\(found.count) rows"
            guard !found.damages.isEmpty else { return report }
            let aside = repairs ? try setAside() : nil
            report.findings = found.damages.prefix(Self.shownMax).map { .init($0, aside: aside) }
            if found.damages.count > Self.shownMax {
                report.remarks.append("\(found.damages.count - Self.shownMax) findings more")
            }
            if let aside { report.remarks.append("\(try save(from: aside)) rows were saved to \(path)") }
        } catch {
            throw StoreError(sqlite: error, purpose: "checking", path: path)
        }
        return report
    }

    /// What is read may be less than there was; what is wrong is told in words.
    private func read(
        _ path: String, each body: ([Observation]) throws -> Void
    ) throws -> (count: Int, damages: [String]) {
        var damages: [String] = []
        var count = 0
        do {
            let database = try SQLiteCheck.open(path)
            if let finding = try SQLiteCheck.finding(in: database) { damages.append("\(path): \(finding)") }
            try database.inTransaction("BEGIN") {
                let last = try end(in: database)
                for start in stride(from: 1, through: last, by: Int64.Stride(Self.windowRows)) {
                    let rows = rows(start...min(last, start + Self.windowRows - 1), in: database, &damages)
                    count += rows.count
                    try body(rows)
                }
            }
        } catch let error as SQLiteFailure where Self.isDamage(error) {
            damages.append("\(path): \(error.message)")
        }
        return (count, damages)
    }

    private static func isDamage(_ error: SQLiteFailure) -> Bool {
        [SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_ERROR].contains(error.primaryCode)
    }

    private func end(in database: SQLiteConnection) throws -> Int64 {
        do {
            return try database.integer(SQLiteSchema.end) ?? 0
        } catch let error as SQLiteFailure where error.primaryCode == SQLITE_CORRUPT {
            var status = stat()
            guard unsafe stat(path, &status) == 0 else { throw error }
            return Int64(status.st_size) / Self.rowBytesMin
        }
    }

    private func rows(
        _ window: ClosedRange<Int64>, in database: SQLiteConnection, _ damages: inout [String]
    ) -> [Observation] {
        if let rows = try? read(window, in: database) { return rows }
        return window.flatMap { sequence -> [Observation] in
            do {
                return try read(sequence...sequence, in: database)
            } catch {
                damages.append("\(path): the row \(sequence) is not as it was written, or cannot be read")
                return []
            }
        }
    }

    private func read(_ window: ClosedRange<Int64>, in database: SQLiteConnection) throws -> [Observation] {
        var reader = SQLiteRowReader(specification, documents: ObservationReader(specification), database)
        return try database.rows(
            SQLiteSchema.window(try SQLiteSchema.columns(in: database)),
            [.integer(window.lowerBound), .integer(window.upperBound)]
        ) { try reader.read($0) }
    }

    /// The log belongs to the file, and goes with it.
    private func setAside() throws -> String {
        let aside = try DurableFolder.setAside(path)
        for suffix in ["-wal", "-shm"] { unsafe rename(path + suffix, aside + suffix) }
        return aside
    }

    /// Through the store, as a server may have begun a new file meanwhile.
    private func save(from aside: String) throws -> Int {
        let store = try SQLiteStore(path: path, specification: specification, log: { _ in })
        defer { store.close() }
        var count = 0
        _ = try read(aside) { rows in count += try store.record(rows).newCount }
        return count
    }
}
