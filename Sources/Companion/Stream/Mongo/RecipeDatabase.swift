import EventProcessing
import Regression
import Specification
import Storage
import Streaming

/// The database of the recipe, which is read from and written to.
struct RecipeDatabase {
    let source: MongoSource
    private let location: MongoLocation
    private let specification: ModelSpecification
    private let database: PatientDatabase

    init(
        _ location: MongoLocation, specification: ModelSpecification, preset: Preset, roles: Roles,
        clock: any StreamClock, notices: any RunNotices
    ) throws {
        self.location = location
        self.specification = specification
        database = PatientDatabase(name: "\(location)", clock: clock, notices: notices)
        source = try MongoSource(
            location, reader: FeedReader(specification: specification, preset: preset, roles: roles), preset: preset,
            roles: roles, database: database, clock: clock, notices: notices)
    }

    /// The model server, but for the rows, which go into the collection.
    func client(with model: any ModelClient) throws -> any ModelClient {
        // An index that cannot be made is told from another thread, and is the server's to tell.
        let store = try openStore(.mongo(location), specification: specification, log: { _ in })
        return DirectRecords(model, store: store, specification: specification, database: database)
    }
}
