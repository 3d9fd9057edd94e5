import SeededTesting
import Testing

@testable import Regression

/// Double-double against whole numbers of 128 bits, which hold every intermediate result exactly.
struct DoubleDoubleTests {
    static let seeds: [UInt64] = Array(1...200)

    /// The unit round-off of a double, squared: what the bounds in the sources are counted in.
    private static let unit = 0x1p-106

    @Test("the sum and the product of two doubles are exact", arguments: seeds)
    func exactOperations(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let (a, b) = (
            Int64.random(in: -(1 << 53)...(1 << 53), using: &random), Int64.random(in: -999...999, using: &random)
        )
        let (x, y) = (Double(a), Double(b))
        #expect(Self.whole(.product(x, y)) == Int128(a) * Int128(b))
        #expect(Self.whole(.sum(x * 0x1p20, y)) == Int128(a) << 20 + Int128(b))
    }

    @Test("sums and products of double-doubles keep within their bounds", arguments: seeds)
    func sumsAndProducts(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        // Up to 100 bits for sums, and up to 62 for products, whose exact results are below 2^127.
        let (a, b) = (Self.random(bits: 100, &random), Self.random(bits: 100, &random))
        expect(Self.doubleDouble(a) + Self.doubleDouble(b), is: a + b, units: 3)
        expect(Self.doubleDouble(a) - Self.doubleDouble(b), is: a - b, units: 3)
        let (c, d) = (Self.random(bits: 62, &random), Self.random(bits: 62, &random))
        expect(Self.doubleDouble(c) * Self.doubleDouble(d), is: c * d, units: 5)
    }

    @Test("quotients and roots give back what they are of", arguments: seeds)
    func quotientsAndRoots(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let (a, b) = (Self.random(bits: 100, &random), Self.random(bits: 90, &random))
        let quotient = Self.doubleDouble(a) / Self.doubleDouble(b)
        expect(quotient * Self.doubleDouble(b), is: a, units: 15 + 5)
        let root = Self.doubleDouble(abs(a)).squareRoot()
        expect(root * root, is: abs(a), units: 2 * 25 / 8 + 5)
    }

    @Test("a quotient of whole numbers that comes out even is exact", arguments: seeds)
    func evenQuotient(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let (a, b) = (Self.random(bits: 60, &random), Self.random(bits: 50, &random))
        #expect(Self.whole(Self.doubleDouble(a * b) / Self.doubleDouble(b)) == a)
    }

    @Test("the upper half is the sum of both parts rounded to a double", arguments: seeds)
    func upperHalfIsRounded(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let a = Self.random(bits: 105, &random)
        #expect(Double(Self.doubleDouble(a)) == Double(a))
        let product = Self.doubleDouble(a) * Self.doubleDouble(3)
        #expect(product.high + product.low == product.high)
    }

    @Test("numbers are ordered by both parts")
    func order() {
        let one = DoubleDouble.one
        let more = DoubleDouble.sum(1, 0x1p-80)
        #expect(one < more && !(more < one) && !(one < one))
        #expect(DoubleDouble.sum(1, -0x1p-80) < one)
        #expect(DoubleDouble(-2) < one)
    }

    @Test("roots of 0 and below are those of a double")
    func edgeRoots() {
        #expect(DoubleDouble.zero.squareRoot() == .zero)
        #expect(Double(DoubleDouble(-1).squareRoot()).isNaN)
    }

    private func expect(
        _ value: DoubleDouble, is exact: Int128, units: Int, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let error = abs(Double(Self.whole(value) - exact))
        // Half a whole number may be lost in turning the value back into one.
        let bound = Double(units) * Self.unit * abs(Double(exact)) + 0.5
        #expect(error <= bound, sourceLocation: sourceLocation)
    }

    private static func random(bits: Int, _ random: inout SeededGenerator) -> Int128 {
        let size = Int.random(in: 1..<bits, using: &random)
        let magnitude = Int128(random.next() >> 1) << 64 + Int128(random.next())
        return (magnitude >> Int128(127 - size) + 1) * (random.next() & 1 == 0 ? 1 : -1)
    }

    private static func doubleDouble(_ value: Int128) -> DoubleDouble {
        let high = Double(value)
        return .sum(high, Double(value - Int128(high)))
    }

    private static func whole(_ value: DoubleDouble) -> Int128 {
        Int128(value.high) + Int128(value.low.rounded())
    }
}
