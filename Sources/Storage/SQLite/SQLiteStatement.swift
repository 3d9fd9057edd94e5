import CSQLite

/// A value as SQLite keeps it.
enum SQLiteValue: Equatable, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral, ExpressibleByNilLiteral {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)

    init(integerLiteral value: Int64) { self = .integer(value) }
    init(stringLiteral value: String) { self = .text(value) }
    init(nilLiteral: ()) { self = .null }
}

/// A prepared statement. Parameters count from 1 and columns from 0, as in SQLite.
@safe final class SQLiteStatement {
    private let handle: OpaquePointer
    private let connection: OpaquePointer

    /// - Parameter connection: must outlive the statement.
    init(_ sql: String, on connection: OpaquePointer) throws {
        var handle: OpaquePointer?
        let code = unsafe sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
        guard code == SQLITE_OK else { throw unsafe SQLiteFailure(of: connection) }
        guard let handle = unsafe handle else {
            throw SQLiteFailure(code: SQLITE_MISUSE, message: "'\(sql)' is no statement")
        }
        unsafe self.handle = handle
        unsafe self.connection = connection
    }

    deinit { unsafe sqlite3_finalize(handle) }

    /// - Returns: whether there is a row, whose columns can be read until the next step.
    func step() throws -> Bool {
        switch unsafe sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw unsafe SQLiteFailure(of: connection)
        }
    }

    /// Makes it ready to run once more. What is bound stays.
    func reset() { unsafe sqlite3_reset(handle) }

    // MARK: - Parameters

    func bind(_ values: [SQLiteValue]) throws {
        for (index, value) in values.enumerated() {
            let place = Int32(index + 1)
            switch value {
            case .null: try bind(nil as Int64?, at: place)
            case .integer(let number): try bind(number, at: place)
            case .real(let number): try bind(number, at: place)
            case .text(let text): try bind(text, at: place)
            }
        }
    }

    func bind(_ value: Int64?, at place: Int32) throws {
        if let value {
            try check(unsafe sqlite3_bind_int64(handle, place, value))
        } else {
            try check(unsafe sqlite3_bind_null(handle, place))
        }
    }

    func bind(_ value: Double?, at place: Int32) throws {
        if let value {
            try check(unsafe sqlite3_bind_double(handle, place, value))
        } else {
            try check(unsafe sqlite3_bind_null(handle, place))
        }
    }

    func bind(_ value: String?, at place: Int32) throws {
        guard var value else { return try bind(nil as Int64?, at: place) }
        try check(
            value.withUTF8 { bytes in
                unsafe bytes.withMemoryRebound(to: CChar.self) { characters in
                    // Of no bytes there may be no address, and of no address SQLite makes NULL.
                    guard let start = characters.baseAddress else {
                        return unsafe tare_sqlite_bind_text(handle, place, "", 0)
                    }
                    return unsafe tare_sqlite_bind_text(handle, place, start, UInt64(bytes.count))
                }
            })
    }

    /// Runs it once on texts and blobs that stand in `bytes`: it makes no copy of them, and has let go of them at the end.
    /// - Parameters:
    ///   - bytes: at least one.
    ///   - bind: binds all that the statement takes.
    func run(on bytes: [UInt8], _ bind: (LentBytes) throws -> Void) throws {
        try unsafe bytes.withUnsafeBytes { memory in
            guard let start = memory.baseAddress else { preconditionFailure("there are no bytes to run on") }
            defer {
                unsafe sqlite3_reset(handle)
                unsafe sqlite3_clear_bindings(handle)
            }
            try bind(unsafe LentBytes(statement: self, start: start, count: memory.count))
            _ = try step()
        }
    }

    /// Bytes of somebody else's, parts of which a statement is lent while it runs. Of no use beyond that.
    @safe struct LentBytes {
        fileprivate let statement: SQLiteStatement
        fileprivate let start: UnsafeRawPointer
        fileprivate let count: Int

        /// - Parameter range: of UTF-8; nil binds NULL.
        func bind(text range: Range<Int>?, at place: Int32) throws {
            guard let range else { return try statement.bind(nil as Int64?, at: place) }
            let text = unsafe address(of: range).assumingMemoryBound(to: CChar.self)
            try statement.check(
                unsafe sqlite3_bind_text64(
                    statement.handle, place, text, UInt64(range.count), nil, UInt8(SQLITE_UTF8)))
        }

        func bind(blob range: Range<Int>, at place: Int32) throws {
            try statement.check(
                unsafe sqlite3_bind_blob64(statement.handle, place, address(of: range), UInt64(range.count), nil))
        }

        private func address(of range: Range<Int>) -> UnsafeRawPointer {
            precondition(range.upperBound <= count, "the bytes end at \(count), before \(range)")
            return unsafe start + range.lowerBound
        }
    }

    private func check(_ code: Int32) throws {
        guard code == SQLITE_OK else { throw unsafe SQLiteFailure(of: connection) }
    }

    // MARK: - Columns

    func isNull(_ column: Int32) -> Bool { unsafe sqlite3_column_type(handle, column) == SQLITE_NULL }

    func integer(_ column: Int32) -> Int64? {
        // NULL is read as 0.
        let value = unsafe sqlite3_column_int64(handle, column)
        return value == 0 && isNull(column) ? nil : value
    }

    func real(_ column: Int32) -> Double? {
        isNull(column) ? nil : unsafe sqlite3_column_double(handle, column)
    }

    func text(_ column: Int32) -> String? {
        guard let bytes = unsafe sqlite3_column_text(handle, column) else { return nil }
        let count = unsafe sqlite3_column_bytes(handle, column)
        return unsafe String(decoding: UnsafeBufferPointer(start: bytes, count: Int(count)), as: UTF8.self)
    }

    /// Lends the bytes of a column; none of NULL.
    func withBytes<Result>(_ column: Int32, _ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
        let start = unsafe sqlite3_column_blob(handle, column)
        let count = unsafe Int(sqlite3_column_bytes(handle, column))
        let bytes = unsafe UnsafeBufferPointer(
            start: start?.assumingMemoryBound(to: UInt8.self), count: start == nil ? 0 : count)
        return try unsafe body(bytes.span)
    }
}
