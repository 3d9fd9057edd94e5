import Documents
import ModelService
import Specification

/// Reads the rows of one file, those too that earlier versions wrote as documents.
struct SQLiteRowReader {
    private let specification: ModelSpecification
    private let connection: SQLiteConnection
    private var documents: ObservationReader
    /// Of each layout that was met; mostly there is one. In an array, as a dictionary copies what it lends.
    private var readers: [StoredRowReader] = []
    private var layouts: [Int64] = []

    init(_ specification: ModelSpecification, documents: ObservationReader, _ connection: SQLiteConnection) {
        self.specification = specification
        self.documents = documents
        self.connection = connection
    }

    /// - Parameter row: of `SQLiteSchema.columns`.
    /// - Throws: `DamagedRow` where the row is not as it was written.
    mutating func read(_ row: SQLiteStatement) throws -> Observation {
        guard let layout = row.integer(2) else { return try readDocument(row) }
        let found = try row.withBytes(3) { bytes -> Observation? in
            guard row.integer(1) == Int64(CRC32C.checksum(bytes)) else { return nil }
            return try read(bytes, layout)
        }
        guard let found else { throw DamagedRow(sequence: row.integer(0) ?? 0) }
        return found
    }

    /// Adds what a training reads of a row.
    /// - Parameter row: of `SQLiteSchema.columns` and the identity.
    /// - Throws: `DamagedRow` where the row is not as it was written.
    mutating func read(_ row: SQLiteStatement, into columns: inout ObservedColumns.Builder) throws {
        if let layout = row.integer(2) {
            let isWhole = try row.withBytes(3) { bytes in
                guard row.integer(1) == Int64(CRC32C.checksum(bytes)), let place = try place(of: layout) else {
                    return false
                }
                return readers[place].read(bytes, into: &columns)
            }
            guard isWhole else { throw DamagedRow(sequence: row.integer(0) ?? 0) }
        } else {
            columns.appendValues(of: try readDocument(row))
        }
        row.withBytes(5) { columns.append(identity: $0) }
    }

    private mutating func read(_ bytes: Span<UInt8>, _ layout: Int64) throws -> Observation? {
        guard let place = try place(of: layout) else { return nil }
        return readers[place].read(bytes)
    }

    /// Of its reader; nil of a layout that the file does not tell.
    private mutating func place(of layout: Int64) throws -> Int? {
        if let place = layouts.firstIndex(of: layout) { return place }
        guard let text = try connection.text(SQLiteSchema.layout, [.integer(layout)]),
            let known = RowLayout(text: text)
        else { return nil }
        layouts.append(layout)
        readers.append(StoredRowReader(known, for: specification))
        return layouts.count - 1
    }

    private mutating func readDocument(_ row: SQLiteStatement) throws -> Observation {
        let document = row.text(4) ?? ""
        // The first versions wrote none.
        if let checksum = row.integer(1), checksum != Int64(CRC32C.checksum(document.utf8)) {
            throw DamagedRow(sequence: row.integer(0) ?? 0)
        }
        return documents.read((try? JSON(parsing: document)) ?? .null)
    }
}
