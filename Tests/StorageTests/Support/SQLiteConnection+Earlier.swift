import Foundation

@testable import Storage

extension SQLiteConnection {
    /// A file as an earlier version of the program made it.
    /// - Parameter migrations: how many there were.
    static func earlier(_ file: URL, migrations: Int) throws -> SQLiteConnection {
        let connection = try SQLiteConnection(path: file.path, .writing)
        try connection.execute(SQLiteSchema.ledger)
        for migration in SQLiteSchema.migrations.prefix(migrations) {
            try connection.execute(migration.sql)
            _ = try connection.rows("INSERT INTO grdb_migrations VALUES (?)", [.text(migration.name)]) { _ in }
        }
        return connection
    }
}
