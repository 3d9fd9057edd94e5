import Metrics
import Testing

@testable import ModelService

@Suite("Predictions by version")
struct PredictionTallyTests {
    private static func counters(_ counts: [String: Int]) -> GroupCounters {
        let counters = GroupCounters(GroupLabels(["a", "b"]))
        for (group, count) in counts { for _ in 0..<count { counters.count(group) } }
        return counters
    }

    @Test("a version that serves again goes on counting where it ended")
    func again() {
        var tally = PredictionTally()
        tally.begin("1", Self.counters(["a": 2]))
        tally.begin("2", Self.counters(["b": 3]))
        let again = Self.counters(["a": 1, "c": 4])
        tally.begin("1", again)
        tally.begin("1", again)
        #expect(
            tally.counts.filter { $0.count > 0 } == [
                PredictionCount(version: "2", group: "b", count: 3),
                PredictionCount(version: "1", group: "a", count: 3),
                PredictionCount(version: "1", group: "other", count: 4),
            ])
    }

    @Test("only the versions that served last are told apart, and no count is lost")
    func bounded() {
        var tally = PredictionTally()
        for version in 0..<(PredictionTally.versionsMax + 5) {
            tally.begin("\(version)", Self.counters(["a": 1, "b": 1]))
        }
        let counts = tally.counts
        #expect(Set(counts.map(\.version)).count == PredictionTally.versionsMax + 1)
        #expect(counts.last == PredictionCount(version: "other", group: "other", count: 10))
        #expect(counts.map(\.count).reduce(0, +) == UInt64(2 * (PredictionTally.versionsMax + 5)))
    }
}
