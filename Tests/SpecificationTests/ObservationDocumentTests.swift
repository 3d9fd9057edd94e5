import Documents
import Regression
import Testing

@testable import Specification

@Suite("The document of an observation")
struct ObservationDocumentTests {
    private let flats = ModelSpecification(
        subject: "flats",
        response: ModelSpecification.Response(
            name: "price", field: "Price", actualField: "SoldPrice", predictedField: "AskedPrice"),
        predictors: [
            ModelSpecification.Predictor(name: "area", field: "Area", maximum: 10_000),
            ModelSpecification.Predictor(name: "rooms", field: "Rooms", maximum: 100),
        ],
        factor: ModelSpecification.Factor(name: "district", field: "District", charactersMax: 40),
        fields: ModelSpecification.Fields(
            identifier: "Flat_Id", timestamp: "Sold", error: "Miss", modelTime: "ModelTime"))

    @Test("it has the specification's names in the order of the topic, numbers as Java writes them")
    func whole() {
        let document = ObservationDocument(
            flats, identifier: "7", level: "north", otherLevels: [], predictors: [81, 1e7], predicted: 300,
            actual: 310.5, error: 0.034,
            modelTime: "2021-05-18 09:00:00", timestamp: "2021-06-09T13:41:05.000Z")
        #expect(
            document.json.compact
                == #"{"Flat_Id":"7","District":"north","Area":81.0,"Rooms":1.0E7,"AskedPrice":300.0,"SoldPrice":310.5,"#
                + #""Miss":0.034,"ModelTime":"2021-05-18 09:00:00","Sold":"2021-06-09T13:41:05.000Z"}"#)
        #expect(document.text == document.json.bytes)
    }

    @Test("what is missing stands there as null, but for the identifier, which is left out")
    func missing() {
        let document = ObservationDocument(
            flats, identifier: nil, level: nil, otherLevels: [], predictors: [nil, 2], predicted: nil, actual: nil,
            error: nil,
            modelTime: nil,
            timestamp: nil)
        #expect(
            document.json.compact
                == #"{"District":null,"Area":null,"Rooms":2.0,"AskedPrice":null,"SoldPrice":null,"Miss":null,"#
                + #""ModelTime":null,"Sold":null}"#)
        #expect(document.text == document.json.bytes)
    }
}
