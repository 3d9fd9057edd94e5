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

    /// So many rows are inserted by one statement, and what is left one by one: alone a row takes SQLite a third more.
    static let groupRows = 8
    private static let insertOne = SQLiteSchema.insert(rows: 1)
    private static let insertGroup = SQLiteSchema.insert(rows: groupRows)

    private func insert(
        _ rows: [Observation], _ layout: Int64, into connection: SQLiteConnection
    ) throws -> Recorded {
        var recorded = Recorded([])
        recorded.rows.reserveCapacity(rows.count)
        var new: ClosedRange<Int64>?
        var parameters = RowParameters(specification, layout: layout)
        var reader = SQLiteRowReader(specification, documents: documents, connection)
        try connection.withStatements(Self.insertOne, Self.insertGroup) { one, group in
            var pieces = Piecework(steps: 2)
            var start = 0
            while start < rows.count {
                let isGroup = rows.count - start >= Self.groupRows
                let places = start..<start + (isGroup ? Self.groupRows : 1)
                parameters.take(rows.span.extracting(places))
                try parameters.run(isGroup ? group : one)
                let added = connection.addedRows
                if let added { new = (new?.lowerBound ?? added.lowerBound)...added.upperBound }
                if added?.count == places.count {
                    recorded.rows += repeatElement(.new, count: places.count)
                } else {
                    recorded.rows += try outcomes(of: rows[places], added, by: &reader, in: connection)
                }
                start = places.upperBound
                pieces.step()
            }
        }
        // A transaction's rows are numbered one after the other: nobody else writes meanwhile.
        recorded.span = new.map { StoreSpan(start: .sequence($0.lowerBound - 1), end: .sequence($0.upperBound)) }
        return recorded
    }

    /// What became of rows of which some were there already, or come twice.
    /// - Parameter added: the numbers of those that were inserted; nil where none was.
    private func outcomes(
        of rows: ArraySlice<Observation>, _ added: ClosedRange<Int64>?, by reader: inout SQLiteRowReader,
        in connection: SQLiteConnection
    ) throws -> [Recorded.Row] {
        var told: Set<Int64> = []
        return try rows.map { row in
            let time = row.timestamp.map { SQLiteValue.integer($0.milliseconds) } ?? .null
            let found = try connection.rows(SQLiteSchema.kept, [time, .text(row.identity)]) { found in
                let sequence = found.integer(0) ?? 0
                // Of two that are the same the first was inserted.
                if added?.contains(sequence) ?? false, told.insert(sequence).inserted { return Recorded.Row.new }
                return Recorded.Row(row, kept: try reader.read(found))
            }
            return found.first ?? .repeated
        }
    }
}
