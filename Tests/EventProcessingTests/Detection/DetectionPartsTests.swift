import EventTesting
import Regression
import Testing

@testable import EventProcessing

@Suite("Parts of the sequential detector")
struct DetectionPartsTests {
    /// By R's `qnorm`.
    @Test(
        "the normal quantile is R's",
        arguments: [
            (0.5, 0.0), (0.025, -1.959963984540054), (0.2, -0.8416212335729143), (0.975, 1.959963984540054),
            (0.9, 1.2815515655446004), (1e-6, -4.753424308822899), (1e-12, -7.034483825301132),
        ])
    func quantile(_ probability: Double, _ expected: Double) {
        #expect(abs(NormalQuantile.of(probability) - expected) <= 1e-14 * max(1, abs(expected)))
    }

    @Test("errors fall into bins of the inverse hyperbolic sine, a sixteenth wide")
    func bins() {
        // asinh(1) is 0.8814, which is 14.1 sixteenths.
        #expect([0, 1, -1, 1e300, -1e300, 0.031, 0.032].map(ErrorBins.bin) == [96, 110, 82, 192, 0, 96, 97])
        #expect(ErrorBins.bin(of: 201.7) == 192 && ErrorBins.bin(of: 194) == 191)
    }

    @Test("counts below a bin are the sum of those in them")
    func counts() {
        var random = Xoshiro256(seed: 1)
        var counts = BinCounts()
        var plain = Array(repeating: 0, count: ErrorBins.count)
        for _ in 0..<2000 {
            let bin = Int(random.next() % UInt64(ErrorBins.count))
            counts.add(bin)
            plain[bin] += 1
        }
        for bin in 0..<ErrorBins.count {
            #expect(counts.below(bin) == plain[..<bin].reduce(0, +) && counts.at(bin) == plain[bin])
        }
        #expect(counts.total == 2000)
    }

    @Test("a rank is the middle of its bin among what is promised and what has come, and new rows enter late")
    func rank() throws {
        let promise = try #require(ModelPromise(.ofFifty))
        var reference = RankReference(promiseWeight: promise.weight)
        #expect(promise.weight == 50)
        #expect(abs(reference.rank(of: 96, promise).value - 0.5) < 1e-12)
        let highest = reference.rank(of: 192, promise)
        #expect(abs(highest.value - 50.5 / 51) < 1e-12)
        #expect(highest.weightAbove == 0 && highest.weightBelow == 50 && abs(highest.inflation - 1.24) < 1e-12)
        for _ in 0..<12 { reference.take(192) }
        #expect(reference.rank(of: 192, promise).weight == 50)
        reference.take(192)
        #expect(reference.rank(of: 192, promise).weightAbove == 1)
    }

    @Test(
        "what is promised weighs no more than the rows tell of a level, and is no gross error's measure from too few",
        arguments: [(50, 3, 1, 50.0, true), (50, 7, 5, 30, true), (13, 4, 2, 2, false), (5000, 3, 1, 100, true)])
    func promise(_ rows: Int, _ coefficients: Int, _ levels: Int, _ weight: Double, _ isMeasured: Bool) throws {
        let promise = try #require(
            ModelPromise(
                ModelStatement(modelTime: "", sigma: 1, rows: rows, coefficients: coefficients, levels: levels)))
        #expect(promise.weight == weight && (promise.grossFrom != nil) == isMeasured)
    }

    @Test("while nothing changes each bet is fair: the mean of its ratios is 1")
    func fairBets() {
        let step = 0.001
        for bet in Bet.all {
            let mean = stride(from: -40, to: 40, by: step).reduce(0.0) { sum, score in
                sum + step * (bet.evidence(score) - score * score / 2).exponential() / (2 * Double.pi).squareRoot()
            }
            #expect(abs(mean - 1) < 1e-9)
        }
        #expect(abs(0.015 * GrossBet.factorOfEvent + 0.985 * GrossBet.factorElse - 1) < 1e-12)
    }

    @Test("the weights of the bets sum to 1: a row that says nothing adds 1")
    func weights() {
        var sums = EvidenceSums()
        let row = ObservedRow(number: 1, identifier: "1", time: 0, error: nil)
        // With no power every ratio is 1, but for the two of gross errors, which lose nine tenths.
        sums.add(0, power: 0, gross: nil, row)
        #expect(abs(sums.mean - (0.6 + 0.4 * 0.1)) < 1e-12)
    }

    @Test("what neighbours share is found, a shift of the mean does not pass for it", arguments: [0, 0.5, 0.8])
    func autocorrelation(_ correlation: Double) {
        let unit = NormalDistribution(mean: 0, standardDeviation: 1)
        var random = Xoshiro256(seed: 4)
        var (estimate, last, error) = (Autocorrelation(), LastScores(), 0.0)
        #expect(estimate.inflation == 1.5)
        for row in 0..<20_000 {
            error = correlation * error + (1 - correlation * correlation).squareRoot() * unit.draw(using: &random)
            let score = error + (row > 10_000 ? 3 : 0)
            estimate.add(score, after: last)
            last.add(score)
        }
        let expected = (1 + correlation) / (1 - correlation)
        #expect(abs(estimate.inflation / expected - 1) < 0.25)
    }
}
