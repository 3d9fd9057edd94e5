import Documents
import HTTPServer
import ModelService
import Program
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
    private let numbers: [Number]
    private let factors: [ModelSpecification.Factor]

    private struct Number {
        let name: String
        let bounds: Bounds
    }

    init(_ specification: ModelSpecification) {
        self.specification = specification
        numbers = specification.predictors.map { Number(name: $0.name, bounds: $0.bounds) }
        factors = specification.factors
    }

    func read(_ query: [HTTPField]) throws(Problem) -> (input: PredictionInput, options: AnswerOptions) {
        // Appended, as an array that is copied and then filled, or made by `repeating`, takes longer to make.
        var predictors: [Double] = []
        predictors.reserveCapacity(numbers.count)
        for index in numbers.indices { predictors.append(try number(index, in: query)) }
        var levels: [String] = []
        levels.reserveCapacity(factors.count)
        for index in factors.indices { levels.append(try level(index, in: query)) }
        var options = AnswerOptions()
        if query.count > numbers.count + factors.count {
            for field in query { try options.take(field) }
        }
        return (PredictionInput(predictors: predictors, levels: levels), options)
    }

    @inline(__always)
    private func number(_ index: Int, in query: [HTTPField]) throws(Problem) -> Double {
        guard let place = try place(of: numbers[index].name, in: query) else { throw refused(index, given: nil) }
        guard let value = DecimalNumber.parse(query[place].value), numbers[index].bounds.contains(value) else {
            throw refused(index, given: .string(query[place].value))
        }
        return value
    }

    @inline(__always)
    private func level(_ index: Int, in query: [HTTPField]) throws(Problem) -> String {
        guard let place = try place(of: factors[index].name, in: query) else { throw refusedLevel(index, given: nil) }
        guard factors[index].admits(query[place].value) else {
            throw refusedLevel(index, given: .string(query[place].value))
        }
        return query[place].value
    }

    /// - Throws: 400 where it is given more than once.
    @inline(__always)
    private func place(of name: String, in query: [HTTPField]) throws(Problem) -> Int? {
        var found: Int?
        for place in query.indices where query[place].name == name {
            guard found == nil else { throw repeated(name, in: query) }
            found = place
        }
        return found
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
        Problem(400, parameter: factors[index].name, given: given, accepted: factors[index].accepted)
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
