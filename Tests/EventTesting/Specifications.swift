import Regression
package import Specification

extension ModelSpecification {
    /// The worked example's.
    package static let fish = ModelSpecification(
        subject: "fish",
        response: Response(
            name: "weight", field: "Weight", actualField: "ActualWeight", predictedField: "PredictedWeight"),
        predictors: [
            Predictor(name: "length", field: "Length", maximum: 1000),
            Predictor(name: "height", field: "Height", maximum: 1000),
        ],
        factor: Factor(name: "species", field: "Species", charactersMax: 64),
        fields: Fields(identifier: "Fish_Id", timestamp: "Timestamp", error: "Error", modelTime: "ModelTime"))

    /// Another subject altogether, which the stream must take as it is.
    package static let flats = ModelSpecification(
        subject: "flat",
        response: Response(name: "price", field: "Price", actualField: "PaidPrice", predictedField: "AskedPrice"),
        predictors: [
            Predictor(name: "area", field: "Area", maximum: 10_000),
            Predictor(name: "rooms", field: "Rooms", maximum: 100),
            Predictor(name: "floor", field: "Floor", maximum: 200),
        ],
        factor: Factor(name: "district", field: "District", charactersMax: 40),
        fields: Fields(identifier: "Flat", timestamp: "SoldAt", error: "Miss", modelTime: "FittedAt"))

    /// A subject that is not the factory's: nothing in the client may know fish.
    package static let shoe = ModelSpecification(
        subject: "shoe",
        response: Response(name: "size", field: "Size", actualField: "ActualSize", predictedField: "PredictedSize"),
        predictors: [
            Predictor(name: "foot length", field: "FootLength", maximum: 60),
            Predictor(name: "width", field: "Width", maximum: 30),
        ],
        factor: Factor(name: "maker&co", field: "Maker", charactersMax: 64),
        fields: Fields(identifier: "Shoe_Id", timestamp: "When", error: "Off", modelTime: "Fitted"))
}
