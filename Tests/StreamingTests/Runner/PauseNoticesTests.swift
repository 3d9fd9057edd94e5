import EventProcessing
import EventTesting
import Testing

@testable import Streaming

@Suite("What is said of machines that pause")
struct PauseNoticesTests {
    private func told(_ pauses: Int) -> (perPause: [Int], last: [String]) {
        var summary = RunSummary()
        var (counts, last): ([Int], [String]) = ([], [])
        for _ in 0..<pauses {
            last = summary.note(.held(.outcome(.sample("1", at: 0)), ahead: 3_600_000))
            last += summary.note(.held(.outcome(.sample("2", at: 0)), ahead: 3_600_000))
            last += summary.note(.confirmed(count: 2, through: 0))
            counts.append(last.count)
        }
        return (counts, last)
    }

    @Test("the first eight pauses are told, the eighth says what follows, and then every doubling is")
    func seldom() {
        let counts = told(40).perPause
        #expect(counts.prefix(7).allSatisfy { $0 == 3 } && counts[7] == 4)
        #expect(counts.indices.filter { $0 > 7 && counts[$0] > 0 }.map { $0 + 1 } == [16, 32])
        #expect(told(8).last.last == "that was the 8th time; from now on the 16th, 32nd, 64th and so on are told")
    }
}
