import Testing

@testable import Streaming

@Suite("False alarms of the sequential detector")
struct FalseAlarmTests {
    private static let runs = 200

    /// The mean number of evaluations up to an alarm, of a model whose errors are as it says.
    private func meanRunLength(_ rules: SequentialRules) -> Double {
        let errors = NormalDistribution(mean: 0, standardDeviation: 1)
        var random = Xoshiro256(seed: 7)
        var total = 0
        for _ in 0..<Self.runs {
            var detector = SequentialDetector(rules, for: .exact)
            repeat { total += 1 } while detector.observe(.off(errors.draw(using: &random))).isEmpty
        }
        return Double(total) / Double(Self.runs)
    }

    @Test(
        "the mean number of fish between two of them is the one that is asked for",
        arguments: [(100, 1.0), (1000, 1.0), (1000, 0.5)])
    func exact(_ interval: Double, _ allowance: Double) {
        var rules = SequentialRules()
        rules.falseAlarmInterval = interval
        rules.allowance = allowance
        rules.minimumCount = 1
        // Run lengths scatter as their mean, so three standard errors are 21 %.
        #expect(abs(meanRunLength(rules) / interval - 1) < 0.21)
    }

    @Test("a minimum count makes them fewer, never more")
    func minimum() {
        var rules = SequentialRules()
        rules.falseAlarmInterval = 300
        #expect(meanRunLength(rules) > 300)
    }
}
