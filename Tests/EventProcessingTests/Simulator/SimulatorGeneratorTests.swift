import Foundation
import Testing

@testable import EventProcessing

@Suite("The simulator's random numbers")
struct SimulatorGeneratorTests {
    @Test("SplitMix64 gives its authors' numbers for the seed 0")
    func splitMix() {
        var mixer = SplitMix64(state: 0)
        #expect(
            (0..<3).map { _ in mixer.next() } == [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4, 0x06C4_5D18_8009_454F])
    }

    @Test("xoshiro256** gives its published numbers for the state 1, 2, 3, 4")
    func xoshiro() {
        var generator = Xoshiro256(state: (1, 2, 3, 4))
        let expected: [UInt64] = [
            11520, 0, 1_509_978_240, 1_215_971_899_390_074_240, 1_216_172_134_540_287_360, 607_988_272_756_665_600,
            16_172_922_978_634_559_625, 8_476_171_486_693_032_832, 10_595_114_339_597_558_777,
            2_904_607_092_377_533_576,
        ]
        #expect(expected.indices.map { _ in generator.next() } == expected)
    }

    @Test("another seed or another stream gives other numbers, the same ones the same")
    func seeds() {
        func first(_ seed: UInt64, _ stream: UInt64) -> [UInt64] {
            var generator = Xoshiro256(seed: seed, stream: stream)
            return (0..<4).map { _ in generator.next() }
        }
        let all = [first(0, 0), first(1, 0), first(0, 1), first(1, 1), first(.max, 0)]
        #expect(Set(all).count == all.count)
        #expect(Set(all.joined()).count == 20)
        #expect(first(7, 1) == first(7, 1))
    }

    @Test("fractions fill [0, 1) evenly")
    func fractions() {
        var generator = Xoshiro256(seed: 1)
        var counts = [Int](repeating: 0, count: 10)
        for _ in 0..<100_000 {
            let fraction = generator.nextFraction()
            #expect(fraction >= 0 && fraction < 1)
            counts[Int(fraction * 10)] += 1
        }
        // Five standard deviations of a count.
        #expect(counts.allSatisfy { abs($0 - 10_000) < 475 }, "\(counts)")
    }

    @Test("the portable logarithm is within two units in the last place of the C library's")
    func logarithm() {
        var generator = Xoshiro256(seed: 2)
        var values = (0..<10_000).map { _ in generator.nextFraction() }.filter { $0 > 0 }
        values += [
            1, 0.5, 2, 10, .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude, Double(1).nextUp,
        ]
        values += [Double(1).nextDown, 2.squareRoot(), 2.squareRoot().nextUp, 1e-300, 1e300]
        for value in values {
            let expected = log(value)
            #expect(abs(value.portableLogarithm - expected) <= 2 * expected.ulp, "\(value)")
        }
    }

    @Test("draws have the mean, the spread and the tails of the normal distribution")
    func normal() {
        var generator = Xoshiro256(seed: 3)
        let normal = NormalDistribution(mean: 88, standardDeviation: 5)
        let count = 200_000
        let draws = (0..<count).map { _ in (normal.draw(using: &generator) - 88) / 5 }
        let moments = (1...4).map { power in draws.reduce(0) { $0 + pow($1, Double(power)) } / Double(count) }
        // Five standard deviations of each moment's estimate: sqrt of 1, 2, 15 and 96 over the count.
        for (moment, expected) in zip(moments, [(0.0, 1.0), (1.0, 2.0), (0.0, 15.0), (3.0, 96.0)]) {
            #expect(abs(moment - expected.0) < 5 * (expected.1 / Double(count)).squareRoot())
        }
        for (bound, share) in [(1.0, 0.682689), (2.0, 0.954500), (3.0, 0.997300)] {
            let inside = Double(draws.count { abs($0) < bound }) / Double(count)
            #expect(abs(inside - share) < 5 * (share * (1 - share) / Double(count)).squareRoot())
        }
    }
}
