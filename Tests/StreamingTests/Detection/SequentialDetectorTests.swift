import Documents
import Testing

@testable import Streaming

@Suite("The sequential detector")
struct SequentialDetectorTests {
    typealias Place = SequentialDetector.Place

    @Test("however far off, no fewer fish than the minimum raise an alarm", arguments: [1, 2, 3, 10])
    func minimumCount(_ count: Int) {
        var rules = SequentialRules()
        rules.minimumCount = count
        for off in [1e6, -40] {
            var detector = SequentialDetector(rules, for: .ofFifty)
            let calm = Array(repeating: Evaluation.off(0), count: 20)
            let wrong = Array(repeating: Evaluation.off(off), count: count)
            #expect(detector.places(calm + wrong) == [Place(number: 20 + count, cause: .errors)])
        }
    }

    @Test("single fish that were weighed wrong raise no alarm, were it every tenth")
    func outliers() {
        var detector = SequentialDetector(for: .ofFifty)
        #expect(detector.places((1...5000).map { .off($0.isMultiple(of: 10) ? 1000 : 0) }).isEmpty)
    }

    @Test("a shift is found, the larger the sooner, to either side", arguments: [(2.0, 20), (3, 5), (4, 4), (20, 3)])
    func delay(_ shift: Double, _ most: Int) throws {
        for sign in [1.0, -1] {
            var detector = SequentialDetector(for: .exact)
            let place = try #require(detector.places(Array(repeating: .off(sign * shift), count: 50)).first)
            #expect(place.number <= most)
        }
    }

    @Test("errors that scatter more are found too, though their mean has not shifted")
    func scatter() throws {
        var detector = SequentialDetector(for: .exact)
        let errors = NormalDistribution(mean: 0, standardDeviation: 2.5)
        var random = Xoshiro256(seed: 11)
        let place = try #require(detector.places((1...200).map { _ in .off(errors.draw(using: &random)) }).first)
        #expect(place.number < 30)
    }

    @Test("errors that the model's own uncertainty explains raise no alarm")
    func uncertainty() {
        // Above what raises an alarm of a model that is known exactly: a mean square of 1.85.
        let errors = Array(repeating: Evaluation.off(1.5), count: 1000)
        var known = SequentialDetector(for: .exact)
        #expect(!known.places(errors).isEmpty)
        var estimated = SequentialDetector(for: .ofFifty)
        #expect(estimated.places(errors).isEmpty)
    }

    @Test("errors that all refits have left as large as they are raise no alarm again, larger ones do")
    func spread() throws {
        var detector = SequentialDetector(for: .ofFifty)
        func shifted(_ off: Double, _ count: Int) -> [Evaluation] { Array(repeating: .off(off), count: count) }
        let places = detector.places(shifted(3, 2000))
        #expect(places.filter { $0.cause == .errors }.count == 1)
        let again = try #require(detector.places(shifted(10, 20)).first)
        #expect(again.cause == .errors && again.number <= 7)
    }

    @Test("one species in ten is caught, whatever the others do")
    func oneInTen() {
        var detector = SequentialDetector(for: .ofFifty)
        let mixed = (1...100).map { number in
            number.isMultiple(of: 10) ? Evaluation.off(-20, level: "walleye") : .off(0)
        }
        #expect(detector.places(mixed).first == Place(number: 30, cause: .errors))
    }

    @Test("an alarm is told once; then come the follow-ups as the known fish double, and a cool-down")
    func episode() {
        var detector = SequentialDetector(for: .ofFifty)
        let places = detector.places(Array(repeating: .off(20), count: 103))
        let followUps = [4, 8, 16, 32, 64].map { Place(number: $0, cause: .followUp) }
        // 64 fish and 32 of cool-down; then more than the minimum, as errors so large are the level's own by then.
        let first = Place(number: 3, cause: .errors)
        #expect(places == [first] + followUps + [Place(number: 103, cause: .errors)])
    }

    @Test(
        "an episode goes on until the rows of a fit are all new",
        arguments: [(1, 2), (2, 2), (50, 64), (64, 64), (65, 128), (200, 256)])
    func renewed(_ rows: Int, _ count: Int) {
        #expect(SequentialRules.renewedCount(rows: rows) == count)
    }

