import Documents
import EventTesting
import Testing

@testable import EventProcessing
@testable import Streaming

@Suite("The runner tells its source what is done with")
struct SettlingTests {
    /// Notes what it is told, with how many inputs it had delivered and how many rows the server had by then.
    private final class NotingSource: EventSource {
        struct Note: Equatable {
            let delivered: Int
            let recorded: Int
            let memory: PipelineMemory
            let isLast: Bool
        }

        private var deliveries: [Delivery]
        private let client: MemoryModelClient
        private var delivered = 0
        private(set) var notes: [Note] = []
        var onDelivery: (Int) -> Void = { _ in }

        init(_ deliveries: [Delivery], client: MemoryModelClient) {
            self.deliveries = deliveries
            self.client = client
        }

        var fraction: Double? { nil }

        func next(waiting patience: Duration) -> Delivery? {
            guard !deliveries.isEmpty else { return nil }
            delivered += 1
            onDelivery(delivered)
            return deliveries.removeFirst()
        }

        func settle(_ pipeline: Pipeline, isLast: Bool) {
            notes.append(
                Note(delivered: delivered, recorded: client.recorded.count, memory: pipeline.memory, isLast: isLast))
        }
    }

    private func deliveries(_ events: [Event]) -> [Delivery] { events.map { .input(.event($0), due: $0.time) } }

    @Test("only when every row that was evaluated is recorded, and at the end")
    func recorded() throws {
        let harness = RunnerHarness()
        let events = RunnerHarness.factory(30)
        let source = NotingSource(deliveries(events) + [.idle], client: harness.client)
        let (end, summary) = harness.run(source)
        #expect(end == .inputEnded && summary.recorded == 30)
        for note in source.notes {
            let evaluated = events.prefix(note.delivered).count { if case .outcome = $0 { true } else { false } }
            #expect(note.recorded == evaluated)
        }
        let last = try #require(source.notes.last)
        #expect(last.isLast && last.recorded == 30 && source.notes.count { $0.isLast } == 1)
        #expect(last.memory.evaluatedThrough == events.last?.time)
    }

    @Test("what is remembered begins where the join forgets, on the side that is behind")
    func memory() throws {
        let harness = RunnerHarness()
        let first = Timestamp(milliseconds: 1_623_240_000_000)
        let later = first.advanced(byMilliseconds: 3_600_000)
        let source = NotingSource(
            deliveries([.measurement(.sample("1", at: later)), .outcome(.sample("2", at: first, value: 4))]),
            client: harness.client)
        _ = harness.run(source)
        let retention = Preset(.blog, for: .fish).join.retention
        let memory = try #require(source.notes.last?.memory)
        #expect(memory.joinsFrom == first.advanced(byMilliseconds: 1 - retention) && memory.evaluatedThrough == nil)
        #expect(memory.believedThrough == later && memory.isBeginning)
    }

    @Test("not where a stop broke off the event at hand: its trigger has not been told")
    func brokenOff() throws {
        let harness = RunnerHarness()
        let source = NotingSource(deliveries(RunnerHarness.factory(60)), client: harness.client)
        // The window that ends while these are weighed triggers, and the server is away then.
        source.onDelivery = { delivered in
            if delivered == 50 { harness.client.failures = Array(repeating: .unavailable("away"), count: 1000) }
        }
        harness.clock.stopsAtWait = 3
        let (end, _) = harness.run(source)
        #expect(end == .stopped)
        #expect(!source.notes.contains { $0.isLast })
    }

    @Test("a window that had closed before a restart stays closed, and is no event")
    func resumed() throws {
        let events = RunnerHarness.factory(60)
        let plain = RunnerHarness(roles: [.predict, .join, .window])
        let (_, before) = plain.run(NotingSource(deliveries(events), client: plain.client))
        #expect(before.drifts > 0)
        let harness = RunnerHarness(roles: [.predict, .join, .window])
        let end = try #require(events.last?.time)
        let (_, after) = harness.run(
            NotingSource(
                [.resumed(end.advanced(byMilliseconds: 120_000), detector: nil)] + deliveries(events),
                client: harness.client)
        )
        #expect(after.drifts == 0 && after.evaluated == 60 && after.late == 60 && after.events == before.events)
    }
}
