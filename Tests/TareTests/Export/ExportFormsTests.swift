import ArgumentParser
import Documents
import Foundation
import ModelService
import Regression
import Specification
import Testing

@testable import Storage
@testable import Tare

@Suite("Models in forms that other programs run")
struct ExportFormsTests {
    @Test("the fixtures are here")
    func fixturesAreHere() { #expect(ExportCase.names.count == 47) }

    @Test(
        "in SQLite the SQL gives R's predictions, and the server's for levels never seen", arguments: ExportCase.names)
    func sql(name: String) throws {
        let model = try ExportCase(name)
        let expression = model.export.text(.sql)
        let database = try SQLiteConnection(path: ":memory:", .writing)
        for row in model.rows + model.strangers {
            let columns = (row.document.members ?? []).map { "? AS \"\($0.name)\"" }.joined(separator: ", ")
            let values = row.numbers.map { SQLiteValue.real($0) } + row.levels.map { .text($0) }
            let rows = columns.isEmpty ? "" : " FROM (SELECT \(columns))"
            let value = try database.real("SELECT \(expression)\(rows)", values)
            #expect(agrees(value, row.expected), "\(row.document.compact): \(value ?? .nan) \(row.expected)")
        }
    }

    @Test("in SQLite whole numbers are divided as real ones, and a level that is missing has no estimate")
    func sqlTypes() throws {
        let rows = (1...20).map { #"{"a":\#($0),"b":\#(1 + $0 % 4),"f":"\#($0 % 2)x","y":\#($0 * 3 + $0 % 5)}"# }
        let file = try RowsFile(name: "rows", bytes: Array(rows.joined(separator: "\n").utf8))
        let options = try SpecificationOptions.parse(["--formula", "y ~ I(a / b) + f"])
        let specification = try options.specification(of: file)
        let version = try ModelVersion(
            fitting: TrainingRows(try file.rows(specification), specification: specification),
            time: Timestamp(milliseconds: 0), parent: nil, trigger: .null)
        let expression = try ModelExport(of: version).text(.sql)
        let database = try SQLiteConnection(path: ":memory:", .writing)
        let whole = try database.real("SELECT \(expression) FROM (SELECT 7 AS a, 2 AS b, '1x' AS f)")
        let expected = version.estimate(predictors: [7, 2], levels: ["1x"])?.value
        #expect(agrees(whole, try #require(expected)))
        let missing = try database.real("SELECT \(expression) FROM (SELECT 7 AS a, 2 AS b, NULL AS f)")
        #expect(missing == nil)
    }

    @Test("signs that end a text in SQL or R do not, also where an accent follows them", arguments: ["", "\u{301}"])
    func quotedTexts(accent: String) throws {
        let levels = ["'", "\"", "\\"].map { "a\($0)\(accent)b" }
        let column = "c\"\(accent)d"
        let rows = (0..<12).map { number -> JSON in
            [
                column: JSON(Double(number)), "f": .string(levels[number % 3]),
                "y": JSON(Double(number * 3 + number % 5)),
            ]
        }
        let file = try RowsFile(name: "rows", bytes: Array(rows.map(\.compact).joined(separator: "\n").utf8))
        let specification = try SpecificationOptions.parse(["--formula", "y ~ `\(column)` + f"]).specification(of: file)
        let version = try ModelVersion(
            fitting: TrainingRows(try file.rows(specification), specification: specification),
            time: Timestamp(milliseconds: 0), parent: nil, trigger: .null)
        let export = try ModelExport(of: version)
        let database = try SQLiteConnection(path: ":memory:", .writing)
        for level in levels {
            let query = "SELECT \(export.text(.sql)) FROM (SELECT 7 AS \"c\"\"\(accent)d\", ? AS f)"
            let expected = try #require(version.estimate(predictors: [7], levels: [level])?.value)
            #expect(agrees(try database.real(query, [.text(level)]), expected), "\(level)")
        }
        let r = Array(export.text(.r).utf8)
        for text in ["\"a'\(accent)b\"", "\"a\\\"\(accent)b\"", "\"a\\\\\(accent)b\"", "`c\"\(accent)d`"] {
            #expect(r.firstRange(of: Array(text.utf8)) != nil, "\(text)")
        }
    }

    @Test(
        "where R is at hand, its expression gives R's predictions, and the server's for levels never seen",
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/Rscript")))
    func r() throws {
        let models = try ExportCase.names.map { try ExportCase($0) }
        var script = "options(warn = 2)\n"
        for model in models {
            for row in model.rows + model.strangers {
                let columns = (row.document.members ?? []).map { member in
                    "\(RExport.name(member.name)) = \(member.value.text.map { "r\"---(\($0))---\"" } ?? member.value.compact)"
                }
                script += "cat(sprintf(\"%.17g\\n\", with(list(\(columns.joined(separator: ", "))),\n"
                script += "\(model.export.text(.r)))))\n"
            }
        }
        let lines = try Self.run("/usr/bin/Rscript", ["-"], input: script).split(separator: "\n")
        let rows = models.flatMap { model in (model.rows + model.strangers).map { (model.name, $0) } }
        #expect(lines.count == rows.count, "\(lines.suffix(3))")
        for (line, (name, row)) in zip(lines, rows) {
            #expect(agrees(Double(line), row.expected), "\(name) \(row.document.compact): \(line) \(row.expected)")
        }
    }

    @Test("the JSON has every coefficient that is not aliased, with what it is multiplied by")
    func json() throws {
        let model = try ExportCase("formula_star.json")
        let document = try JSON(parsing: model.export.text(.json))
        let columns = try #require(document["fits"]?.elements?.first?["columns"]?.elements)
        #expect(columns.map { $0["name"]?.text } == model.version.model.coefficients.map(\.name))
        #expect(columns.map { $0["coefficient"]?.double } == model.version.model.coefficients.map(\.estimate))
        let product = try #require(columns.last)
        #expect(product["number"]?.text != nil && product["levels"]?.members?.count == 1, "\(product.compact)")
        #expect(
            document["fits"]?.elements?.map { $0["unseen"] } == [[], [.string(model.version.specification.groupName)]])
    }

