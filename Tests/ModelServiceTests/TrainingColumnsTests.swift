import Documents
import Regression
import SeededTesting
import Specification
import Testing

@testable import ModelService

@Suite("Observed rows by columns")
struct TrainingColumnsTests {
    private static let now = Timestamp(milliseconds: 1_623_245_967_971)

    /// Rows of which many have something that a rule looks at.
    private static func rows(_ specification: ModelSpecification, seed: UInt64) -> [Observation] {
        var random = SeededGenerator(seed: seed)
        func number() -> Double? {
            let values: [Double?] = [nil, .nan, .infinity, -1, 0, 1e-300, 3, 70, 1e6, 1e300]
            return Bool.random(using: &random)
                ? Double.random(in: 1...90, using: &random) : values.randomElement(using: &random)!
        }
        func level() -> String? {
            ["north", "north", " North", "south", "no\u{200B}rth", "e\u{301}", "\u{e9}", "", nil].randomElement(
                using: &random)!
        }
        return (0..<300).map { place in
            Observation(
                identifier: Bool.random(using: &random) ? "\(place)" : nil,
                level: specification.factor == nil ? "" : level(),
                otherLevels: specification.otherFactors.map { _ in level() },
                predictors: specification.predictors.map { _ in number() }, actual: number(),
                timestamp: place % 9 == 0
                    ? nil : now.advanced(byMilliseconds: Int64(place) * 2000 - 400_000))
        }
    }

    private static func specifications() throws -> [ModelSpecification] {
        [
            .flats, try Houses("log(price) ~ sqrt(area - 30) * district + heating").specification,
            try Houses("price ~ rooms + heating", group: nil, measure: .absolute).specification,
        ]
    }

    @Test(
        "are usable just where they are one by one, under every rule, and so counted",
        arguments: 1...20 as ClosedRange<UInt64>)
    func usable(seed: UInt64) throws {
        for specification in try Self.specifications() {
            let observed = Self.rows(specification, seed: seed)
            let clock = RowRule.Clock(now: Self.now, secondsAheadMax: 60)
            for rule in [
                RowRule(specification), RowRule(specification, clock: clock),
                RowRule(specification, clock: clock, foldsCase: true), .anyRange(specification),
            ] {
                let columns = TrainingColumns(ObservedColumns(oldestFirst: observed, specification), rule: rule)
                let pool = RowPool(columns, specification)
                let rows = observed.compactMap(rule.row).map { JudgedRow($0, specification) }
                #expect(columns.isUsable == observed.map { rule.row($0) != nil })
                #expect(pool.judged(0..<pool.count) == rows && columns.usableCount == rows.count)
                let identities = observed.filter { rule.row($0) != nil }.map(\.identity)
                #expect(Array(columns.newestIdentities) == identities.reversed())
                for (place, row) in observed.indices.filter({ columns.isUsable[$0] }).enumerated() {
                    let newer = observed[row...].count { rule.row($0) == nil }
                    #expect(columns.unusableCount(after: place) == newer)
                }
            }
        }
    }

    @Test("rows of several stand one after the other, with the levels and identities of each")
    func joined() throws {
        let specification = try Self.specifications()[1]
        let parts = (1...3 as ClosedRange<UInt64>).map { Self.rows(specification, seed: $0) }
        let joined = ObservedColumns.joined(parts.map { ObservedColumns(oldestFirst: $0, specification) })
        let all = ObservedColumns(oldestFirst: parts.flatMap(\.self), specification)
        #expect(joined.times == all.times && joined.identities == all.identities)
        for (column, expected) in zip(joined.factors, all.factors) {
            #expect(
                column.codes.map { $0 < 0 ? nil : Array(column.names[Int($0)].utf8) }
                    == expected.codes.map { $0 < 0 ? nil : Array(expected.names[Int($0)].utf8) })
        }
        #expect(joined.responses.map(\.bitPattern) == all.responses.map(\.bitPattern))
        #expect(joined.predictors.map { $0.map(\.bitPattern) } == all.predictors.map { $0.map(\.bitPattern) })
    }
}
