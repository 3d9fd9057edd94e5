import Documents
import Foundation
import ModelService
import Regression
import Specification
import Testing

@testable import Tare

@Suite("tare export")
struct ExportCommandTests {
    private static let fish = LiveServer.initialModel

    @Test("writes each form to standard output, and the same to a file", arguments: ["pmml", "sql", "r", "json"])
    func forms(form: String) throws {
        try withLiveFolder { folder in
            let printed = try TareProcess.run(["export", Self.fish, "--to", form])
            #expect(printed.status == 0 && printed.output.contains("0.05358"), "\(printed.errors)\(printed.output)")
            let file = folder.appending(path: "out").path
            let written = try TareProcess.run(["export", Self.fish, "--to", form, "--out", file])
            #expect(written.status == 0 && written.output.isEmpty)
            #expect(try String(contentsOfFile: file, encoding: .utf8) == printed.output)
        }
    }

    @Test("a mean of a logarithm is exported as the server answers it, one of a root is refused")
    func means() throws {
        try withLiveFolder { folder in
            let rows = folder.appending(path: "rows.csv"), model = folder.appending(path: "model.json").path
            let lines = (0..<40).map { "\($0 + 1),\(10 + 3 * $0 + $0 * 7 % 5)\n" }
            try Data(("x,y\n" + lines.joined()).utf8).write(to: rows)
            let means = folder.appending(path: "means.yaml")
            try Data("estimate: mean\n".utf8).write(to: means)
            let fit = ["fit", rows.path, "--specification", means.path, "--out", model, "--formula"]
            try #require(try TareProcess.run(fit + ["log(y) ~ x"]).status == 0)
            let version = try ModelVersion(document: JSON(parsing: Array(try Data(contentsOf: URL(filePath: model)))))
            let estimate = try #require(version.estimate(predictors: [7], levels: []))
            #expect(estimate.value > estimate.median)
            let columns = try ModelExport(of: version).variants[0].columns
            let sum = columns.reduce(0) { $0 + $1.coefficient * ($1.number?.value { _ in 7 } ?? 1) }
            #expect(agrees(version.specification.formula.response.original(sum), estimate.value, within: 1e-12))
            try #require(try TareProcess.run(fit + ["sqrt(y) ~ x"]).status == 0)
            let refused = try TareProcess.run(["export", model, "--to", "sql"])
            #expect(
                refused.status != 0 && refused.errors.contains("the mean of a response as sqrt(y)"), "\(refused.errors)"
            )
        }
    }

    @Test(
        "what is wrong is named",
        arguments: [
            (["/nowhere.json", "--to", "sql"], "cannot read /nowhere.json"),
            ([fish, "--to", "xml"], "'xml'"), ([fish], "--to"),
            ([ExportCase.root.appending(path: "Makefile").path, "--to", "sql"], "Makefile is no model file"),
            ([fish, "--to", "r", "--out", "/nowhere/x"], "cannot write /nowhere/x"),
        ])
    func wrong(arguments: [String], words: String) throws {
        let result = try TareProcess.run(["export"] + arguments)
        #expect(result.status != 0 && result.errors.contains(words), "\(result.errors)")
    }
}
