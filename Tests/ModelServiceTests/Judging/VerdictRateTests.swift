import Documents
import Foundation
import Regression
import Specification
import Testing

@testable import ModelService

/// How often the gate errs where scales slip: some of 50 rows weigh a tenth, or ten times, of what they should.
/// `make test-verdicts` prints the table of docs/gate.md.
@Suite("Wrong verdicts")
struct VerdictRateTests {
    private static let isFullSize = ProcessInfo.processInfo.environment["TARE_FULL_SIZE"] == "1"
    private static let seeds = UInt64(isFullSize ? 1000 : 25)

    private struct Rates {
        var bad = 0
        var keptOut = 0
        var error = 0.0
    }

    /// The mean relative distance from the truth without noise, on rows that neither model has seen.
    private static func distance(_ model: ModelVersion, _ rows: [Observation], factor: Double) -> Double {
        rows.map { row in
            let numbers = row.predictors.compactMap(\.self)
            let truth = factor * RandomFlats.truth(numbers, district: row.level == "south" ? 1 : 0)
            return abs(model.estimate(predictors: numbers, levels: [row.level ?? ""])!.value - truth) / truth
        }.mean
    }

    /// - Parameters:
    ///   - drift: what all prices are multiplied by from the first of the 50 rows on.
    ///   - count: how many of them slipped, by `slip`.
    private static func rates(drift: Double, count: Int, slip: Double) throws -> Rates {
        var rates = Rates()
        for seed in 1...seeds {
            let rows = RandomFlats(seed: seed).rows(250, districts: ["north", "south"])
            let champion = try ModelVersionTests.model(Array(rows.prefix(100)))
            var newest = Array(rows[100..<150])
            for index in newest.indices {
                let isSlipped = index * count % 50 < count && count > 0
                newest[index].actual = newest[index].actual.map { $0 * drift * (isSlipped ? slip : 1) }
            }
            let reason = TrainingReason.change(since: newest[0].timestamp!, isEstimated: true)
            let judgement = Contest(newest, champion: champion, reason: reason).judgement()
            let before = distance(champion, Array(rows[150...]), factor: drift)
            guard judgement.isAccepted else {
                rates.keptOut += 1
                rates.error += before
                continue
            }
            let model = try ModelVersion(
                fitting: judgement.standings.pool.trainingRows(judgement.fit.places, gross: judgement.fit.gross),
                time: ModelVersionTests.time, parent: nil, trigger: .null)
            let after = distance(model, Array(rows[150...]), factor: drift)
            // A model that is off by less than half of the noise more than the one before is as good as that.
            if after > before + 0.5 * RandomFlats.noise { rates.bad += 1 }
            rates.error += after
        }
        return rates
    }

    private static func percent(_ part: Double) -> String { ModelSpecification.ErrorMeasure.relative.text(part) }

    @Test("slips of 0, 1, 3 and 5 of 50 rows neither let a bad model in nor keep a good one out")
    func slips() throws {
        var lines = [
            "| change of all | slipped of 50 | to | bad let in | good kept out | mean distance from the truth |"
        ]
        lines.append("|---|---|---|---|---|---|")
        for drift in [1.0, 0.9, 1.3, 0.6] {
            for (count, slip) in [(0, 1.0), (1, 0.1), (1, 10), (3, 0.1), (3, 10), (5, 0.1), (5, 10)] {
                let rates = try Self.rates(drift: drift, count: count, slip: slip)
                let all = Double(Self.seeds)
                #expect(Double(rates.bad) <= 0.03 * all, "\(drift), \(count), \(slip)")
                if drift != 1 { #expect(Double(rates.keptOut) <= 0.02 * all, "\(drift), \(count), \(slip)") }
                let keptOut = drift == 1 ? "-" : Self.percent(Double(rates.keptOut) / all)
                lines.append(
                    "| \(drift == 1 ? "none" : Self.percent(drift - 1)) | \(count) | \(count == 0 ? "-" : slip < 1 ? "a tenth" : "ten times") |"
                        + " \(Self.percent(Double(rates.bad) / all)) | \(keptOut) | \(Self.percent(rates.error / all)) |"
                )
            }
        }
        if Self.isFullSize { print(lines.joined(separator: "\n")) }
    }
}
