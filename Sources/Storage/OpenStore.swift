package import ModelService
import Regression
package import Specification

/// Opens the store. It does not wait for a database that is away: that shows when a call needs it.
/// - Parameter log: is told in one line what an operator should know, without credentials.
/// - Throws: what asking again would not change, such as a file that is no database.
package func openStore(
    _ location: StoreLocation, specification: ModelSpecification, log: @escaping @Sendable (String) -> Void
) throws(StoreError) -> any Store {
    switch location {
    case .sqlite(let path): try SQLiteStore(path: path, specification: specification, log: log)
    case .mongo(let location): try MongoStore(location: location, specification: specification, log: log)
    }
}
