import Documents
import Regression
import Specification
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
            let expected = try #require(refit.estimate(predictors: row.predictors, levels: [row.level])?.value)
            let estimate = try #require(model.honestEstimate(of: JudgedRow(row, model.specification)))
            #expect(abs(estimate - expected) <= 1e-9 * abs(expected), "seed \(seed), row \(index)")
            // It had not seen that row, and is taken at its word.
            #expect(
                try #require(refit.honestEstimate(of: JudgedRow(row, refit.specification))) == expected,
                "seed \(seed), row \(index)")
        }
    }

    @Test("the only row of its level is priced as it would be without it: without the factor")
    func onlyRow() throws {
        var observations = Observation.flats(20, districts: ["north"])
        observations[7].level = "south"
        let row = Self.rows(observations).used[7]
        var others = observations
        others.remove(at: 7)
        let refit = try Self.model(others)
        let expected = try #require(refit.estimate(predictors: row.predictors, levels: ["south"])?.value)
        let model = try Self.model(observations)
        let estimate = try #require(model.honestEstimate(of: JudgedRow(row, model.specification)))
        #expect(abs(estimate - expected) < 1e-9 * abs(expected))
    }

    @Test("without a champion, the first model serves")
    func first() throws {
        let judgement = Contest(Observation.flats(20)).judgement()
        #expect(judgement.isAccepted && judgement.reason == .first)
        #expect(Contest([]).judgement().reason == .first)
    }

    @Test("after a drift the challenger wins, with both errors and counts, overall and by level")
    func better() throws {
        let judgement = Contest(Self.dearer(40, by: 2), champion: try Self.model(Observation.flats(60))).judgement()
        #expect(judgement.isAccepted && judgement.reason == .better)
        let document = judgement.document(factor: "district")
        #expect(document["winner"] == "challenger" && document["rows"] == 40)
        #expect(try #require(document["challenger"]?["error"]?.double) < 0.01)
        #expect(abs(try #require(document["champion"]?["error"]?.double) - 0.5) < 0.01)
        #expect(document["levels"]?["south"]?["rows"] == 20)
        #expect(document["champion"]?["rowsOfItsFit"] == 0 && document["chosen"] == "newest:50")
        #expect(document["trial"]?["by"] == "leave-one-out" && document["contestants"]?.elements?.count == 2)
    }

    @Test(
        "a single row that was measured wrong does not outweigh the others",
        arguments: [1e-3, 1e-300, .leastNonzeroMagnitude])
    func slippedScale(_ measured: Double) throws {
        var observations = Self.dearer(60, by: 2)
        observations[30].actual = measured
        let judgement = Contest(observations, champion: try Self.model(Observation.flats(40))).judgement()
        #expect(judgement.reason == .better && judgement.fit.gross == 1, "\(judgement.detail)")
    }

    @Test("a challenger that is no better is refused, be it the champion's equal")
    func notBetter() throws {
        let observations = Observation.flats(40)
        let same = Contest(observations, champion: try Self.model(observations)).judgement()
        #expect(same.reason == .notBetter && same.document(factor: "district")["winner"] == "champion")
        #expect(same.rowsOfChampion == 40 && same.rowsMissing == nil)
    }

    @Test("a champion gains nothing from having been fitted on the rows")
    func fair() throws {
        // Both know the same plane. What the champion has seen of it besides must decide, not the rows that it shares.
        let many = RandomFlats(seed: 3).rows(400, districts: ["north", "south"])
        let judgement = Contest(Array(many.suffix(12)), champion: try Self.model(Array(many.suffix(13)))).judgement()
        #expect(judgement.rowsOfChampion == 12)
        // In its own fit, the champion's errors would be about a third smaller.
        let document = judgement.document(factor: "district")
        let champion = try #require(document["champion"]?["error"]?.double)
        #expect(champion > 0.8 * (try #require(document["challenger"]?["error"]?.double)))
    }

    @Test("fewer than two rows for each coefficient are refused, and how many are missing is told")
    func tooFew() throws {
        let judgement = Contest(Self.dearer(9, by: 2), champion: try Self.model(Observation.flats(60))).judgement()
        #expect(judgement.reason == .tooFewRows && judgement.detail == "9 rows for 5 coefficients; needed: 10")
        #expect(judgement.rowsMissing == 1 && judgement.fit.places.count == 9)
    }

    @Test(
        "a column that the rows do not determine is no reason to refuse: the others carry its effect, and it is named")
    func undetermined() throws {
        let observations = Self.dearer(40, by: 2).map { row in
            var row = row
            row.predictors[2] = 3
            return row
        }
        let champion = try Self.model(Observation.flats(60))
        let judgement = Contest(observations, champion: champion).judgement()
        #expect(judgement.reason == .better)
        var model = try Self.model(observations)
        #expect(model.model.rank == 4)
        model.take(judgement, champion: champion, isForced: false)
        #expect(model.state == .served && model.verdict["undetermined"] == ["floor"])
        model.take(judgement, champion: model, isForced: false)
        #expect(model.verdict["undetermined"] == nil)
        // Where the floor is another, the answer is one of extrapolation, also once the document was read back.
        let served = ServedModel(try ModelVersion(document: JSON(parsing: model.document.compact)))
        #expect(!served.isExtrapolated(predictors: [60, 2, 3], levels: ["north"]))
        #expect(served.isExtrapolated(predictors: [60, 2, 4], levels: ["north"]))
    }

    @Test(
        "a challenger that is wrong on a level that the champion gets right mends the rest all the same, and it is told"
    )
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
        let judgement = Contest(observations, champion: try Self.model(before)).judgement()
        #expect(judgement.reason == .better && judgement.detail.contains("wrong on south"))
        #expect(judgement.document(factor: "district")["levels"]?["south"]?["wrong"] == true)
    }

    @Test(
        "a level that the champion does not know may be new with a single row", arguments: 1...20 as ClosedRange<UInt64>
    )
    func firstOfItsLevel(seed: UInt64) throws {
        let rows = RandomFlats(seed: seed).rows(90, districts: ["north"])
        let champion = try Self.model(Array(rows.prefix(40)))
        var newest = Array(rows.suffix(50))
        newest[49].level = "south"
        newest[49].actual = newest[49].actual.map { $0 / 2 }
        let judgement = Contest(newest, champion: champion, since: newest[21].timestamp).judgement()
        #expect(judgement.reason == .better, "seed \(seed): \(judgement.detail)")
    }

    @Test("marks are read back from their text, and a text that is none is refused")
    func marks() throws {
        let marks = RowMarks(Self.rows(Observation.flats(30)))
        #expect(RowMarks(text: marks.text) == marks && marks.text.utf8.count == 240)
        #expect(RowMarks(text: "") == RowMarks.none)
        for text in ["0", "0123456G", "+1234567", "01234567 "] { #expect(RowMarks(text: text) == nil, "\(text)") }
    }
}

