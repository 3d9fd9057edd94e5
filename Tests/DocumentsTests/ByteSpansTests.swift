import SeededTesting
import Testing

@testable import Documents

@Suite("Bytes of a text")
struct ByteSpansTests {
    @Test("a byte before one of two others is found wherever it stands, first of all")
    func pairs() {
        var random = SeededGenerator(seed: 5)
        // Their differences are small, so that a borrow between neighbours would show.
        let choices = [UInt8(ascii: "\""), 0x23, 0x21, UInt8(ascii: "f"), UInt8(ascii: "o"), 0x67, 0xE6, 0]
        for _ in 0..<2_000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                choices[Int.random(in: choices.indices, using: &random)]
            }
            let start = Int.random(in: 0...bytes.count, using: &random)
            let expected = bytes.indices.dropLast().first { place in
                place >= start && bytes[place] == UInt8(ascii: "\"")
                    && [UInt8(ascii: "f"), UInt8(ascii: "o")].contains(bytes[place + 1])
            }
            let found = bytes.span.place(
                of: UInt8(ascii: "\""), before: UInt8(ascii: "f"), or: UInt8(ascii: "o"), from: start)
            #expect(found == expected, "\(bytes) from \(start)")
        }
    }
}
