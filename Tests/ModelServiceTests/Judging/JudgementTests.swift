import Documents
import Regression
import Testing

@testable import ModelService

@Suite("The judgement of a challenger")
struct JudgementTests {
    private static func rows(_ observations: [Observation]) -> TrainingRows {
        TrainingRows(oldestFirst: observations, specification: .flats)
    }

    private static func model(_ observations: [Observation]) throws -> ModelVersion {
        try ModelVersionTests.model(observations)
    }

    /// Flats that cost so many times as much as before.
    private static func dearer(
        _ count: Int, by factor: Double, districts: [String] = ["north", "south"]
    )
        -> [Observation]
    {
        Observation.flats(count, districts: districts).map { row in
            var row = row
            row.actual = row.actual.map { $0 * factor }
            return row
        }
    }

    @Test("every error is that of a model that was not fitted on the row", arguments: 1...20 as ClosedRange<UInt64>)
    func leftOut(seed: UInt64) throws {
        let observations = RandomFlats(seed: seed).rows(24, districts: ["north", "south", "west"])
        let rows = Self.rows(observations)
        let model = try Self.model(observations)
        for (index, row) in rows.used.enumerated() {
            var others = observations
            others.remove(at: index)
            let refit = try Self.model(others)
            let expected = refit.estimate(predictors: row.predictors, level: row.level).value
            let estimate = try #require(model.honestEstimate(of: row))
            #expect(abs(estimate - expected) <= 1e-9 * abs(expected), "seed \(seed), row \(index)")
            // It had not seen that row, and is taken at its word.
            #expect(try #require(refit.honestEstimate(of: row)) == expected, "seed \(seed), row \(index)")
        }
    }

    @Test("the only row of its level is priced as it would be without it: without the factor")
    func onlyRow() throws {
        var observations = Observation.flats(20, districts: ["north"])
        observations[7].level = "south"
        let row = Self.rows(observations).used[7]
        var others = observations
        others.remove(at: 7)
        let expected = try Self.model(others).estimate(predictors: row.predictors, level: "south").value
        let estimate = try #require(try Self.model(observations).honestEstimate(of: row))
        #expect(abs(estimate - expected) < 1e-9 * abs(expected))
    }

    @Test("without a champion, the first model serves")
    func first() throws {
        let observations = Observation.flats(20)
        let judgement = Judgement(
            challenger: try Self.model(observations), champion: nil, rows: Self.rows(observations))
        #expect(judgement.isAccepted && judgement.reason == .first)
    }

    @Test("after a drift the challenger wins, with both errors and counts, overall and by level")
    func better() throws {
        let observations = Self.dearer(40, by: 2)
        let judgement = Judgement(
            challenger: try Self.model(observations), champion: try Self.model(Observation.flats(60)),
            rows: Self.rows(observations))
        #expect(judgement.isAccepted && judgement.reason == .better)
        let document = judgement.document
        #expect(document["winner"] == "challenger" && document["rows"] == 40)
        #expect(try #require(document["challenger"]?["error"]?.double) < 0.01)
        #expect(abs(try #require(document["champion"]?["error"]?.double) - 0.5) < 0.01)
        #expect(document["levels"]?["south"]?["rows"] == 20)
        #expect(document["champion"]?["rowsOfItsFit"] == 0)
    }

    @Test(
        "a single row that was measured wrong does not outweigh the others",
        arguments: [1e-3, 1e-300, .leastNonzeroMagnitude])
    func slippedScale(_ measured: Double) throws {
        var observations = Self.dearer(60, by: 2)
        observations[30].actual = measured
        let judgement = try Judgement(
            challenger: Self.model(observations), champion: Self.model(Observation.flats(40)),
            rows: Self.rows(observations))
        #expect(judgement.reason == .better, "\(judgement.detail)")
        #expect(judgement.overall.challenger < 0.3 && judgement.overall.champion > 0.5)
    }

    @Test("a challenger that is no better is refused, be it the champion's equal")
    func notBetter() throws {
        let observations = Observation.flats(40)
        let champion = try Self.model(observations)
        let same = Judgement(challenger: champion, champion: champion, rows: Self.rows(observations))
        #expect(same.reason == .notBetter && same.document["winner"] == "champion")
        #expect(same.rowsOfChampion == 40)
        #expect(same.overall.challenger == same.overall.champion)
    }

