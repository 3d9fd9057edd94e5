import Foundation
import Regression
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
        arguments: [150.0, 1500])
    func exact(_ interval: Double) {
        var rules = SequentialRules()
        rules.falseAlarmInterval = interval
        rules.minimumCount = 1
        // Run lengths scatter as their mean, so three standard errors are 21 %.
        #expect(abs(meanRunLength(rules) / interval - 1) < 0.21)
    }

    @Test("a minimum count makes them fewer, never more")
    func minimum() {
        var rules = SequentialRules()
        rules.falseAlarmInterval = 100
        #expect(meanRunLength(rules) > 100)
    }

    /// `make test-false-alarms` runs the size that the claim is made for, some minutes.
    private static let isFullSize = ProcessInfo.processInfo.environment["TARE_FULL_SIZE"] != nil
    private static let (seeds, subjects) = isFullSize ? (100, 100_000) : (20, 2_000)

    private static let salmon = SimulatedLevel(
        name: "salmon",
        predictors: [
            NormalDistribution(mean: 88, standardDeviation: 5), NormalDistribution(mean: 19, standardDeviation: 1),
        ],
        coefficients: [0.05, 0.01], noise: NormalDistribution(mean: 0, standardDeviation: 0.1))

    private func evaluation(_ subject: SimulatedSubject, by model: LinearModel) -> Evaluation {
        Evaluation(
            identifier: "1", level: subject.level, predictors: subject.predictors,
            predicted: model.estimate(numbers: subject.predictors, levels: []), actual: subject.response, error: 0,
            modelTime: "", timestampText: nil, time: 0)
    }

    @Test("salmon that go on as they were raise none by default, of 100 models fitted on 50 of them by 5 at most")
    func fitted() throws {
        var alarmed: [UInt64] = []
        for seed in 1...UInt64(Self.seeds) {
            var random = Xoshiro256(seed: seed)
            let rows = (1...50).map { Self.salmon.draw(number: $0, using: &random) }
            let columns = [
                "weight": rows.map(\.response), "length": rows.map { $0.predictors[0] },
                "height": rows.map { $0.predictors[1] },
            ]
            let model = try LinearModel.fit(
                ModelSpecification.fish.formula(withFactor: false), to: Table(numbers: columns))
            var detector = SequentialDetector(SequentialRules())
            detector.restart(
                for: ModelStatement(modelTime: "", sigma: model.sigma, rows: model.rowCount, coefficients: model.rank))
            let isAlarmed = (1...Self.subjects).contains { number in
                let subject = Self.salmon.draw(number: number, using: &random)
                return !detector.observe(evaluation(subject, by: model)).isEmpty
            }
            if isAlarmed { alarmed.append(seed) }
        }
        if Self.isFullSize { print("alarms: \(alarmed.count) of \(Self.seeds) seeds: \(alarmed)") }
        #expect(alarmed.count <= Self.seeds / 20, "seeds \(alarmed)")
    }
}
