import Documents
import ModelService
import Specification

/// Rows as `SQLiteSchema.insert` takes them: their texts and bytes one after the other in one piece of memory, which a statement
/// reads where they stand.
struct RowParameters {
    private struct Row {
        let time: Int64?
        let identity: Range<Int>
        let level: Range<Int>?
        let stored: Range<Int>
    }

    private let layout: Int64
    private let writer: StoredRowWriter
    private var bytes: [UInt8] = []
    private var rows: [Row] = []

    /// - Parameter layout: its number in the file.
    init(_ specification: ModelSpecification, layout: Int64) {
        self.layout = layout
        writer = StoredRowWriter(specification)
    }

    /// In place of the rows before.
    mutating func take(_ given: Span<Observation>) {
        bytes.removeAll(keepingCapacity: true)
        rows.removeAll(keepingCapacity: true)
        for place in given.indices { take(given[place]) }
    }

    @inline(__always)
    private mutating func take(_ row: borrowing Observation) {
        let start = bytes.count
        row.appendIdentity(to: &bytes)
        let identity = start..<bytes.count
        writer.append(row, to: &bytes)
        let stored = identity.upperBound..<bytes.count
        if let level = row.level { bytes.append(level) }
        rows.append(
            Row(
                time: row.timestamp?.milliseconds, identity: identity,
                level: row.level == nil ? nil : stored.upperBound..<bytes.count, stored: stored))
    }

    /// - Parameter statement: `SQLiteSchema.insert` of as many rows as were taken.
    func run(_ statement: SQLiteStatement) throws {
        try statement.run(on: bytes) { lent in
            var place: Int32 = 1
            for row in rows {
                let checksum = CRC32C.checksum(bytes.span.extracting(row.stored))
                try lent.bind(text: row.identity, at: place)
                try statement.bind(row.time, at: place + 1)
                try lent.bind(text: row.level, at: place + 2)
                try statement.bind(layout, at: place + 3)
                try lent.bind(blob: row.stored, at: place + 4)
                try statement.bind(Int64(checksum), at: place + 5)
                place += 6
            }
        }
    }
}
