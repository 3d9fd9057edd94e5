import Documents
import Regression

/// How a specification stands in a model's document.
extension ModelSpecification {
    var document: JSON {
        [
            "subject": .string(subject),
            "response": [
                "name": .string(response.name), "field": .string(response.field),
                "actualField": .string(response.actualField), "predictedField": .string(response.predictedField),
                "actualAliases": .array(response.actualAliases.map { .string($0) }),
                "predictedAliases": .array(response.predictedAliases.map { .string($0) }),
                "maximum": .number(response.maximum),
            ],
            "predictors": .array(
                predictors.map { predictor in
                    [
                        "name": .string(predictor.name), "field": .string(predictor.field),
                        "maximum": .number(predictor.maximum),
                    ]
                }),
            "factor": [
                "name": .string(factor.name), "field": .string(factor.field),
                "charactersMax": .integer(Int64(factor.charactersMax)),
            ],
            "fields": [
                "identifier": .string(fields.identifier), "timestamp": .string(fields.timestamp),
                "error": .string(fields.error), "modelTime": .string(fields.modelTime),
            ],
        ]
    }

    init(document: JSON) throws(ModelDocumentError) {
        let reader = DocumentReader(document, of: "specification")
        let response = try reader.object("response")
        let factor = try reader.object("factor")
        let fields = try reader.object("fields")
        var predictors: [Predictor] = []
        for element in try reader.array("predictors") {
            let predictor = DocumentReader(element, of: "specification.predictors")
            predictors.append(
                Predictor(
                    name: try predictor.text("name"), field: try predictor.text("field"),
                    maximum: try predictor.number("maximum")))
        }
        self.init(
            subject: try reader.text("subject"),
            response: Response(
                name: try response.text("name"), field: try response.text("field"),
                actualField: try response.text("actualField"), predictedField: try response.text("predictedField"),
                actualAliases: try response.texts("actualAliases"),
                predictedAliases: try response.texts("predictedAliases"),
                // Documents from before there was a bound do not say it.
                maximum: response.optionalMember("maximum") == .null
                    ? Response.maximumDefault : try response.number("maximum")),
            predictors: predictors,
            factor: Factor(
                name: try factor.text("name"), field: try factor.text("field"),
                charactersMax: try factor.count("charactersMax")),
            fields: Fields(
                identifier: try fields.text("identifier"), timestamp: try fields.text("timestamp"),
                error: try fields.text("error"), modelTime: try fields.text("modelTime")))
    }
}
