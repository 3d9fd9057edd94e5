import Documents
import ModelService
import Regression
import Specification
import Testing

@testable import Tare

@Suite("Rows from a file")
struct RowsFileTests {
    /// A row of fish as a file tells it.
    private struct Row: Equatable {
        let level: String?
        /// Length and height; not a number where there is none.
        let predictors: [Double]
        let weight: Double

        init(_ level: String?, _ predictors: [Double], _ weight: Double) {
            (self.level, self.predictors, self.weight) = (level, predictors, weight)
        }

        /// NaN is equal to itself here: both mean that nothing is there.
        static func == (one: Row, other: Row) -> Bool { "\(one)" == "\(other)" }
    }

    private static func columns(_ text: String) throws -> TrainingColumns {
        try RowsFile(name: "rows", bytes: Array(text.utf8)).rows(.fish)
    }

    private static func rows(_ text: String) throws -> [Row] {
        let columns = try columns(text)
        let levels = columns.factors[0]
        return (0..<columns.count).map { row in
            Row(
                levels.codes[row] < 0 ? nil : levels[row], columns.predictors.map { $0[row] }, columns.responses[row])
        }
    }

    private static let expected = Row("salmon", [95, 18], 4.9)

    @Test(
        "columns are found by name whatever its case, in CSV, NDJSON and arrays",
        arguments: [
            "species,id,length,height,weight\nsalmon,1,95,18,4.9\n",
            "\u{FEFF}SPECIES;Height;LENGTH;ActualWeight\r\nsalmon; 18 ;95;4.9\r\n",
            "length,height,\"species\",weight\n95,18,\"salmon\",4.9",
            #"{"Length":95,"Height":18,"Species":"salmon","ActualWeight":4.9,"PredictedWeight":5}"#,
            "{\"length\":95,\"height\":18,\n \"species\":\"salmon\",\"weight\":4.9}\n",
            #"  [{"Length":95,"Height":18,"Species":"salmon","Diff":0,"ActualWeight":4.9}]"#,
            #"{"Length":{"$numberDouble":"95.0"},"Height":{"$numberInt":"18"},"Species":"salmon","ActualWeight":4.9}"#,
        ])
    func forms(_ text: String) throws {
        #expect(try Self.rows(text) == [Self.expected])
    }

    @Test("what is no number is nothing, and leaves the row to be counted")
    func unusable() throws {
        let text = "length,height,species,weight\n95,NA,salmon,4.9\n95,18,,x\n95,18,salmon\n"
        #expect(
            try Self.rows(text) == [
                Row("salmon", [95, .nan], 4.9), Row(nil, [95, 18], .nan), Row("salmon", [95, 18], .nan),
            ])
        #expect(TrainingRows(try Self.columns(text), specification: .fish).leftOut == 3)
    }

    @Test(
        "where semicolons or tabs separate the cells, commas in numbers are points",
        arguments: [
            "length;height;species;weight\n95;18;salmon;4,9\n",
            "length\theight\tspecies\tweight\n95\t18\tsalmon\t4.9\n",
        ])
    func separators(_ text: String) throws {
        #expect(try Self.rows(text) == [Self.expected])
    }

    @Test("a row with more cells than columns is no row, one with fewer has none of the last")
    func ragged() throws {
        let file = try RowsFile(
            name: "rows", bytes: Array("length,height,species,weight\n95,18,salmon,4.9,1\n95,18,salmon\n".utf8))
        #expect(file.cellCounts == [0: 5, 1: 3])
        #expect(["length", "height", "species", "weight"].allSatisfy { file.cell(0, $0) == nil })
        #expect(file.cell(1, "weight") == nil && file.cell(1, "species")?.text == "salmon")
        #expect(file.place(of: 1) == "line 3 of rows")
    }

    @Test(
        "a row is told by the line where it begins, whatever lies between it and the row before",
        arguments: ["\n", "\r\n"])
    func places(end: String) throws {
        let lines = ["length,species", "1,a", "2,a", "", "", "3,\"a\nb\nc\"", "4,a", "5,a", "", "6,\"x\ny\"", "7,a"]
        let file = try RowsFile(name: "rows", bytes: Array(lines.joined(separator: end).utf8))
        let places = (0..<file.rowCount).map { file.place(of: $0) }
        #expect(places == [2, 3, 6, 9, 10, 12, 14].map { "line \($0) of rows" })
        let behindEmptyLines = try RowsFile(name: "rows", bytes: Array("\n\na\n\n1\n2\n".utf8))
        #expect((0..<2).map { behindEmptyLines.place(of: $0) } == ["line 5 of rows", "line 6 of rows"])
    }

    @Test("rows of several kinds are read each by its own members")
    func lines() throws {
        let line = #"{"Length":95,"Height":18,"Species":"salmon","ActualWeight":4.9}"#
        #expect(try Self.rows("\(line)\n\n\(line)\n") == [Self.expected, Self.expected])
    }

    @Test("columns that are all different take no longer for each of them", .timeLimit(.minutes(40)))
    func manyColumns() throws {
        let lines = (0..<100_000).map { "{\"a\($0)\":1}\n" }.joined()
        let line = #"{"Length":95,"Height":18,"Species":"salmon","ActualWeight":4.9}"#
        #expect(try Self.rows(lines + line).last == Self.expected)
        do {
            _ = try Self.rows(lines)
            Issue.record("was read")
        } catch {
            #expect("\(error)".contains("it has a0, a1,") && "\(error)".utf8.count < 500, "\(error)")
        }
    }

    @Test(
        "a file that gives no rows says why, where, and what is accepted",
        arguments: [
            ("", "empty"), (" \n", "empty"),
            ("a,b\n1,2\n", "no column weight or ActualWeight (in any case); it has a, b"),
            ("length,height,weight\n1,2,3\n", "no column species"),
            ("length,Length,height,species,weight\n1,1,2,s,3\n", "several columns for length: length, Length"),
            ("length,length,weight\n1,2,3\n", "two columns of the name 'length'"),
            ("length,height\n1,\"2", "line 2 of rows is not CSV: a cell without its closing quote"),
            ("{\"length\":1}\nnonsense\n", "line 2 of rows is not JSON"), ("[1]", "element 1 of rows is a number"),
            ("{\"a\":1}\n5\n", "line 2 of rows is a number"), ("[{}", "is not JSON"),
        ])
    func refused(_ text: String, _ message: String) {
        do {
            _ = try Self.rows(text)
            Issue.record("was read")
        } catch { #expect("\(error)".contains(message), "\(error)") }
    }

    @Test("a file that is not UTF-8 is refused")
    func notUTF8() {
        #expect(throws: RowsFileError("line 1 of rows is not CSV: a cell that is not UTF-8")) {
            try RowsFile(name: "rows", bytes: [0x61, 0xFF])
        }
    }
}