    @Test("an unseen species is told of at its second truth, and again as they double")
    func unseen() {
        var detector = SequentialDetector(for: nil)
        let places = detector.places((1...40).map { .off(0, level: "walleye", isLevelSeen: $0 > 7) })
        let followUps = [4, 8, 16, 32].map { Place(number: $0, cause: .followUp) }
        #expect(places == [Place(number: 2, cause: .unseenLevel)] + followUps)
    }

    @Test("in an episode the truths count whoever predicted, outside of one only this model's")
    func olderModel() {
        var detector = SequentialDetector(for: .exact)
        for _ in 1...100 { #expect(detector.pass(.off(20)).isEmpty) }
        for _ in 1...100 { #expect(detector.observe(.off(20, modelTime: "2021-01-01 00:00:00")).isEmpty) }
        for _ in 1...100 { #expect(detector.pass(.off(20, level: "walleye", isLevelSeen: false)).isEmpty) }
        #expect(detector.observe(.off(0, level: "walleye", isLevelSeen: false)).isEmpty)
        #expect(detector.pass(.off(0, level: "walleye", isLevelSeen: false)).first?.drift?.cause == .unseenLevel)
    }

    @Test("another model begins without the errors of the one before, and goes on with its episodes")
    func restart() {
        var detector = SequentialDetector(for: .exact)
        #expect(detector.places([.off(20), .off(20)]).isEmpty)
        #expect(detector.places([.off(0, level: "walleye", isLevelSeen: false)]).isEmpty)
        detector.restart(for: .exact)
        #expect(detector.places([.off(20), .off(20)]).isEmpty)
        #expect(detector.places([.off(0, level: "walleye")]) == [Place(number: 1, cause: .unseenLevel)])
    }

    @Test(
        "a model that does not say how far its errors go, or says it of too few rows, is not judged",
        arguments: [
            nil, ModelStatement(modelTime: ModelStatement.exact.modelTime, sigma: nil, rows: 50, coefficients: 3),
            ModelStatement(modelTime: ModelStatement.exact.modelTime, sigma: 0.1, rows: 12, coefficients: 3),
        ])
    func unjudged(_ model: ModelStatement?) {
        var detector = SequentialDetector(for: model)
        #expect(detector.places(Array(repeating: .off(100), count: 100)).isEmpty)
    }

    @Test("a perfect fit is not alarmed by rounding, and by anything else is")
    func perfectFit() {
        let model = ModelStatement(modelTime: ModelStatement.exact.modelTime, sigma: 0, rows: 50, coefficients: 3)
        var detector = SequentialDetector(for: model)
        #expect(detector.places(Array(repeating: .off(1e-13), count: 1000)).isEmpty)
        #expect(detector.places(Array(repeating: .off(1e-3), count: 3)).count == 1)
    }

    @Test("a fish without a prediction, or without a weight above 0, counts for nothing")
    func unusable() {
        var detector = SequentialDetector(for: .exact)
        for (predicted, actual) in [(nil, 5), (5, nil), (5, 0), (5, -4), (.infinity, 4)] as [(Double?, Double?)] {
            var evaluation = Evaluation.off(20)
            (evaluation.predicted, evaluation.actual) = (predicted, actual)
            #expect(detector.places(Array(repeating: evaluation, count: 100)).isEmpty)
        }
    }

    @Test("what is told holds the fish since the errors began")
    func record() throws {
        var detector = SequentialDetector(for: .exact)
        for time in 0..<5 as Range<Int64> { _ = detector.observe(.off(0, at: Timestamp(milliseconds: time))) }
        var changes: [DriftChange] = []
        for (time, name) in [(10, "a"), (12, "b"), (11, "c")] as [(Timestamp, String)] {
            var evaluation = Evaluation.off(-25, at: time)
            evaluation.identifier = name
            changes += detector.observe(evaluation)
        }
        let expected = Drift(
            period: Drift.Period(start: 10, end: 13), time: 12, levels: ["salmon"], firstIdentifier: "a",
            lastIdentifier: "c", meanError: 1, count: 3)
        #expect(changes == [.found(expected)])
    }

    @Test("levels without end take no memory without end")
    func levels() {
        var detector = SequentialDetector(for: .exact)
        for number in 0..<2000 { _ = detector.observe(.off(20, level: "\(number)")) }
        #expect(detector.places(Array(repeating: .off(20, level: "1999"), count: 10)).isEmpty)
        #expect(detector.places(Array(repeating: .off(20, level: "7"), count: 10)).first?.number == 2)
    }
}
