import Documents
import ModelService
import Specification

extension ModelSpecification {
    /// The worked example: a camera measures a fish, a scale weighs it ten seconds later.
    static let fish = ModelSpecification(
        subject: "fish",
        response: Response(
            name: "weight", field: "Weight", actualField: "ActualWeight", predictedField: "PredictedWeight",
            actualAliases: ["ACTUAL"], predictedAliases: ["PREDICTION"]),
        predictors: [
            Predictor(name: "length", field: "Length", maximum: 1000),
            Predictor(name: "height", field: "Height", maximum: 1000),
        ],
        factor: Factor(name: "species", field: "Species", charactersMax: 64),
        fields: Fields(
            identifier: "Fish_Id", timestamp: "Timestamp", error: "Error", modelTime: "ModelTime",
            unseenLevel: "UnseenSpecies", similarLevel: "SimilarSpecies"))
}

extension ModelVersion {
    /// The model of a file; without one that of the worked example, `Models/salmon.json`, which the program carries so that
    /// it starts in any folder.
    static func read(_ file: String?) throws -> ModelVersion {
        if let file { return try ModelDirectory.read(file: file) }
        return try ModelVersion(document: JSON(parsing: PackageResources.salmon_json))
    }
}
