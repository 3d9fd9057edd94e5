import Documents
import Foundation
import ModelService
import MongoTesting
import Specification
import Threading

@testable import Storage

/// The stores of models that must all pass the same tests.
enum ModelStoreKind: String, CaseIterable, Sendable {
    case folder, mongo

    static var available: [ModelStoreKind] { allCases.filter { $0 != .mongo || MongoServer.isAvailable } }

    /// Lends `body` a way to open stores that all lead to the same models, of which there are none yet.
    func withStores(_ body: (_ open: () throws -> any ModelStore) throws -> Void) throws {
        switch self {
        case .folder:
            try withTemporaryFolder { try Self.lend(.folder(path: $0.appending(path: "models").path), body) }
        case .mongo:
            try MongoFixture.withDatabase { try Self.lend(.mongo($0.location), body) }
        }
    }

    static func lend(
        _ location: ModelStoreLocation, _ body: (_ open: () throws -> any ModelStore) throws -> Void
    ) throws {
        var opened: [any ModelStore] = []
        defer { for store in opened { store.close() } }
        try body {
            let store = try openModelStore(location, log: { _ in })
            opened.append(store)
            return store
        }
    }
}

/// Servers over one store of models and one of rows, without a wire.
final class Servers {
    private let open: () throws -> any ModelStore
    private let rows = MemoryRows()
    private var services: [ModelService] = []

    init(_ open: @escaping () throws -> any ModelStore) {
        self.open = open
        _ = rows.record(EnoughFish.all)
    }

    /// Another server, which takes over what the others agreed on.
    func start(initial: ModelVersion? = nil, follows: Bool = true) throws -> ModelService {
        var settings = ModelService.Settings()
        // The same rows make no better model.
        settings.isGated = false
        settings.followMilliseconds = 20
        let service = ModelService(
            specification: Sample.fish, store: rows, models: try open(), initial: initial, settings: settings,
            clock: { Sample.start })
        services.append(service)
        do throws(StoreError) {
            try service.settle()
        } catch {
            guard error.kind == .unavailable else { throw error }
        }
        if follows { service.follow() }
        return service
    }

    func end() { for service in services { service.close() } }
}

/// Enough fish for a model of two species.
enum EnoughFish {
    static let all = (0..<30).map { number in
        var row = Sample.row(number + 10)
        row.predictors = [80 + Double(number * 7 % 23), 16 + Double(number * 5 % 9)]
        row.actual = 2 + Double(number % 7) / 8
        return row
    }
}

extension ModelService {
    /// Waits for the outcome.
    func train(_ request: TrainingRequest) -> TrainingOutcome {
        let outcome = Lock<TrainingOutcome?>(nil)
        let done = DispatchSemaphore(value: 0)
        train(request) { given in
            outcome.withLock { $0 = given }
            done.signal()
        }
        done.wait()
        return outcome.withLock { $0 } ?? .inProgress
    }

    /// Waits until that version serves; false where it takes far too long.
    func serves(_ version: String?) -> Bool {
        for _ in 0..<3000 where current?.model.version != version { usleep(10_000) }
        return current?.model.version == version
    }
}

extension TrainingRequest {
    static func window(_ number: Int) -> TrainingRequest {
        TrainingRequest(
            trigger: ["window": JSON(number)], identities: [TriggerIdentity([JSON(number)], isLasting: true)])
    }
}

extension ModelVersion {
    static func sample(_ number: Int, trigger: JSON = .null) throws -> ModelVersion {
        try ModelVersion(
            fitting: TrainingRows(oldestFirst: EnoughFish.all, specification: Sample.fish),
            time: Sample.start.advanced(byMilliseconds: Int64(number) * 1000), parent: nil, trigger: trigger)
    }
}
