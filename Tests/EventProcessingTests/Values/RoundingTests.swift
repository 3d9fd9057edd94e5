import EventTesting
import Foundation
import Testing

@testable import EventProcessing

@Suite("ksqlDB's ROUND and the relative error")
struct RoundingTests {
    @Test(
        "ROUND works on the decimal text, and a tie goes toward positive infinity",
        arguments: [
            (0.0005, 3, 0.001), (0.0015, 3, 0.002), (0.0025, 3, 0.003), (0.1445, 3, 0.145), (-0.0005, 3, 0),
            (-0.0015, 3, -0.001), (-0.0016, 3, -0.002), (0.155, 2, 0.16), (0.15499999999999997, 2, 0.15),
            (-1.5, 0, -1), (1.5, 0, 2), (2.5, 0, 3), (0.5, 0, 1), (-0.5, 0, 0), (0.9995, 3, 1), (99.9995, 3, 100),
            (0.25, 3, 0.25), (12_345_678.9995, 3, 12_345_679), (1e22, 3, 1e22), (1.5e-7, 3, 0),
            (.leastNonzeroMagnitude, 3, 0),
            (0.00049, 3, 0), (0.00005, 3, 0), (-0.0, 3, 0), (1.7976931348623157e308, 3, 1.7976931348623157e308),
        ])
    func round(_ value: Double, _ places: Int, _ expected: Double) throws {
        let rounded = try #require(value.rounded(toPlaces: places))
        #expect(rounded == expected)
        #expect(rounded.sign == .plus || rounded != 0, "decimals have no negative zero")
    }

    @Test("ROUND gives what the decimal text rounds to, for any number", arguments: [1, 3, 4])
    func roundOfText(_ places: Int) throws {
        var random = Xoshiro256(seed: 7)
        for number in 0..<20_000 {
            let scale = [0.001, 1, 1000, 1e7][number % 4]
            // Every other one has few places, so that halves are among them.
            let drawn = Double.random(in: 0...scale, using: &random)
            let value = number.isMultiple(of: 8) ? (drawn * 20_000).rounded() / 20_000 : drawn
            var (text, rounded) = (try #require(Decimal(string: value.description)), Decimal())
            unsafe NSDecimalRound(&rounded, &text, places, .plain)
            #expect(value.rounded(toPlaces: places) == Double("\(rounded)"), "\(value)")
            let fixed = value.fixed(places)
            #expect(Double(fixed) == Double("\(rounded)"), "\(value)")
            #expect(fixed.contains("e") || fixed.split(separator: ".").last?.count == places, "\(value): \(fixed)")
        }
    }

    @Test("ROUND has no result for what is not finite", arguments: [Double.nan, .infinity, -.infinity])
    func notFinite(_ value: Double) {
        #expect(value.rounded(toPlaces: 3) == nil)
    }

    @Test(
        "the error is relative to the truth, and null where it cannot be had",
        arguments: [
            (3.78, 4.38, 0.137), (2.54, 5.54, 0.542), (5, 4, 0.25), (3, -4, -1.75), (0, 4, 1), (1e-300, 1e300, 1),
            (3, 0, nil), (0, 0, nil), (-3, 0, nil), (3, .leastNonzeroMagnitude, nil), (1e308, 1e-308, nil),
            (nil, 4, nil), (3, nil, nil),
            (nil, nil, nil), (.nan, 4, nil), (4, .nan, nil), (.infinity, 4, nil),
        ] as [(Double?, Double?, Double?)])
    func relativeError(_ predicted: Double?, _ actual: Double?, _ expected: Double?) {
        #expect(RelativeError.of(predicted: predicted, actual: actual) == expected)
    }

    @Test("the recipe's ten fish have the errors of its page")
    func recipe() {
        let errors = RecipeFish.all.map { RelativeError.of(predicted: $0.predicted, actual: $0.actual) }
        #expect(errors == [0.137, 0.315, 0.179, 0.542, 0.556, 0.244, 0.405, 0.382, 0.358, 0.347])
    }
}
