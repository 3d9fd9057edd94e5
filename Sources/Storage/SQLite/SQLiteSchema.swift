import CSQLite

/// The table of observations and the statements over it.
enum SQLiteSchema {
    /// Makes the tables where they are missing, and what is new in them since they were made: all of it or nothing, whenever
    /// the process ends.
    static func migrate(_ connection: SQLiteConnection) throws {
        // Who only looks waits for no lock.
        guard try !pending(connection).isEmpty else { return }
        try connection.inTransaction("BEGIN IMMEDIATE") {
            // Another process may have been faster. What a new file lacks is told by its having no ledger.
            let missing = try pending(connection)
            try connection.execute(ledger)
            for migration in missing {
                try connection.execute(migration.sql)
                _ = try connection.rows("INSERT INTO grdb_migrations VALUES (?)", [.text(migration.name)]) { _ in }
            }
        }
    }

    /// The migrations that the file lacks. One that is new is made as a whole; one of an earlier version goes on from what it has,
    /// and keeps its indexes.
    /// - Throws: where it has one that this version of the program does not know.
    private static func pending(_ connection: SQLiteConnection) throws -> [Migration] {
        guard try connection.integer("SELECT 1 FROM sqlite_schema WHERE name = 'grdb_migrations'") != nil else {
            return [whole]
        }
        let made = Set(try connection.rows("SELECT identifier FROM grdb_migrations") { $0.text(0) ?? "" })
        guard made.isSubset(of: migrations.map(\.name) + [whole.name]) else {
            throw SQLiteFailure(code: SQLITE_ERROR, message: "it was made by a newer version of this program")
        }
        return made.contains(whole.name) ? [] : migrations.filter { !made.contains($0.name) }
    }

    /// Bound to identity, timestamp, level, the number of the layout, the row's bytes and the checksum over them, of each of so
    /// many rows.
    static func insert(rows: Int) -> String {
        let row = "(?, ?, ?, ?, ?, ?, '')"
        return """
            INSERT INTO observation (identity, timestamp, level, layout, row, checksum, document)
            VALUES \(Array(repeating: row, count: rows).joined(separator: ", "))
            ON CONFLICT DO NOTHING
            """
    }

    /// Bound to a layout.
    static let addLayout = "INSERT INTO layout (fields) VALUES (?)"
    static let layoutNumber = "SELECT number FROM layout WHERE fields = ?"

    /// Bound to the number of a layout.
    static let layout = "SELECT fields FROM layout WHERE number = ?"

    /// What `SQLiteRowReader` takes.
    private static let columnNames = ["sequence", "checksum", "layout", "row", "document"]
    private static let columns = columnNames.joined(separator: ", ")

    /// The same of a file that was not opened to be written, so that it may be as an earlier version left it.
    static func columns(in connection: SQLiteConnection) throws -> String {
        let there = try connection.rows("SELECT name FROM pragma_table_info('observation')") { $0.text(0) ?? "" }
        guard !there.isEmpty else { return columns }
        return columnNames.map { there.contains($0) ? $0 : "NULL" }.joined(separator: ", ")
    }

    /// Bound to a time and an identity, which has the time in it: in the index they stand in this order.
    static let kept = "SELECT \(columns) FROM observation WHERE timestamp IS ? AND identity = ?"

    /// Bound to a sequence number and the number of rows.
    static let following = "SELECT \(columns) FROM observation WHERE sequence > ? ORDER BY sequence LIMIT ?"

    /// Bound to the first and the last sequence number.
    static func window(_ columns: String) -> String {
        "SELECT \(columns) FROM observation WHERE sequence BETWEEN ? AND ? ORDER BY sequence"
    }

    /// No index is searched, as `sequence` is the key of the table.
    static let end = "SELECT MAX(sequence) FROM observation"

    /// Bound to the number of rows. The identity makes the order of rows of one time independent of their arrival.
    static let newest = "SELECT \(columns) FROM observation ORDER BY timestamp DESC, identity DESC LIMIT ?"

    /// The last one that `newest` gives, by what it is sorted by. Bound to the number of rows less one.
    static let lastOfNewest = """
        SELECT timestamp, identity FROM observation ORDER BY timestamp DESC, identity DESC LIMIT 1 OFFSET ?
        """

