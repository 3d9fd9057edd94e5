import Documents
import Testing

@Suite("Hexadecimal floating point")
struct HexTextTests {
    @Test(
        "the text is that of C's %a",
        arguments: [
            (1.0, "0x1p+0"), (-0.5, "-0x1p-1"), (0.1, "0x1.999999999999ap-4"), (0.0, "0x0p+0"), (-0.0, "-0x0p+0"),
            (5.0, "0x1.4p+2"), (.greatestFiniteMagnitude, "0x1.fffffffffffffp+1023"),
            (.leastNormalMagnitude, "0x1p-1022"), (.leastNonzeroMagnitude, "0x0.0000000000001p-1022"),
        ])
    func text(_ value: Double, _ expected: String) {
        #expect(value.hexText == expected)
    }

    @Test("every value is read back to the last bit", arguments: [1 as UInt64, 2, 3])
    func roundTrip(_ seed: UInt64) {
        var bits = seed
        for _ in 0..<2000 {
            bits = bits &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let value = Double(bitPattern: bits)
            guard value.isFinite else { continue }
            #expect(Double(value.hexText)?.bitPattern == value.bitPattern, "\(value)")
        }
    }
}
