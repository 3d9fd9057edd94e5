import Documents
import Foundation
import HTTPServer
import Logging
import ModelService
import Regression
import Specification
import Threading

@testable import Program
@testable import Tare

/// The routes as the server calls them, without a socket, over a store in memory.
final class RouteHarness: Sendable {
    let store: MemoryStore
    let routes: Routes
    let service: ModelService
    private let folder: Folder
    let metrics = ServerMetrics()

    convenience init(
        levels: [String]? = ["salmon"], unseen: UnseenLevels = .accept, settings: ModelService.Settings = .init(),
        memory: RequestMemory = RequestMemory(bytesMax: 256 << 20, bytesPerClientMax: 256 << 20)
    ) throws {
        try self.init(
            rows: levels.map { Fish.rows(60, levels: $0) }, unseen: unseen, settings: settings, memory: memory)
    }

    /// - Parameter rows: those that the model in service was fitted on; nil without a model.
    convenience init(
        rows: [Observation]?, unseen: UnseenLevels = .accept, settings: ModelService.Settings = .init(),
        memory: RequestMemory = RequestMemory(bytesMax: 256 << 20, bytesPerClientMax: 256 << 20)
    ) throws {
        let initial = try rows.map { rows in
            try ModelVersion(
                fitting: TrainingRows(oldestFirst: rows, specification: .fish),
                time: Timestamp(milliseconds: 1_622_620_132_137), parent: nil, trigger: .null)
        }
        try self.init(
            initial: initial, unseen: unseen, store: MemoryStore(), folder: Folder(), settings: settings,
            memory: memory)
    }

    convenience init(
        model: ModelVersion, unseen: UnseenLevels = .accept, settings: ModelService.Settings = .init()
    ) throws {
        try self.init(initial: model, unseen: unseen, store: MemoryStore(), folder: Folder(), settings: settings)
    }

    private init(
        initial: ModelVersion?, unseen: UnseenLevels, store: MemoryStore, folder: Folder,
        settings: ModelService.Settings = .init(),
        memory: RequestMemory = RequestMemory(bytesMax: 256 << 20, bytesPerClientMax: 256 << 20)
    ) throws {
        self.store = store
        self.folder = folder
        let feed = EventFeed(initial?.specification ?? .fish)
        service = ModelService(
            specification: initial?.specification ?? .fish, store: store, models: ModelDirectory(path: folder.path),
            initial: initial,
            settings: settings,
            tell: { [metrics] in
                metrics.note($0)
                feed.note($0)
            }, clock: { Timestamp(milliseconds: 1_623_245_967_971) })
        if initial == nil {
            try service.settle()
            service.catchUp(pagesMax: 1)
        }
        // Made where a test asks for it: it takes longer than the rest.
        let documentation = Documentation { try Self.contract(of: initial) }
        routes = Routes(
            service: service, memory: memory, documentation: documentation, unseen: unseen, metrics: metrics,
            events: feed,
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// That of fish is made once, as most tests do not look at it.
    private static func contract(of model: ModelVersion?) throws -> ContractFiles.Texts {
        guard let model, model.specification != .fish else { return try ofFish.get() }
        return try Contract(of: model.specification, model: model).texts()
    }

    private static let ofFish = Result { try Contract(of: .fish, model: .read(nil)).texts() }

    /// Another server over the same rows and models, as after a restart.
    func restarted() throws -> RouteHarness {
        try RouteHarness(initial: nil, unseen: .accept, store: store, folder: folder)
    }

    private final class Folder: Sendable {
        let path = NSTemporaryDirectory() + "tare-routes-\(UUID().uuidString)"

        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    func send(
        _ method: String, _ path: String, query: [HTTPField] = [], headers: [HTTPField] = [], body: String = ""
    ) async -> HTTPResponse {
        let request = HTTPRequest(method: method, path: path, query: query, headers: headers, body: Array(body.utf8))
        switch routes.answer(request) {
        case .now(let response): return response
        case .stream(let head, _): return head
        case .later(let start):
            return await withCheckedContinuation { waiting in start(Responder(waiting)) }
        }
    }

    private struct Responder: HTTPResponder {
        let waiting: CheckedContinuation<HTTPResponse, Never>

        init(_ waiting: CheckedContinuation<HTTPResponse, Never>) { self.waiting = waiting }

        func respond(_ response: HTTPResponse) { waiting.resume(returning: response) }
    }
}

extension HTTPResponse {
    var text: String { String(decoding: body, as: UTF8.self) }

    var document: JSON? { try? JSON(parsing: body) }

    func header(_ name: String) -> String? { headers.first { $0.isNamed(name) }?.value }

    /// Whether this is a problem document of its own status, as RFC 9457 has it.
    var isProblem: Bool {
        header("Content-Type") == "application/problem+json" && document?["status"]?.integer == Int64(status)
            && document?["detail"]?.text?.isEmpty == false
    }
}

/// Fish by a formula, so that no data is needed.
enum Fish {
    static func rows(_ count: Int, levels: [String] = ["salmon"]) -> [Observation] {
        (0..<count).map { index in
            let length = 80 + Double(index * 7 % 23)
            let height = 16 + Double(index * 5 % 9)
            let level = index % levels.count
            let wave = Double(index % 3 - 1) / 10
            return Observation(
                identifier: "\(index + 1)", level: levels[level], predictors: [length, height],
                actual: (level == 0 ? 0.05 : 0.02) * length + 0.01 * height + wave,
                timestamp: Timestamp(milliseconds: 1_623_245_000_000 + Int64(index) * 2000))
        }
    }
}

/// A store in memory that can be told to fail.
final class MemoryStore: Store {
    private let rows = MemoryRows()
    private let failure = Lock<StoreError?>(nil)
    private let refused = Lock<String?>(nil)

    var count: Int { rows.count }

    func fail(with error: StoreError?) { failure.withLock { $0 = error } }

    /// Refuses all rows that come together with one of this identifier.
    func refuse(_ identifier: String) { refused.withLock { $0 = identifier } }

    func record(_ new: [Observation]) throws(StoreError) -> Recorded {
        try check()
        if let refused = refused.withLock({ $0 }), new.contains(where: { $0.identifier == refused }) {
            throw StoreError(.refused, "not the row \(refused)")
        }
        return rows.record(new)
    }

    func newest(_ count: Int) throws(StoreError) -> [Observation] {
        try check()
        return rows.newest(count)
    }

    func newest(_ count: Int, before time: Timestamp) throws(StoreError) -> [Observation] {
        try check()
        return rows.newest(count, before: time)
    }

    func newestOfEachLevel(_ count: Int, within bounds: RowBounds) throws(StoreError) -> [Observation] {
        try check()
        return rows.newestOfEachLevel(count, within: bounds)
    }

    func end(notAfter latest: Timestamp?) throws(StoreError) -> StorePlace {
        try check()
        return rows.end(notAfter: latest)
    }

    func rows(
        after place: StorePlace, notAfter latest: Timestamp?, limit: Int
    ) throws(StoreError) -> StorePage {
        try check()
        return rows.rows(after: place, notAfter: latest, limit: limit)
    }

    func check() throws(StoreError) {
        if let error = failure.withLock({ $0 }) { throw error }
    }

    func close() {}
}