    @Test("PMML says which version it is, and names with signs of XML are escaped")
    func pmmlText() throws {
        let text = try ExportCase("formula_three.json").export.text(.pmml)
        #expect(text.contains(#"<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4">"#))
        let element = XMLElement("A", ["b": "<\"&\n"], [XMLElement("C", content: "a<b>&")])
        #expect(element.document.hasSuffix("<A b=\"&lt;&quot;&amp;&#10;\">\n <C>a&lt;b&gt;&amp;</C>\n</A>\n"))
    }

    @Test(
        "an independent evaluator of PMML gives R's predictions, and the server's for levels never seen",
        .enabled(if: ProcessInfo.processInfo.environment["TARE_TEST_PMML"] != nil, "make test-export runs this"))
    func pmml() throws {
        let models = try ExportCase.names.map { try ExportCase($0) }
        let asked = models.map { model -> JSON in
            [
                "pmml": .string(model.export.text(.pmml)),
                "rows": .array((model.rows + model.strangers).map(\.document)),
                "output": .string("predicted_\(model.export.response.column)"),
            ]
        }
        let output = try Self.run(
            ExportCase.root.appending(path: ".tools/python/bin/python").path,
            [ExportCase.root.appending(path: "Tests/Clients/evaluate.py").path], input: JSON.array(asked).compact)
        let answers = try #require(try JSON(parsing: output).elements)
        #expect(answers.count == models.count)
        for (model, answer) in zip(models, answers) {
            let values = try #require(answer.elements)
            #expect(values.count == model.rows.count + model.strangers.count)
            for (value, row) in zip(values, model.rows + model.strangers) {
                #expect(
                    agrees(value.double, row.expected),
                    "\(model.name) \(row.document.compact): \(value.compact) \(row.expected)")
            }
        }
    }

    private static func run(_ path: String, _ arguments: [String], input: String) throws -> String {
        let file = FileManager.default.temporaryDirectory.appending(path: "tare-export-\(UUID().uuidString)")
        try Data(input.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.standardInput = try FileHandle(forReadingFrom: file)
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: text, as: UTF8.self)
    }
}

extension SQLiteConnection {
    /// The first column of the first row.
    fileprivate func real(_ sql: String, _ values: [SQLiteValue] = []) throws -> Double? {
        try rows(sql, values) { $0.real(0) }.first ?? nil
    }
}
