import Specification

/// Where a row has what a prediction is made of and what its answer repeats: places among the names that are looked for.
struct PredictionPlaces {
    /// A variable's name and the field of documents, where that is another.
    struct Variable {
        let name: Int
        let field: Int?
    }

    private(set) var names: [String] = []
    private(set) var predictors: [Variable] = []
    private(set) var factors: [Variable] = []
    private(set) var echoed: [Int] = []

    init(_ specification: ModelSpecification) {
        for predictor in specification.predictors { predictors.append(add(predictor.name, predictor.field)) }
        for factor in specification.factors { factors.append(add(factor.name, factor.field)) }
        for field in specification.echoedFields { echoed.append(add(field)) }
    }

    private mutating func add(_ name: String, _ field: String) -> Variable {
        Variable(name: add(name), field: field == name ? nil : add(field))
    }

    private mutating func add(_ name: String) -> Int {
        if let place = names.firstIndex(of: name) { return place }
        names.append(name)
        return names.count - 1
    }
}
