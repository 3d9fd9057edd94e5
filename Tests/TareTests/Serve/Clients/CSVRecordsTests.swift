import Testing

@testable import Tare

@Suite("CSV bodies")
struct CSVRecordsTests {
    private func records(_ text: String, bytesMax: Int = 1000) throws -> [[String]] {
        var records = CSVRecords(of: Array(text.utf8), recordBytesMax: bytesMax)
        var all: [[String]] = []
        while let record = try records.next() { all.append(record) }
        return all
    }

    @Test(
        "cells are as RFC 4180 has them",
        arguments: [
            ("", []), ("\n\r\n", []), ("a", [["a"]]), ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
            ("a,\n,", [["a", ""], ["", ""]]), ("\"\",\"a,b\"", [["", "a,b"]]),
            ("\"a\"\"b\"\n\"c\r\nd\",e", [["a\"b"], ["c\r\nd", "e"]]), ("\u{FEFF}ä\rb", [["ä"], ["b"]]),
            (" a , b ", [[" a ", " b "]]),
        ] as [(String, [[String]])])
    func read(text: String, expected: [[String]]) throws { #expect(try records(text) == expected) }

    @Test("a fault is told with its line", arguments: [("a\n\"b", 2), ("\"a\nb\"c", 2), ("a\n\nb\"", 3)])
    func broken(text: String, line: Int) {
        #expect { try records(text) } throws: { ($0 as? CSVRecords.Fault)?.line == line }
    }

    @Test("a record larger than the bound is refused, however many there are before it")
    func bounded() throws {
        #expect(try records("12345\n67890\n", bytesMax: 5).count == 2)
        for text in ["123456", "\"12345", "1,2,3,4"] {
            #expect(throws: CSVRecords.Fault.self) { try records("1\n" + text, bytesMax: 5) }
        }
    }
}
