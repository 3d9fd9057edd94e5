import Documents
import Foundation
import ModelService
import Regression
import Specification

/// The subject and the rows of the tests.
enum Sample {
    static let fish = ModelSpecification(
        subject: "fish",
        response: .init(
            name: "weight", field: "Weight", actualField: "ActualWeight", predictedField: "PredictedWeight",
            actualAliases: ["ACTUAL"], predictedAliases: ["PREDICTION"]),
        predictors: [
            .init(name: "length", field: "Length", maximum: 1000),
            .init(name: "height", field: "Height", maximum: 1000),
        ],
        factor: .init(name: "species", field: "Species", charactersMax: 64),
        fields: .init(identifier: "Fish_Id", timestamp: "Timestamp", error: "Error", modelTime: "ModelTime"))

    static let start = Timestamp("2021-06-09T13:39:27.971Z") ?? Timestamp(milliseconds: 0)

    /// The fish of this number, two seconds after the one before.
    static func row(_ number: Int, identifier: String? = nil) -> Observation {
        Observation(
            identifier: identifier ?? String(number), level: number.isMultiple(of: 2) ? "salmon" : "walleye",
            predictors: [Double(number) + 0.25, 18], predicted: 4.5, actual: Double(number) / 8, error: 0.022,
            modelTime: "2021-06-02 07:48:52", timestamp: start.advanced(byMilliseconds: Int64(number) * 2000))
    }

    static func rows(_ numbers: some Sequence<Int>) -> [Observation] { numbers.map { row($0) } }
}

/// An own folder that is gone after `body`.
func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "tare-storage-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
}
