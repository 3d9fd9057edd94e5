import Documents
import ModelService
import Regression
import Specification

/// What the tests of observations share.
enum ObservationFixture {
    /// A subject with two predictors, as the tests of observations need it.
    static let fish = ModelSpecification(
        subject: "fish",
        response: .init(
            name: "weight", field: "Weight", actualField: "ActualWeight", predictedField: "PredictedWeight",
            actualAliases: ["ACTUAL"], predictedAliases: ["PREDICTION"]),
        predictors: [
            .init(name: "length", field: "Length", maximum: 1000),
            .init(name: "height", field: "Height", maximum: 1000),
        ],
        factor: .init(name: "species", field: "Species", charactersMax: 16),
        fields: .init(identifier: "Fish_Id", timestamp: "Timestamp", error: "Error", modelTime: "ModelTime"))

    static let complete = Observation(
        identifier: "101", level: "salmon", predictors: [90.632, 20.51], predicted: 4.7606, actual: 4.6587,
        error: 0.022,
        modelTime: "2021-06-02 07:48:52", timestamp: Timestamp("2021-06-09T13:39:27.971Z"))

    /// The document of `complete`.
    static let completeText = """
        {"Fish_Id":"101","Species":"salmon","Length":90.632,"Height":20.51,"PredictedWeight":4.7606,\
        "ActualWeight":4.6587,"Error":0.022,"ModelTime":"2021-06-02 07:48:52","Timestamp":"2021-06-09T13:39:27.971Z"}
        """

    /// The members of `completeText`, one of them replaced, or taken out where `value` is nil.
    static func document(_ name: String, _ value: JSON?) throws -> JSON {
        let members = try JSON(parsing: completeText).members ?? []
        return .object(
            members.filter { $0.name != name } + (value.map { [JSON.Member(name, $0)] } ?? []))
    }
}
