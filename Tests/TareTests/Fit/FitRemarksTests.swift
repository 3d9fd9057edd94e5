import Documents
import Specification
import Testing

@testable import Tare

@Suite("What a fit says of its rows")
struct FitRemarksTests {
    private static func remarks(_ text: String, formula: String) throws -> [String] {
        let file = try RowsFile(name: "rows.csv", bytes: Array(text.utf8))
        let specification = try DerivedSpecification(file: file, formula: formula).specification()
        return try FitRemarks(on: file, specification, try file.rows(specification)).lines
    }

    @Test(
        "each row that is left out is told with its line and the reason",
        arguments: [
            ("1,2\n,4\n", "  line 3 of rows.csv: 'x' is missing"),
            ("1,2\nNA,4\n", "  line 3 of rows.csv: 'x' is missing"),
            ("1,2\n\n3\n", "  line 4 of rows.csv: 'y' is missing"),
            ("1,2\n3,4,5\n", "  line 3 of rows.csv: 3 cells where the header has 2"),
            ("-1,2\n3,4\n", "  line 2 of rows.csv: the formula y ~ log(x) gives no number"),
        ])
    func leftOut(_ rows: String, _ line: String) throws {
        let remarks = try Self.remarks("x,y\n" + rows, formula: "y ~ log(x)")
        #expect(remarks == ["left out: 1 row", line])
    }

    @Test("a response that relative errors cannot be measured of is told")
    func notPositive() throws {
        let file = try RowsFile(name: "rows.csv", bytes: Array("x,y\n1,2\n2,-4\n".utf8))
        var derived = DerivedSpecification(
            file: try RowsFile(name: "a", bytes: Array("x,y\n1,2\n".utf8)), formula: "y ~ x")
        derived.errorMeasure = .relative
        let specification = try derived.specification()
        let lines = try FitRemarks(on: file, specification, try file.rows(specification)).lines
        #expect(lines.last?.contains("line 3 of rows.csv: 'y' is -4.0, and relative errors need it above 0") == true)
    }

    @Test("the first ten are told one by one, the others counted")
    func many() throws {
        let rows = (1...20).map { "\($0),\($0 + 1)\n" }.joined() + String(repeating: ",1\n", count: 12)
        let remarks = try Self.remarks("x,y\n" + rows, formula: "y ~ x")
        #expect(remarks.count == 12 && remarks.first == "left out: 12 rows" && remarks.last == "  and 2 more")
    }

    @Test("a column of numbers that one cell makes a factor is told with that cell")
    func factor() throws {
        let remarks = try Self.remarks("x,y\n1,2\n2,3\n\"3,5\",4\n4,5\n", formula: "y ~ x")
        #expect(
            remarks == ["'x' is taken for a factor, as line 4 of rows.csv has \"3,5\"; 3 of its 4 cells are numbers"])
    }

    @Test("a row that lacks cells which the fit does not need is used, and told")
    func short() throws {
        let remarks = try Self.remarks("x,y,z\n1,2,3\n2,3\n", formula: "y ~ x")
        #expect(remarks == ["fewer cells than columns: 1 row", "  line 3 of rows.csv: 2 cells where the header has 3"])
    }

    @Test("a file in order has no remarks")
    func none() throws {
        #expect(try Self.remarks("x,g,y\n1,a,2\n2,b,3\n3,a,5\n", formula: "y ~ x + g").isEmpty)
    }
}
