import Documents
import EventTesting
import Testing

@testable import EventProcessing

@Suite("The window against a reference that keeps every row")
struct TumblingWindowPropertyTests {
    /// The windows that close, each from all rows that counted for it: computed anew at every row.
    private func naive(_ rows: [Evaluation], _ rules: WindowRules) -> [[Int64: [Double]]] {
        var latest = Int64.min
        var counted: [(start: Int64, error: Double?)] = []
        var told: Set<Int64> = []
        return rows.map { row in
            let start = Int64((Double(row.time.milliseconds) / Double(rules.size)).rounded(.down)) * rules.size
            latest = max(latest, row.time.milliseconds)
            if start + rules.size + rules.grace > latest { counted.append((start, row.error)) }
            var closed: [Int64: [Double]] = [:]
            for window in Set(counted.map(\.start)) where window + rules.size + rules.grace <= latest {
                guard told.insert(window).inserted else { continue }
                closed[window] = counted.filter { $0.start == window }.compactMap(\.error)
            }
            return closed
        }
    }

    @Test("random rows close the same windows at the same rows with the same means", arguments: 1...40)
    func random(_ seed: UInt64) {
        var random = Xoshiro256(seed: seed)
        let rules = WindowRules(
            size: Int64.random(in: 1...100_000, using: &random), grace: Int64.random(in: 0...200_000, using: &random),
            threshold: WindowRules.Threshold(value: -10), emission: .final)
        var now: Int64 = 0
        let rows = (0..<600).map { index in
            now += Int64.random(in: 0...20_000, using: &random)
            let time = now - Int64.random(in: 0...150_000, using: &random)
            let error = Int.random(in: 0..<10, using: &random) == 0 ? nil : Double.random(in: -1...2, using: &random)
            return Evaluation.sample("\(index)", at: Timestamp(milliseconds: time), error: error)
        }
        var window = TumblingWindow(rules)
        for (row, expected) in zip(rows, naive(rows, rules)) {
            let drifts = window.observe(row).map { change in
                if case .found(let drift) = change { drift } else { preconditionFailure("final") }
            }
            #expect(drifts.map(\.period.start.milliseconds) == expected.keys.sorted(), "seed \(seed)")
            for drift in drifts {
                let errors = expected[drift.period.start.milliseconds] ?? []
                let mean = errors.isEmpty ? 0 : errors.reduce(0, +) / Double(errors.count)
                #expect(drift.meanError == mean, "seed \(seed), window \(drift.period.start.milliseconds)")
            }
        }
    }
}
