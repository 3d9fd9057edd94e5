import Documents
import Regression
import Specification
import Testing

@testable import ModelService

@Suite("Who may serve")
struct ContestTests {
    typealias Seeds = ClosedRange<UInt64>

    private static func model(_ rows: [Observation]) throws -> ModelVersion { try ModelVersionTests.model(rows) }

    private static func error(_ model: ModelVersion, on rows: [Observation]) -> Double {
        let used = TrainingRows(oldestFirst: rows, specification: .flats).used
        return used.map {
            abs(model.estimate(predictors: $0.predictors, levels: [$0.level])!.value - $0.response) / $0.response
        }
        .mean
    }

    /// Hours of 40 rows, each about an area of its own: within one, the slope of the area is hardly seen.
    private static func hours(_ count: Int, seed: UInt64) -> [Observation] {
        RandomFlats(seed: seed).rows(count, districts: ["north"]).enumerated().map { index, row in
            var row = row
            let area = row.predictors[0] ?? 0
            let narrow = 45 + Double(index / 40 * 37 % 50) + 0.02 * (area - 70)
            // One of the hours costs more, as where the wind blows from ahead.
            row.actual = row.actual.map { ($0 + 30 * (narrow - area)) * (1 + 0.01 * Double(index / 40 * 13 % 7 - 3)) }
            row.predictors[0] = narrow
            return row
        }
    }

    @Test(
        "a fit on the rows of a busy hour does not pass by its own hour: such fits came to nothing before",
        arguments: 1...10 as Seeds)
    func busyHour(seed: UInt64) throws {
        let rows = Self.hours(1200, seed: seed)
        let champion = try Self.model(Array(rows.prefix(200)))
        for end in stride(from: 620, through: 1180, by: 80) {
            let contest = Contest(
                Array(rows[200..<end]), champion: champion,
                reason: .change(since: rows[end - 20].timestamp!, isEstimated: true))
            let judgement = contest.judgement()
            let chosen = judgement.document(factor: "district")["chosen"]?.text ?? ""
            #expect(!judgement.isAccepted || !chosen.hasPrefix("since-change"), "seed \(seed), end \(end)")
        }
    }

    @Test(
        "what such fits came to before is looked at where a challenger would win, or several compete",
        arguments: [(1, RowChoice.newest(50), false), (1.5, .newest(50), true), (1, .auto, true)])
    func lookingBack(factor: Double, choice: RowChoice, isLookedAt: Bool) throws {
        let rows = RandomFlats(seed: 7).rows(700, districts: ["north", "south"])
        let former = rows.prefix(200).map { row in
            var row = row
            row.actual = row.actual.map { $0 * factor }
            return row
        }
        let judgement = Contest(
            Array(rows[200...]), champion: try Self.model(former), choice: choice,
            reason: .change(since: rows[600].timestamp!, isEstimated: false)
        ).judgement()
        #expect(judgement.isAccepted == (factor > 1), "\(judgement.detail)")
        let contestants = judgement.document(factor: "district")["contestants"]?.elements ?? []
        #expect(contestants.count > 1 && contestants[0]["pastError"] == nil)
        #expect(contestants.dropFirst().allSatisfy { ($0["pastError"] != nil) == isLookedAt })
    }

    @Test("on a schedule, fewer rows than the champion's must be better beyond chance; of 200 seeds few are")
    func schedule() throws {
        var accepted = 0
        for seed in 1...200 as Seeds {
            let rows = RandomFlats(seed: seed).rows(500, districts: ["north", "south"])
            let contest = Contest(
                Array(rows.suffix(250)), champion: try Self.model(Array(rows.prefix(200))), reason: .schedule)
            if contest.judgement().isAccepted { accepted += 1 }
        }
        #expect(accepted <= 20, "\(accepted) of 200")
    }

    @Test("under auto, more rows win where nothing changes, and those since the change where something did")
    func automatic() throws {
        for seed in 1...10 as Seeds {
            let rows = RandomFlats(seed: seed).rows(1500, districts: ["north", "south"])
            let champion = try Self.model(Array(rows.prefix(50)))
            let calm = Contest(Array(rows.dropFirst(50)), champion: champion, choice: .auto, reason: .schedule)
                .judgement()
            #expect(calm.isAccepted && calm.fit.places.count >= 400, "seed \(seed): \(calm.detail)")
            var changed = rows
            for index in 1470..<1500 { changed[index].actual = changed[index].actual.map { $0 * 0.6 } }
            let judgement = Contest(
                changed, champion: champion, choice: .auto,
                reason: .change(since: changed[1470].timestamp!, isEstimated: true)
            ).judgement()
            let document = judgement.document(factor: "district")
            #expect(document["chosen"] == "since-change:30" && document["winner"] == "challenger", "seed \(seed)")
        }
    }

