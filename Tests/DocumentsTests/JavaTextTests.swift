import Documents
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
}
