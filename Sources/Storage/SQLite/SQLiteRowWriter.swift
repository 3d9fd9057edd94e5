import Documents
import ModelService
import Regression
import Specification
import Threading

/// Writes rows of several writers in one transaction.
struct SQLiteRowWriter: Sendable {
    /// Some rows of one writer, and how long it waits for a lock that another process holds.
    struct Write: Sendable {
        let rows: [Observation]
        let deadline: ContinuousClock.Instant
    }

    let access: SQLiteAccess
    private let specification: ModelSpecification
    private let documents: ObservationReader
    private let layout: String

    init(access: SQLiteAccess, specification: ModelSpecification) {
        self.access = access
        self.specification = specification
        documents = ObservationReader(specification)
        layout = RowLayout(specification).text
    }

    /// - Returns: what became of each; where all is well, all are on the disk.
    func write(_ writes: [Write]) -> [Result<Recorded, StoreError>] {
        do throws(StoreError) {
            return try inOneTransaction(writes).map { .success($0) }
        } catch {
            guard writes.count > 1 else { return [.failure(error)] }
            // One of them may be to blame for it, or have waited longer than the others. What is one's own fault is no reason
            // to refuse the others.
            return writes.flatMap { write([$0]) }
        }
    }

    private func inOneTransaction(_ writes: [Write]) throws(StoreError) -> [Recorded] {
        let count = writes.reduce(0) { $0 + $1.rows.count }
        let deadline = writes.map(\.deadline).min() ?? .now
        return try access.attempt("recording \(count) rows", until: deadline) { file, beginWriting in
            try file.write(beginWriting) { connection in
                let layout = try layoutNumber(in: connection)
                return try writes.map { try insert($0.rows, layout, into: connection) }
            }
        }
    }

    private func layoutNumber(in connection: SQLiteConnection) throws -> Int64 {
        if let number = try connection.integer(SQLiteSchema.layoutNumber, [.text(layout)]) { return number }
        _ = try connection.rows(SQLiteSchema.addLayout, [.text(layout)]) { _ in }
        return connection.lastInsertedRow
    }

    private func insert(
        _ rows: [Observation], _ layout: Int64, into connection: SQLiteConnection
    ) throws -> Recorded {
        var recorded = Recorded([])
        recorded.rows.reserveCapacity(rows.count)
        var new: ClosedRange<Int64>?
        var (stored, identity) = (StoredRow(of: specification), [UInt8]())
        var reader = SQLiteRowReader(specification, documents: documents, connection)
        try connection.withStatement(SQLiteSchema.insert) { statement in
            let given = rows.span
            var pieces = Piecework(steps: 16)
            for number in given.indices {
                identity.removeAll(keepingCapacity: true)
                given[number].appendIdentity(to: &identity)
                stored.take(given[number])
                try statement.bind(given[number], identity, layout, stored.bytes)
                if try statement.insert(on: connection) {
                    let sequence = connection.lastInsertedRow
                    new = (new?.lowerBound ?? sequence)...sequence
                    recorded.rows.append(.new)
                } else {
                    let kept = try kept(rows[number], by: &reader, in: connection)
                    recorded.rows.append(Recorded.Row(rows[number], kept: kept))
                }
                pieces.step()
            }
        }
        // A transaction's rows are numbered one after the other: nobody else writes meanwhile.
        recorded.span = new.map { StoreSpan(start: .sequence($0.lowerBound - 1), end: .sequence($0.upperBound)) }
        return recorded
    }

    /// The row that is there under the identity of another.
    private func kept(
        _ row: Observation, by reader: inout SQLiteRowReader, in connection: SQLiteConnection
    ) throws -> Observation? {
        let time = row.timestamp.map { SQLiteValue.integer($0.milliseconds) } ?? .null
        return try connection.rows(SQLiteSchema.kept, [time, .text(row.identity)]) { try reader.read($0) }.first
    }
}

extension SQLiteStatement {
    /// What `SQLiteSchema.insert` takes.
    fileprivate func bind(_ row: Observation, _ identity: [UInt8], _ layout: Int64, _ stored: [UInt8]) throws {
        try bind(text: identity, at: 1)
        try bind(row.timestamp?.milliseconds, at: 2)
        try bind(row.level, at: 3)
        try bind(layout, at: 4)
        try bind(stored, at: 5)
        try bind(Int64(CRC32C.checksum(stored.span)), at: 6)
    }

    /// - Returns: whether there is a row more.
    fileprivate func insert(on connection: SQLiteConnection) throws -> Bool {
        defer { reset() }
        _ = try step()
        return connection.changes > 0
    }
}
