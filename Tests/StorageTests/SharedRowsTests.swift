import Documents
import Foundation
import ModelService
import Specification
import Testing

@testable import Storage

/// Servers over one database of rows and one folder of models.
@Suite(.timeLimit(.minutes(40))) struct SharedRowsTests {
    /// Fish whose weight follows a plane, but for a small wave.
    private static func fish(_ numbers: Range<Int>, factor: Double = 1) -> [Observation] {
        numbers.map { number in
            var row = Sample.row(number)
            let (length, height) = (80 + Double(number * 7 % 23), 16 + Double(number * 5 % 9))
            row.predictors = [length, height]
            row.actual = factor * (0.05 * length + 0.01 * height + Double(number % 3) / 10)
            return row
        }
    }

    private static func withServers(
        _ implementation: Implementation, _ body: (_ start: () throws -> ModelService) throws -> Void
    ) throws {
        try implementation.withStores { open throws in
            try withoutActuallyEscaping(open) { open in
                try withTemporaryFolder { folder throws in
                    let servers = Opened(folder: folder, open: open)
                    defer { servers.close() }
                    try body(servers.start)
                }
            }
        }
    }

    private final class Opened {
        private let folder: URL
        private let open: () throws -> any Store
        private var services: [ModelService] = []

        init(folder: URL, open: @escaping () throws -> any Store) {
            self.folder = folder
            self.open = open
        }

        func start() throws -> ModelService {
            let service = ModelService(
                specification: Sample.fish, store: try open(),
                models: try openModelStore(.folder(path: folder.path), log: { _ in }), initial: nil,
                clock: { Sample.start.advanced(byMilliseconds: 3_600_000) })
            services.append(service)
            try service.settle()
            service.catchUp(pagesMax: .max)
            return service
        }

        func close() { for service in services { service.close() } }
    }

    @Test(
        "a probation is decided by the rows of all servers, before and after restarts, whatever the database",
        arguments: Implementation.available)
    func probation(implementation: Implementation) throws {
        try Self.withServers(implementation) { start throws in
            let first = try start()
            _ = try first.observe(Self.fish(0..<60))
            guard case .retrained(let parent) = first.train(.window(1)) else {
                Issue.record("not retrained")
                return
            }
            _ = try first.observe(Self.fish(60..<120, factor: 0.5))
            guard case .retrained(let failed) = first.train(.window(2)) else {
                Issue.record("not retrained")
                return
            }
            let second = try start()
            // In the order of no clock: the second server's rows are older than the first's.
            _ = try first.observe(Self.fish(126..<129))
            _ = try second.observe(Self.fish(120..<123))
            _ = try second.observe(Self.fish(126..<129))
            #expect(second.coverage?.total.observed == 6)
            let third = try start()
            #expect(third.current?.version == failed.version && third.coverage?.total.observed == 6)
            _ = try third.observe(Self.fish(129..<132))
            #expect(third.current?.version == failed.version)
            _ = try third.observe(Self.fish(132..<133))
            #expect(third.current?.version == parent.version && third.rollback?["rows"] == 10)
            let fourth = try start()
            #expect(fourth.current?.version == parent.version && fourth.rollback == third.rollback)
        }
    }

    @Test("a recount of more rows than a page holds comes to the same counts", arguments: Implementation.available)
    func recount(implementation: Implementation) throws {
        try Self.withServers(implementation) { start throws in
            let first = try start()
            _ = try first.observe(Self.fish(0..<60))
            _ = first.train(.window(1))
            for part in 0..<5 { _ = try first.observe(Self.fish(60 + part * 300..<360 + part * 300)) }
            let coverage = try #require(first.coverage).document
            #expect(coverage["observed"] != 0)
            #expect(try start().coverage?.document == coverage)
        }
    }
}