    @Test(
        "a model that served before wins with five rows where what it knows has come back", arguments: 1...10 as Seeds)
    func comesBack(seed: UInt64) throws {
        let rows = RandomFlats(seed: seed).rows(300, districts: ["north", "south"])
        var before = try Self.model(Array(rows.prefix(100)))
        before.state = .served
        let other = rows[100..<200].map { row in
            var row = row
            row.actual = row.actual.map { $0 * 1.4 }
            return row
        }
        let judgement = Contest(
            other + rows[200..<205], champion: try Self.model(other), former: [before],
            reason: .change(since: rows[200].timestamp!, isEstimated: true)
        ).judgement()
        #expect(judgement.reason == .earlierBetter && judgement.earlier == before.version, "\(judgement.detail)")
        #expect(!judgement.isAccepted && judgement.document(factor: "district")["winner"] == "earlier")
    }

    @Test("a trial is the rows since the change, else those that the champion does not know, else the smallest fit's")
    func trials() throws {
        var rows = RandomFlats(seed: 1).rows(700, districts: ["north", "south"])
        // A new row may have the values of one that the champion was fitted on.
        for row in [560, 690] { (rows[row].predictors, rows[row].actual) = (rows[450].predictors, rows[450].actual) }
        let pool = RowPool(newestFirst: rows.reversed(), rule: RowRule(.flats))
        func trial(
            _ reason: TrainingReason, _ champion: ModelVersion? = nil, _ choice: RowChoice = .newest(50)
        ) -> Trial {
            Trial(pool, champion: champion, reason: reason, choice: choice)
        }
        #expect(trial(.change(since: rows[650].timestamp!, isEstimated: true)).rows == 650..<700)
        #expect(trial(.change(since: rows[0].timestamp!, isEstimated: false)).rows == 300..<700)
        #expect(trial(.unknown).rows == 650..<700)
        #expect(trial(.unknown, nil, .newest(1000)).rows == 300..<700)
        #expect(trial(.schedule, try Self.model(Array(rows[400..<480]))).rows == 480..<700)
        #expect(trial(.schedule, try Self.model(Array(rows[0..<80]))).rows == 300..<700)
        #expect(trial(.schedule, try Self.model(Array(rows.suffix(80)))).rows == 650..<700)
        #expect(trial(.unknown).isForward == false && trial(.unknown, nil, .newest(200)).isForward)
    }

    @Test(
        "up to a tenth of a fit's rows are left out where they lie eight robust deviations off; more are another truth")
    func grossRows() throws {
        var rows = RandomFlats(seed: 5).rows(50, districts: ["north", "south"])
        for index in [3, 17, 20, 31, 44] { rows[index].actual = rows[index].actual.map { $0 / 10 } }
        func gross(_ rows: [Observation]) -> GrossRows {
            let pool = RowPool(newestFirst: rows.reversed(), rule: RowRule(.flats))
            return GrossRows(pool.places[...], in: pool.design)
        }
        #expect(gross(rows).gross == 5 && !gross(rows).places.contains(17))
        rows[45].actual = rows[45].actual.map { $0 / 10 }
        #expect(gross(rows).gross == 0)
        #expect(gross(Observation.flats(50)).gross == 0)
        let seeds = (1...100 as Seeds).count { gross(RandomFlats(seed: $0).rows(50, districts: ["north"])).gross > 0 }
        #expect(seeds == 0)
    }

    @Test(
        "of so many rows that a sample tells the typical error, just the gross ones are left out, of a rare level too")
    func grossRowsBySample() {
        var rows = RandomFlats(seed: 5).rows(20_000, districts: ["north", "south"])
        for index in 9_000..<9_030 { rows[index].level = "rare" }
        let wrong = [3, 4_711, 9_017, 19_999]
        for index in wrong { rows[index].actual = rows[index].actual.map { $0 / 10 } }
        let pool = RowPool(newestFirst: rows.reversed(), rule: RowRule(.flats))
        let gross = GrossRows(pool.places[...], in: pool.design)
        #expect(gross.gross == wrong.count)
        #expect(Array(gross.places) == rows.indices.filter { !wrong.contains($0) })
    }

    @Test("rows that others wrote and that cannot be used are passed over, and counted")
    func unusable() {
        var rows = Observation.flats(60)
        rows[59].actual = -1
        rows[5].level = nil
        let pool = RowPool(newestFirst: rows.reversed(), rule: RowRule(.flats))
        let used = pool.trainingRows(RowChoice.newest(50).places(in: pool, before: pool.count), gross: 2)
        #expect(used.count == 50 && used.leftOut == 3)
    }
}
