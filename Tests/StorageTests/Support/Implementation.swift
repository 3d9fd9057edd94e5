import Documents
import Foundation
import ModelService
import MongoTesting
import Specification
import Threading

@testable import Storage

/// The stores that must all pass the same tests.
enum Implementation: String, CaseIterable, Sendable {
    case sqlite, mongo, memory

    static var available: [Implementation] { allCases.filter { $0 != .mongo || MongoServer.isAvailable } }

    /// Lends `body` a way to open stores that all lead to the same rows, of which there are none yet.
    func withStores(
        of specification: ModelSpecification = Sample.fish, _ body: (_ open: () throws -> any Store) throws -> Void
    ) throws {
        switch self {
        case .sqlite:
            try withTemporaryFolder { folder in
                try Self.lend(.sqlite(path: folder.appending(path: "rows.sqlite").path), specification, body)
            }
        case .mongo:
            try MongoFixture.withDatabase { fixture in try Self.lend(.mongo(fixture.location), specification, body) }
        case .memory:
            let rows = MemoryRows()
            try body { rows }
        }
    }

    func withStore(_ body: (any Store) throws -> Void) throws {
        try withStores { open in try body(open()) }
    }

    private static func lend(
        _ location: StoreLocation, _ specification: ModelSpecification,
        _ body: (_ open: () throws -> any Store) throws -> Void
    ) throws {
        var opened: [any Store] = []
        defer { for store in opened { store.close() } }
        try body {
            let store = try openStore(location, specification: specification, log: { _ in })
            opened.append(store)
            return store
        }
    }
}

/// A database of a test's own, on the shared server or on one of its own.
struct MongoFixture {
    let uri: String
    let database: String

    var location: MongoLocation {
        get throws { try MongoLocation(parsing: text, defaultCollection: "a.b") }
    }

    /// The location as a user would write it.
    var text: String {
        let scheme = uri.range(of: "://")?.upperBound ?? uri.startIndex
        let authorityEnd = uri[scheme...].firstIndex { $0 == "/" || $0 == "?" } ?? uri.endIndex
        let options = uri[authorityEnd...].drop { $0 != "?" }
        return "\(uri[..<authorityEnd])/\(database).rows\(options)"
    }

    var shell: MongoShell { MongoShell(uri: uri, database: database) }

    private static let counter = Lock(0)

    init(uri: String) {
        self.uri = uri
        let number = Self.counter.withLock { counter in
            counter += 1
            return counter
        }
        database = "tare_test_\(ProcessInfo.processInfo.processIdentifier)_\(number)"
    }

    static func withDatabase(_ body: (MongoFixture) throws -> Void) throws {
        let fixture = MongoFixture(uri: try MongoServer.sharedURI())
        defer { _ = try? fixture.shell.run(["dropDatabase": 1]) }
        try body(fixture)
    }

    func open(log: @escaping @Sendable (String) -> Void = { _ in }) throws -> any Store {
        try openStore(.mongo(location), specification: Sample.fish, log: log)
    }

    /// Opens a store for `body` and closes it.
    func withStore(
        log: @escaping @Sendable (String) -> Void = { _ in }, _ body: (any Store) throws -> Void
    ) throws {
        let store = try open(log: log)
        defer { store.close() }
        try body(store)
    }
}
