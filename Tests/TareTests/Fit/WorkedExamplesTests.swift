import ArgumentParser
import Documents
import Foundation
import ModelService
import Regression
import Specification
import Testing

@testable import Program
@testable import Tare

/// The files under `Models/`.
@Suite("Worked examples")
struct WorkedExamplesTests {
    private static let models = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Models")
        .standardized

    @Test(
        "Models/flights.yaml states a whole specification, which rows of its columns get and Models/flights.json carries"
    )
    func flights() throws {
        let file = Self.models.appending(path: "flights.yaml").path
        let stated = try ModelSpecification(document: try YAMLFile.document(file))
        #expect(stated.formula.description == "air_time ~ distance + hour + origin")
        let lines = (0..<30).map { number in
            "\(200 + number * 37 % 101),\(5 + number * 7 % 18),\(["EWR", "JFK", "LGA"][number % 3]),\(40 + number * 5 % 17)\n"
        }
        let csv = "distance,hour,origin,air_time\n" + lines.joined()
        let options = try SpecificationOptions.parse(["--specification", file])
        let derived = try options.specification(of: RowsFile(name: "rows", bytes: Array(csv.utf8)))
        #expect(derived == stated, "\(derived.differences(from: stated))")
        let model = try ModelVersion.read(Self.models.appending(path: "flights.json").path)
        #expect(model.specification == stated, "\(model.specification.differences(from: stated))")
        #expect(model.rows == 200 && model.levels == ["EWR", "JFK", "LGA"])
    }

    @Test(
        "a stated beginning of a range stands for the derived one, whichever of the two ways it is said",
        arguments: [("above", false), ("minimum", true)])
    func beginnings(_ name: String, _ isIncluded: Bool) throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "tare-range-\(UUID().uuidString).yaml")
        defer { try? FileManager.default.removeItem(at: file) }
        let yaml = "formula: y ~ x + log(z)\npredictors:\n- name: x\n  \(name): 2\n- name: z\n  \(name): 2\n"
        try Data(yaml.utf8).write(to: file)
        let csv = "x,y,z\n" + (3..<20).map { "\($0),\($0 * $0),\($0 % 5 + 3)\n" }.joined()
        let options = try SpecificationOptions.parse(["--specification", file.path])
        let specification = try options.specification(of: RowsFile(name: "rows", bytes: Array(csv.utf8)))
        for bounds in specification.predictors.map(\.bounds) {
            #expect(bounds.minimum == 2 && bounds.isMinimumIncluded == isIncluded)
        }
    }
}
