import Testing

@testable import Streaming

@Suite("Lines out of bytes")
struct LineSplitterTests {
    private func lines(_ text: String, pieces: Int, bytesMax: Int = 8) -> [String] {
        var splitter = LineSplitter(bytesMax: bytesMax)
        var lines: [String] = []
        func note(_ line: LineSplitter.Line) {
            switch line {
            case .whole(let bytes, let number): lines.append("\(number):\(String(decoding: bytes, as: UTF8.self))")
            case .tooLong(let number): lines.append("\(number) too long")
            }
        }
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: pieces) {
            splitter.append(bytes[start..<min(start + pieces, bytes.count)])
            while let line = splitter.next() { note(line) }
        }
        if let line = splitter.finish() { note(line) }
        return lines
    }

    @Test(
        "lines are the same however the bytes are cut",
        arguments: [
            ("", []), ("a", ["1:a"]), ("a\n", ["1:a"]), ("a\nb", ["1:a", "2:b"]), ("\n\n", ["1:", "2:"]),
            ("a\r\nb\r\n", ["1:a", "2:b"]), ("a\rb\n", ["1:a\rb"]), ("é\nü\n", ["1:é", "2:ü"]),
            ("12345678\n123456789\n1\n", ["1:12345678", "2 too long", "3:1"]),
            ("1\n1234567890123456789012345\n2", ["1:1", "2 too long", "3:2"]), ("123456789", ["1 too long"]),
            ("123456789\n", ["1 too long"]),
        ] as [(String, [String])])
    func cuts(_ text: String, _ expected: [String]) {
        for pieces in 1...max(1, text.utf8.count) {
            #expect(lines(text, pieces: pieces) == expected, "in pieces of \(pieces)")
        }
    }
}
