import Documents
import HTTPServer
import ModelService
import Regression
import Specification

/// What a prediction is made from, checked against the specification.
struct PredictionInput: Equatable {
    /// In the order of the specification.
    let predictors: [Double]
    /// The same; the grouping factor's first.
    let levels: [String]

    /// With the levels of the model that these are where case and surrounding space do not count.
    func folded(by served: ServedModel) -> PredictionInput {
        PredictionInput(predictors: predictors, levels: served.folded(levels))
    }
}

// MARK: - From a query

/// Reads queries such as `area=95&rooms=3&district=north`: what the specification says, made ready once, because
/// this stands in the path of every prediction. Parameters that nobody knows are ignored, as plumber ignores them.
final class PredictionQuery: Sendable {
    private let specification: ModelSpecification
    private let names: [String]
    private let bounds: [Bounds]
    private let factorNames: [String]
    /// No text is a NaN, so that one stands for what is still missing.
    private let unread: [Double]
    /// No level is empty.
    private let unreadLevels: [String]
    private let factors: [ModelSpecification.Factor]

    init(_ specification: ModelSpecification) {
        self.specification = specification
        names = specification.predictors.map(\.name)
        bounds = specification.predictors.map(\.bounds)
        factorNames = specification.factors.map(\.name)
        factors = specification.factors
        unreadLevels = factorNames.map { _ in "" }
        unread = specification.predictors.map { _ in .nan }
    }

    func read(_ query: [HTTPField]) throws(Problem) -> (input: PredictionInput, options: AnswerOptions) {
        var predictors = unread
        var levels = unreadLevels
        var options = AnswerOptions()
        for field in query {
            if let index = names.firstIndex(of: field.name) {
                guard predictors[index].isNaN else { throw repeated(field.name, in: query) }
                guard let value = DecimalNumber.parse(field.value), bounds[index].contains(value) else {
                    throw refused(index, given: .string(field.value))
                }
                predictors[index] = value
            } else if let index = factorNames.firstIndex(of: field.name) {
                guard levels[index].isEmpty else { throw repeated(field.name, in: query) }
                guard factors[index].admits(field.value) else {
                    throw refusedLevel(index, given: .string(field.value))
                }
                levels[index] = field.value
            } else {
                try options.take(field)
            }
        }
        if let index = predictors.firstIndex(where: \.isNaN) { throw refused(index, given: nil) }
        if let index = levels.firstIndex(where: \.isEmpty) { throw refusedLevel(index, given: nil) }
        return (PredictionInput(predictors: predictors, levels: levels), options)
    }

    private func repeated(_ name: String, in query: [HTTPField]) -> Problem {
        let given = query.filter { $0.name == name }.map { JSON.string($0.value) }
        return Problem(400, parameter: name, given: .array(given), accepted: "given once")
    }

    private func refused(_ index: Int, given: JSON?) -> Problem {
        let predictor = specification.predictors[index]
        return Problem(400, parameter: predictor.name, given: given, accepted: predictor.accepted)
    }

    private func refusedLevel(_ index: Int, given: JSON?) -> Problem {
        Problem(400, parameter: factorNames[index], given: given, accepted: factors[index].accepted)
    }
}

// MARK: - From a document

extension PredictionInput {
    /// Reads an object whose members are named as the parameters are (`length`) or as in documents (`Length`).
    init(document: JSON, specification: ModelSpecification) throws(Problem) {
        guard document.members != nil else {
            throw Problem(422, "a row must be an object, it is \(document.kind)")
        }
        var predictors: [Double] = []
        for predictor in specification.predictors {
            let given = try Self.member(predictor.name, or: predictor.field, of: document)
            guard let value = given?.double, predictor.admits(value) else {
                throw Problem(422, parameter: predictor.name, given: given, accepted: predictor.accepted)
            }
            predictors.append(value)
        }
        var levels: [String] = []
        for factor in specification.factors {
            let given = try Self.member(factor.name, or: factor.field, of: document)
            guard let level = given?.text, factor.admits(level) else {
                throw Problem(422, parameter: factor.name, given: given, accepted: factor.accepted)
            }
            levels.append(level)
        }
        self.init(predictors: predictors, levels: levels)
    }

    private static func member(_ name: String, or field: String, of document: JSON) throws(Problem) -> JSON? {
        let short = document[name]
        guard let long = document[field], field != name else { return short }
        guard short == nil else {
            throw Problem(
                422, parameter: name, given: document, accepted: "given once: as \(name) or as \(field)")
        }
        return long
    }
}