extension Contest {
    /// - Parameter since: when the errors changed, as a window says it.
    init(
        _ oldestFirst: [Observation], champion: ModelVersion? = nil, former: [ModelVersion] = [],
        choice: RowChoice = .newest(50), since: Timestamp? = nil
    ) {
        self.init(
            oldestFirst, champion: champion, former: former, choice: choice,
            reason: since.map { .change(since: $0, isEstimated: false) } ?? .unknown)
    }

    init(
        _ oldestFirst: [Observation], champion: ModelVersion?, former: [ModelVersion] = [],
        choice: RowChoice = .newest(50), reason: TrainingReason
    ) {
        self.init(
            pool: RowPool(newestFirst: oldestFirst.reversed(), rule: RowRule(.flats)), champion: champion,
            former: former, choice: choice, reason: reason)
    }
}

/// Flats about a plane, from a seed.
struct RandomFlats {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    /// What a flat costs without noise.
    static func truth(_ predictors: [Double], district: Int) -> Double {
        1000 + 30 * predictors[0] + 5 * predictors[1] + 100 * Double(district)
    }

    /// The standard deviation of the noise as a part of the middle price.
    static let noise = 50.0 / 3165

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
                actual: Self.truth(predictors, district: district) + 50 * noise,
                timestamp: Timestamp(milliseconds: Int64(index) * 1000))
        }
    }
}

extension ModelVersion {
    fileprivate func honestEstimate(of row: JudgedRow) -> Double? {
        var scratch = LinearModel.LeverageScratch()
        return honestEstimate(of: row, scratch: &scratch)
    }
}