    /// The same rows oldest first, and the identity of each: SQLite finds the next row faster than the one before. All, those
    /// from a time and an identity on, and those with a time or from an identity on.
    static let oldestFirst = oldestFirst("TRUE")
    static let oldestFirstFrom = oldestFirst("(timestamp, identity) >= (?, ?)")
    static let oldestFirstFromUndated = oldestFirst("timestamp IS NOT NULL OR identity >= ?")

    /// All rows with the identity of each, as they came.
    static let inFileOrder = "SELECT \(columns), identity FROM observation ORDER BY sequence"

    /// Those behind a sequence number, to which it is bound.
    static let added = "SELECT \(columns), identity FROM observation WHERE sequence > ? ORDER BY sequence"

    /// The file has at most one row more than this; NULL where it has none. Each end is found by one step.
    static let sequenceSpan = """
        SELECT (SELECT MAX(sequence) FROM observation) - (SELECT MIN(sequence) FROM observation)
        """

    private static func oldestFirst(_ condition: String) -> String {
        "SELECT \(columns), identity FROM observation WHERE \(condition) ORDER BY timestamp, identity"
    }

    /// Bound to a time and the number of rows.
    static let newestBefore = """
        SELECT \(columns) FROM observation WHERE timestamp < ? ORDER BY timestamp DESC, identity DESC LIMIT ?
        """

    /// The levels in byte order, each found by one step in the index.
    static let levels = """
        WITH RECURSIVE found (level) AS (
            SELECT MIN(level) FROM observation
            UNION ALL
            SELECT (SELECT MIN(level) FROM observation WHERE level > found.level) FROM found WHERE level IS NOT NULL
        )
        SELECT level FROM found WHERE level IS NOT NULL
        """

    /// Bound to the level and the number of rows.
    static let newestOfLevel =
        "SELECT \(columns) FROM observation WHERE level = ? ORDER BY timestamp DESC, identity DESC LIMIT ?"

    /// Reads a page of the table, which fails where the file is gone, locked or not a database.
    static let check = "SELECT 1 FROM observation LIMIT 1"

    struct Migration {
        let name: String
        let sql: String
    }

    /// The name is that of the library that wrote the first files.
    static let ledger = "CREATE TABLE IF NOT EXISTS grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)"

    /// A new file. An identity has the time in it, so one index finds the newest rows and sees to it that none is there twice:
    /// in files of earlier versions these are two, and each takes a tenth of the time that a row takes. Of rows without a time
    /// SQLite takes none for the same as another, so they have an index of their own.
    private static let whole = Migration(
        name: "observations, one of each time and identity",
        sql: """
            CREATE TABLE observation (
                sequence INTEGER PRIMARY KEY,
                identity TEXT NOT NULL,
                timestamp INTEGER,
                level TEXT,
                document TEXT NOT NULL,
                checksum INTEGER,
                layout INTEGER,
                row BLOB
            ) STRICT;
            CREATE UNIQUE INDEX observation_newest ON observation (timestamp, identity);
            CREATE UNIQUE INDEX observation_undated ON observation (identity) WHERE timestamp IS NULL;
            CREATE INDEX observation_level ON observation (level, timestamp, identity);
            CREATE TABLE layout (number INTEGER PRIMARY KEY, fields TEXT NOT NULL UNIQUE) STRICT;
            """)

    /// How files of earlier versions came to be what they are.
    static let migrations = [
        Migration(
            name: "observations",
            // `sequence` is the order of insertion, `timestamp` is in milliseconds since 1970.
            sql: """
                CREATE TABLE observation (
                    sequence INTEGER PRIMARY KEY,
                    identity TEXT NOT NULL UNIQUE,
                    timestamp INTEGER,
                    level TEXT,
                    document TEXT NOT NULL
                ) STRICT;
                CREATE INDEX observation_newest ON observation (timestamp, identity);
                """),
        Migration(
            name: "observations by level",
            sql: "CREATE INDEX observation_level ON observation (level, timestamp, identity)"),
        // Rows from before it have none.
        Migration(
            name: "observations with a checksum", sql: "ALTER TABLE observation ADD COLUMN checksum INTEGER"),
        // Rows from before it are documents, and stay so: to write all of them anew could take hours.
        Migration(
            name: "observations as numbers",
            sql: """
                CREATE TABLE layout (number INTEGER PRIMARY KEY, fields TEXT NOT NULL UNIQUE) STRICT;
                ALTER TABLE observation ADD COLUMN layout INTEGER;
                ALTER TABLE observation ADD COLUMN row BLOB;
                """),
    ]
}
