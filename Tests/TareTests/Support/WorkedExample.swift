import Specification

extension ModelSpecification {
    /// The worked example, said once more: a camera measures a fish, a scale weighs it ten seconds later.
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
