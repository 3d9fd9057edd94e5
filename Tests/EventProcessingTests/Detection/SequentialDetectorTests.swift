import Documents
import EventTesting
import Testing

@testable import EventProcessing

@Suite("Alarms of the sequential detector")
struct SequentialDetectorTests {
    typealias Place = SequentialDetector.Place

    private func delay(_ change: [Evaluation], after calm: Int = 500) -> Int? {
        var detector = SequentialDetector(for: .ofFifty)
        guard detector.places(Evaluation.normal(calm, seed: 7)).isEmpty else { return nil }
        return detector.places(change).first?.number
    }

    @Test(
        "a shift is found, the larger the sooner, to either side",
        arguments: [(0.5, 400), (1.0, 80), (2, 20), (3, 9), (18, 4)])
    func shift(_ size: Double, _ most: Int) throws {
        for sign in [1.0, -1] {
            #expect(try #require(delay(Evaluation.normal(2000, shift: sign * size, seed: 3))) <= most)
        }
    }

    @Test(
        "errors that scatter more are found too, though their mean has not shifted", arguments: [(1.5, 250), (2, 70)])
    func spread(_ factor: Double, _ most: Int) throws {
        #expect(try #require(delay(Evaluation.normal(2000, spread: factor, seed: 5))) <= most)
    }

    @Test("three fish however far off raise no alarm, four do")
    func fewest() {
        for off in [1e6, -40] {
            var detector = SequentialDetector(for: .ofFifty)
            #expect(detector.places(Evaluation.normal(200)).isEmpty)
            #expect(detector.places(Array(repeating: .off(off), count: 4)) == [Place(number: 4, cause: .errors)])
        }
    }

    @Test("single fish that were weighed wrong raise no alarm, were it every fiftieth")
    func outliers() {
        var detector = SequentialDetector(for: .ofFifty)
        let rows = Evaluation.normal(5000).enumerated().map { index, row in
            index % 50 == 7 ? Evaluation.off(index % 100 == 7 ? 1000 : -45) : row
        }
        #expect(detector.places(rows).isEmpty)
    }

    @Test("one species in ten is caught, whatever the others do")
    func oneInTen() throws {
        var detector = SequentialDetector(for: ModelStatement.ofFifty.with(modelTime: "2021-05-18 09:00:00", levels: 2))
        let calm = Evaluation.normal(1000).enumerated().map { index, row in
            var row = row
            if index.isMultiple(of: 10) { row.level = "walleye" }
            return row
        }
        #expect(detector.places(calm).isEmpty)
        let drifting = calm.map { $0.level == "walleye" ? Evaluation.off(-20, level: "walleye") : $0 }
        let place = try #require(detector.places(drifting).first)
        #expect(place.cause == .errors && place.number <= 71)
    }

    @Test("a change of all species at once is found by all their fish together")
    func pooled() throws {
        let names = (0..<40).map { "level \($0)" }
        func rows(_ count: Int, shift: Double, seed: UInt64) -> [Evaluation] {
            Evaluation.normal(count, shift: shift, seed: seed).enumerated().map { index, row in
                var row = row
                row.level = names[index % names.count]
                return row
            }
        }
        var detector = SequentialDetector(
            for: ModelStatement(
                modelTime: ModelStatement.ofFifty.modelTime, sigma: 0.1, rows: 400, coefficients: 42, levels: 40))
        #expect(detector.places(rows(2000, shift: 0, seed: 1)).isEmpty)
        var found: Drift?
        for row in rows(200, shift: 2, seed: 2) where found == nil { found = detector.observe(row).first?.drift }
        // No species has had more than two fish by then.
        let drift = try #require(found)
        #expect(drift.cause == .errors && drift.levels.count > 5)
        #expect((drift.count ?? 0) < 80)
    }

    @Test("errors that are like their neighbours are no drift")
    func autocorrelated() {
        let unit = NormalDistribution(mean: 0, standardDeviation: 1)
        var random = Xoshiro256(seed: 1)
        var last = 0.0
        var detector = SequentialDetector(.testing(every: 10_000), for: .ofFifty)
        let rows = (0..<4000).map { _ in
            last = 0.5 * last + 0.75.squareRoot() * unit.draw(using: &random)
            return Evaluation.off(last)
        }
        #expect(detector.places(rows).isEmpty)
    }

    @Test("an unseen species is told of at its second truth, and again as they double")
    func unseen() {
        var detector = SequentialDetector(for: nil)
        let rows = (1...40).map { Evaluation.off(0, level: "walleye", isLevelSeen: $0 > 7) }
        let followUps = [4, 8, 16, 32].map { Place(number: $0, cause: .followUp) }
        #expect(detector.places(rows) == [Place(number: 2, cause: .unseenLevel)] + followUps)
    }

