import ArgumentParser
import Documents
import Foundation
import ModelService
import Regression
import Specification
import Testing

@testable import Tare

/// The fixtures that R made for `Regression`'s tests, as models of this program with rows to be predicted.
struct ExportCase {
    let name: String
    let version: ModelVersion
    let export: ModelExport
    let rows: [Row]

    struct Row {
        let numbers: [Double]
        let levels: [String]
        /// On the response's own scale.
        let expected: Double
        let document: JSON
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    private static let folder = root.appending(path: "Tests/RegressionTests/Fixtures")

    static let names =
        (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?
        .filter { (try? document($0))?["formula"] != nil }.sorted() ?? []

    private static func document(_ name: String) throws -> JSON {
        try JSON(parsing: Array(try Data(contentsOf: folder.appending(path: name))))
    }

    init(_ name: String) throws {
        self.name = name
        let document = try Self.document(name)
        let file = try RowsFile(name: name, bytes: try #require(document["data"]).bytes)
        let options = try SpecificationOptions.parse(["--formula", try #require(document["formula"]?.text)])
        let specification = try options.specification(of: file)
        let rows = TrainingRows(try file.rows(specification), specification: specification)
        let version = try ModelVersion(
            fitting: rows, time: Timestamp(milliseconds: 1_622_620_132_137), parent: nil, trigger: .null)
        self.version = version
        export = try ModelExport(of: version)
        self.rows = try (document["probes"]?.elements ?? []).map { probe in
            let numbers = try specification.predictors.map { try #require(probe[$0.name]?.double) }
            let levels = try specification.factors.map { try #require(probe[$0.name]?.text) }
            let fit = try #require(probe["fit"]?.double)
            return Row(numbers, levels, specification, expected: specification.formula.response.original(fit))
        }
    }

    /// The rows with a level of the first factor that no row of the fit had.
    var strangers: [Row] {
        guard !version.specification.factors.isEmpty else { return [] }
        return rows.compactMap { row in
            let levels = ["it's \"new\" \\ <&>"] + row.levels.dropFirst()
            return version.estimate(predictors: row.numbers, levels: levels).map {
                Row(row.numbers, levels, version.specification, expected: $0.value)
            }
        }
    }
}

extension ExportCase.Row {
    fileprivate init(
        _ numbers: [Double], _ levels: [String], _ specification: ModelSpecification, expected: Double
    ) {
        self.init(
            numbers: numbers, levels: levels, expected: expected,
            document: .object(
                zip(specification.predictors, numbers).map { JSON.Member($0.name, .number($1)) }
                    + zip(specification.factors, levels).map { JSON.Member($0.name, .string($1)) }))
    }
}

/// Whether a number agrees with R's but for rounding.
func agrees(_ value: Double?, _ expected: Double, within tolerance: Double = 1e-9) -> Bool {
    guard let value else { return false }
    return abs(value - expected) <= tolerance * max(abs(expected), 1e-6)
}