    @Test("a champion gains nothing from having been fitted on the rows")
    func fair() throws {
        // Both know the same plane. What the champion has seen of it besides must decide, not the rows that it shares.
        let many = RandomFlats(seed: 3).rows(400, districts: ["north", "south"])
        let few = Array(many.suffix(12))
        let judgement = Judgement(
            challenger: try Self.model(few), champion: try Self.model(Array(many.suffix(13))), rows: Self.rows(few))
        #expect(judgement.rowsOfChampion == 12)
        // In its own fit, the champion's errors would be about a third smaller.
        #expect(judgement.overall.champion > 0.8 * judgement.overall.challenger)
    }

    @Test("a challenger with fewer than two rows for each coefficient is refused")
    func tooFew() throws {
        let observations = Self.dearer(9, by: 2)
        let judgement = Judgement(
            challenger: try Self.model(observations), champion: try Self.model(Observation.flats(60)),
            rows: Self.rows(observations))
        #expect(judgement.reason == .tooFewRows && judgement.detail == "9 rows for 5 coefficients; needed: 10")
    }

    @Test("a challenger whose rows do not determine a coefficient that the champion has is refused")
    func deficient() throws {
        let observations = Self.dearer(40, by: 2).map { row in
            var row = row
            row.predictors[2] = row.predictors[1].map { 2 * $0 }
            return row
        }
        let challenger = try Self.model(observations)
        #expect(challenger.model.rank == 4)
        let refused = Judgement(
            challenger: challenger, champion: try Self.model(Observation.flats(60)), rows: Self.rows(observations))
        #expect(refused.reason == .rankDeficient && refused.detail.contains("floor"))
        let alike = Judgement(
            challenger: challenger,
            champion: try Self.model(
                observations.map { row in
                    var row = row
                    row.actual = row.actual.map { $0 * 3 }
                    return row
                }), rows: Self.rows(observations))
        #expect(alike.reason == .better)
    }

    @Test("a challenger that is better on the whole, but wrong on a level that the champion gets right, is refused")
    func levelWrong() throws {
        // South now follows its own way, which the common slopes cannot; north costs twice what it did.
        var observations = Observation.flats(60, districts: ["north", "north", "north", "north", "south"])
        for index in observations.indices {
            let area = observations[index].predictors[0] ?? 0
            observations[index].actual =
                observations[index].level == "south" ? 1000 + 900 * (area - 40) : 1_000 + 60 * area
        }
        var before = Observation.flats(60)
        for index in before.indices {
            let area = before[index].predictors[0] ?? 0
            before[index].actual = 1000 + 900 * (area - 40)
        }
        let judgement = Judgement(
            challenger: try Self.model(observations), champion: try Self.model(before), rows: Self.rows(observations))
        #expect(judgement.reason == .levelWrong && judgement.detail.contains("south"))
        #expect(judgement.overall.challenger < judgement.overall.champion)
    }

    @Test("marks are read back from their text, and a text that is none is refused")
    func marks() throws {
        let marks = RowMarks(Self.rows(Observation.flats(30)).used)
        #expect(RowMarks(text: marks.text) == marks && marks.text.utf8.count == 240)
        #expect(RowMarks(text: "") == RowMarks([]))
        for text in ["0", "0123456G", "+1234567", "01234567 "] { #expect(RowMarks(text: text) == nil, "\(text)") }
    }
}

/// Flats about a plane, from a seed.
struct RandomFlats {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    /// Uniform from 0 to 1; xorshift64* (S. Vigna, 2016).
    private mutating func next() -> Double {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return Double((state &* 0x2545_F491_4F6C_DD1D) >> 11) * 0x1p-53
    }

    func rows(_ count: Int, districts: [String]) -> [Observation] {
        var random = self
        return (0..<count).map { index in
            let predictors = [40 + 60 * random.next(), 1 + 5 * random.next(), 1 + 10 * random.next()]
            let noise = (0..<12).reduce(-6.0) { sum, _ in sum + random.next() }
            let district = index % districts.count
            return Observation(
                identifier: "\(index)", level: districts[district], predictors: predictors,
                actual: 1000 + 30 * predictors[0] + 5 * predictors[1] + 100 * Double(district) + 50 * noise,
                timestamp: Timestamp(milliseconds: Int64(index) * 1000))
        }
    }
}
