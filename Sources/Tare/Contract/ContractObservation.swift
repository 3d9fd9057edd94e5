import Documents
import ModelService
import Program
import Specification

/// Examples of `POST /observations`: a row, one that conflicts with it, and what is wrong with another.
struct ContractObservation {
    private let specification: ModelSpecification
    private let served: ServedModel?
    private let row: TypicalRow
    private let predicted: Double
    private let actual: Double

    private static let identifier = "61"

    init(_ specification: ModelSpecification, _ served: ServedModel?, _ row: TypicalRow) {
        self.specification = specification
        self.served = served
        self.row = row
        let response = specification.response
        let estimate = served?.estimate(predictors: row.numbers, levels: row.levels)?.value
        predicted = (estimate.flatMap { $0.isFinite ? $0 : nil } ?? response.bounds.maximum / 20).rounded(digits: 4)
        let near = [predicted * 1.1, predicted, response.bounds.maximum / 20].map { $0.rounded(digits: 3) }
        actual = near.first(where: response.admits) ?? response.bounds.maximum
    }

    var document: JSON {
        let scale = specification.errorScale(sigma: served?.sigma)
        let error = scale.error(of: predicted, actual: actual).rounded(digits: 3)
        return ObservationDocument(
            specification, identifier: Self.identifier, level: row.levels.first,
            otherLevels: Array(row.levels.dropFirst(specification.factor == nil ? 0 : 1)), predictors: row.numbers,
            predicted: predicted, actual: actual, error: error, modelTime: served?.modelTime,
            timestamp: served?.model.time.description ?? "2021-06-09T13:39:27.971Z"
        ).json
    }

    /// The same row came before with another truth, which stays.
    var conflicts: JSON {
        let field = specification.response.actualField
        return [
            [
                "row": 0, specification.fields.identifier: .string(Self.identifier),
                "given": .object([.init(field, JSON(actual))]), "kept": .object([.init(field, JSON(predicted))]),
            ]
        ]
    }

    var refusal: JSON {
        let response = specification.response
        return Problem(422, parameter: response.actualField, given: "unknown", accepted: response.accepted).document
    }
}