    @Test("the errors of a model before this one count for nothing, its truths for what is asked already")
    func olderModel() {
        var detector = SequentialDetector(for: .ofFifty)
        for _ in 1...100 { #expect(detector.pass(.off(20)).isEmpty) }
        for _ in 1...100 { #expect(detector.observe(.off(20, modelTime: "2021-01-01 00:00:00")).isEmpty) }
        for _ in 1...100 { #expect(detector.pass(.off(20, level: "walleye", isLevelSeen: false)).isEmpty) }
        #expect(detector.observe(.off(0, level: "walleye", isLevelSeen: false)).isEmpty)
        #expect(detector.pass(.off(0, level: "walleye", isLevelSeen: false)).first?.drift?.cause == .unseenLevel)
    }

    @Test("another model begins without the errors of the one before")
    func restart() {
        var detector = SequentialDetector(for: .ofFifty)
        #expect(detector.places(Array(repeating: .off(20), count: 3)).isEmpty)
        detector.restart(for: .ofFifty)
        #expect(detector.places(Array(repeating: .off(20), count: 3)).isEmpty)
        #expect(detector.places([.off(20)]) == [Place(number: 1, cause: .errors)])
    }

    @Test("a model that does not say how far its errors go is not judged")
    func unjudged() {
        let silent = ModelStatement(modelTime: ModelStatement.ofFifty.modelTime, sigma: nil, rows: 50, coefficients: 3)
        for model in [nil, silent] {
            var detector = SequentialDetector(for: model)
            #expect(detector.places(Array(repeating: .off(100), count: 100)).isEmpty)
        }
    }

    @Test("a model of too few rows for a sigma is judged by its own first errors")
    func fewRows() {
        let model = ModelStatement(modelTime: ModelStatement.ofFifty.modelTime, sigma: 1e-3, rows: 5, coefficients: 4)
        var detector = SequentialDetector(for: model)
        #expect(detector.places(Evaluation.normal(200)).isEmpty)
        #expect(detector.places(Evaluation.normal(100, shift: 4)).first?.cause == .errors)
    }

    @Test("a perfect fit is not alarmed by rounding, and by anything else is")
    func perfectFit() {
        let model = ModelStatement(modelTime: ModelStatement.ofFifty.modelTime, sigma: 0, rows: 50, coefficients: 3)
        var detector = SequentialDetector(for: model)
        #expect(detector.places((1...1000).map { .off($0.isMultiple(of: 2) ? 1e-13 : -1e-13) }).isEmpty)
        #expect(detector.places(Array(repeating: .off(1e-3), count: 9)).first?.cause == .errors)
    }

    @Test("a fish without a prediction or a weight counts for nothing")
    func unusable() {
        var detector = SequentialDetector(for: .ofFifty)
        for (predicted, actual) in [(nil, 5), (5, nil), (.infinity, 4)] as [(Double?, Double?)] {
            var evaluation = Evaluation.off(20)
            (evaluation.predicted, evaluation.actual) = (predicted, actual)
            #expect(detector.places(Array(repeating: evaluation, count: 100)).isEmpty)
        }
    }

    @Test("what is told holds the fish since the errors changed")
    func record() throws {
        var detector = SequentialDetector(for: .ofFifty)
        for row in Evaluation.normal(300) { #expect(detector.observe(row).isEmpty) }
        var changes: [DriftChange] = []
        for (time, name) in [(10, "a"), (12, "b"), (11, "c"), (11, "d")] as [(Timestamp, String)] {
            var evaluation = Evaluation.off(-25, at: time)
            evaluation.identifier = name
            changes += detector.observe(evaluation)
        }
        let expected = Drift(
            cause: .errors, period: Drift.Period(start: 10, end: 13), time: 12, levels: ["salmon"],
            firstIdentifier: "a", lastIdentifier: "d", meanError: 1, count: 4)
        #expect(changes == [.found(expected)])
    }

    @Test("levels without end take no memory without end")
    func levels() {
        var detector = SequentialDetector(for: .ofFifty)
        for number in 0..<1500 { _ = detector.observe(.off(0, level: "\(number)")) }
        #expect(detector.levels.count == SequentialDetector.levelsMax)
        #expect(detector.places(Array(repeating: .off(50, level: "1499"), count: 20)).isEmpty)
        #expect(!detector.places(Array(repeating: .off(50, level: "7"), count: 20)).isEmpty)
    }
}
