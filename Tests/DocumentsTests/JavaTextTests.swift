import Documents
import SeededTesting
import Testing

@Suite("Numbers as Java prints them")
struct JavaTextTests {
    @Test(
        "Double.toString's rules for point and exponent hold",
        arguments: [
            (4, "4.0"), (0, "0.0"), (-0.0, "-0.0"), (0.001, "0.001"), (0.000999, "9.99E-4"), (0.0001, "1.0E-4"),
            (-1.25e-5, "-1.25E-5"), (9_999_999, "9999999.0"), (1e7, "1.0E7"), (12_345_678.9, "1.23456789E7"),
            (1e16, "1.0E16"), (9_007_199_254_740_992, "9.007199254740992E15"),
            (1.7976931348623157e308, "1.7976931348623157E308"),
            (.leastNonzeroMagnitude, "4.9E-324"), (2.2250738585072014e-308, "2.2250738585072014E-308"),
            (0.1 + 0.2, "0.30000000000000004"),
            (0.34650000000000003, "0.34650000000000003"), (.nan, "NaN"), (.infinity, "Infinity"),
            (-.infinity, "-Infinity"),
        ])
    func text(_ value: Double, _ expected: String) {
        #expect(value.javaText == expected)
    }

    @Test(
        "the digits are those of Swift's own text, and give the number back", arguments: 1...20 as ClosedRange<UInt64>)
    func digits(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        func digits(_ text: String) -> Substring {
            let mantissa = text.prefix { $0 != "e" && $0 != "E" }.filter { $0.isNumber }
            let significant = mantissa.drop { $0 == "0" }
            return significant.dropLast(significant.reversed().prefix { $0 == "0" }.count)
        }
        for _ in 0..<2000 {
            let value = Double(bitPattern: random.next())
            guard value.isFinite, value.magnitude > .leastNonzeroMagnitude else { continue }
            let text = value.javaText
            try #require(Double(text) == value && digits(text) == digits(value.description))
            try #require(text.drop { $0 == "-" }.dropFirst().first == "." || (1e-3..<1e7).contains(value.magnitude))
        }
    }
}
