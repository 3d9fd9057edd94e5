import Documents
import ModelService
import Specification

/// Reads the rows of one file, those too that earlier versions wrote as documents.
struct SQLiteRowReader {
    private let specification: ModelSpecification
    private let connection: SQLiteConnection
    private var documents: ObservationReader
    private var byLayout: [Int64: StoredRowReader] = [:]

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

    private mutating func read(_ bytes: Span<UInt8>, _ layout: Int64) throws -> Observation? {
        if byLayout[layout] == nil {
            guard let text = try connection.text(SQLiteSchema.layout, [.integer(layout)]),
                let known = RowLayout(text: text)
            else { return nil }
            byLayout[layout] = StoredRowReader(known, for: specification)
        }
        return byLayout[layout]?.read(bytes)
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
