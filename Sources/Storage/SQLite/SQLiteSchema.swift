import GRDB

/// The table of observations and the statements over it.
enum SQLiteSchema {
    /// Opens every connection's statements to the table as this version of the program knows it.
    static func migrate(_ pool: DatabasePool) throws {
        do {
            try migrator.migrate(pool)
        } catch {
            // Another process may have made the table between this one's look and its turn; then all is well now.
            try migrator.migrate(pool)
        }
        guard try !pool.read(migrator.hasBeenSuperseded) else {
            throw DatabaseError(message: "it was made by a newer version of this program")
        }
    }

    /// Bound to identity, timestamp, level, document and the checksum over it.
    static let insert = """
        INSERT INTO observation (identity, timestamp, level, document, checksum) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (identity) DO NOTHING
        """

    /// What `SQLiteStore.read` takes.
    private static let columns = "sequence, document, checksum"

    /// Bound to an identity.
    static let kept = "SELECT \(columns) FROM observation WHERE identity = ?"

    /// Bound to a sequence number and the number of rows.
    static let following = "SELECT \(columns) FROM observation WHERE sequence > ? ORDER BY sequence LIMIT ?"

    /// Bound to the first and the last sequence number.
    static let window = "SELECT \(columns) FROM observation WHERE sequence BETWEEN ? AND ? ORDER BY sequence"

    /// No index is searched, as `sequence` is the key of the table.
    static let end = "SELECT MAX(sequence) FROM observation"

    /// Bound to the number of rows. The identity makes the order of rows of one time independent of their arrival.
    static let newest = "SELECT \(columns) FROM observation ORDER BY timestamp DESC, identity DESC LIMIT ?"

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

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("observations") { db in
            // `sequence` is the order of insertion, `timestamp` is in milliseconds since 1970.
            try db.execute(
                sql: """
                    CREATE TABLE observation (
                        sequence INTEGER PRIMARY KEY,
                        identity TEXT NOT NULL UNIQUE,
                        timestamp INTEGER,
                        level TEXT,
                        document TEXT NOT NULL
                    ) STRICT;
                    CREATE INDEX observation_newest ON observation (timestamp, identity);
                    """)
        }
        migrator.registerMigration("observations by level") { db in
            try db.execute(sql: "CREATE INDEX observation_level ON observation (level, timestamp, identity)")
        }
        // Rows from before it have none.
        migrator.registerMigration("observations with a checksum") { db in
            try db.execute(sql: "ALTER TABLE observation ADD COLUMN checksum INTEGER")
        }
        return migrator
    }
}
