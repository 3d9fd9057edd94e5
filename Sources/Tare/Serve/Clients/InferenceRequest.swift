import Documents
import HTTPServer
import Program
import Specification

/// What `POST /v2/models/{name}/infer` is asked: rows as columns, and which outputs.
struct InferenceRequest {
    /// Given back with the answer.
    let id: String?
    /// The probability that the interval covers the truth; nil without an interval.
    let interval: Double?
    /// The names of the outputs, in their order; nil where the server is to choose.
    let outputs: [String]?
    let rowCount: Int
    /// In the order of the specification, a column each.
    private let numbers: [[Double]]
    private let levels: [[String]]
    private let specification: ModelSpecification

    private static let membersMax = 100
    private static let inputsMax = 10_000
    private static let smallBytesMax = 64 * 1024

    init(_ request: HTTPRequest, _ specification: ModelSpecification) throws(Problem) {
        try request.requirePlainBody()
        guard request.header("Inference-Header-Content-Length") == nil else {
            throw Problem(
                400,
                "binary tensor data are not accepted (header Inference-Header-Content-Length); send them as JSON, "
                    + "of tritonclient by binary_data=False")
        }
        var parts: [String: JSONRegion] = [:]
        let members = try reading { () throws(JSONError) in
            try JSONRegion(of: request.body).members(max: Self.membersMax)
        }
        for member in members { parts[member.name] = member.value }
        id = try Self.id(parts["id"])
        interval = try Self.interval(parts["parameters"])
        outputs = try Self.outputs(parts["outputs"])
        let tensors = try Self.tensors(parts["inputs"], specification)
        let rowCount = tensors.first?.count ?? 0
        self.rowCount = rowCount
        if let other = tensors.first(where: { $0.count != rowCount }) {
            throw Problem(
                400,
                "all inputs must have as many rows: '\(tensors[0].name)' has \(rowCount), "
                    + "'\(other.name)' has \(other.count)")
        }
        let numbers = try tensors.prefix(specification.predictors.count).map { tensor throws(Problem) in
            try tensor.numbers()
        }
        levels = try tensors.dropFirst(numbers.count).map { tensor throws(Problem) in try tensor.texts() }
        self.numbers = numbers
        self.specification = specification
    }

    /// - Throws: where a value is not accepted of its variable.
    func row(_ row: Int) throws(Problem) -> PredictionInput {
        for (predictor, column) in zip(specification.predictors, numbers) where !predictor.admits(column[row]) {
            throw Problem(400, parameter: predictor.name, given: JSON(column[row]), accepted: predictor.accepted)
        }
        for (factor, column) in zip(specification.factors, levels) where !factor.admits(column[row]) {
            throw Problem(400, parameter: factor.name, given: .string(column[row]), accepted: factor.accepted)
        }
        return PredictionInput(predictors: numbers.map { $0[row] }, levels: levels.map { $0[row] })
    }

    // MARK: - Parts

    private static func small(_ region: JSONRegion) throws(Problem) -> JSON {
        try reading { () throws(JSONError) in try region.value(bytesMax: smallBytesMax) }
    }

    private static func id(_ region: JSONRegion?) throws(Problem) -> String? {
        guard let region else { return nil }
        guard let id = try small(region).text else {
            throw Problem(400, "id must be a string; it is \(region.kind)")
        }
        return id
    }

    /// Parameters that nobody here knows are ignored: clients send some of their own.
    private static func interval(_ region: JSONRegion?) throws(Problem) -> Double? {
        guard let region else { return nil }
        let parameters = try small(region)
        guard parameters.members != nil else {
            throw Problem(400, "parameters must be an object; it is \(region.kind)")
        }
        guard let given = parameters["interval"] else { return nil }
        guard let value = given.double, value > 0, value < 1 else {
            throw Problem(
                400, parameter: "interval", given: given, accepted: "a number between 0 and 1, such as 0.95")
        }
        return value
    }

    private static func outputs(_ region: JSONRegion?) throws(Problem) -> [String]? {
        guard let region else { return nil }
        guard let asked = try small(region).elements else {
            throw Problem(400, "outputs must be an array of objects with a name; it is \(region.kind)")
        }
        var names: [String] = []
        for output in asked {
            guard let name = output["name"]?.text else {
                throw Problem(400, "an output must be an object with a name; given \(output.compact.shortened())")
            }
            guard !names.contains(name) else {
                throw Problem(400, "the output '\(name.shortened())' is asked for twice")
            }
            names.append(name)
        }
        return names.isEmpty ? nil : names
    }

    /// One for each variable, in the order of the specification: numbers, then factors.
    private static func tensors(
        _ region: JSONRegion?, _ specification: ModelSpecification
    ) throws(Problem) -> [Tensor] {
        guard let region, region.isArray else {
            throw Problem(
                400, "inputs must be an array of tensors; " + (region.map { "it is \($0.kind)" } ?? "it is missing"))
        }
        let variables = specification.variables
        let accepted = variables.map(\.name).joined(separator: ", ").shortened(to: 1000)
        var tensors: [Tensor?] = variables.map { _ in nil }
        for input in try reading({ () throws(JSONError) in try region.elements(max: inputsMax) }) {
            let tensor = try Tensor(input)
            guard let place = variables.firstIndex(where: { [$0.name, $0.field].contains(tensor.name) }) else {
                throw Problem(400, "there is no input '\(tensor.name.shortened())'; accepted are \(accepted)")
            }
            guard tensors[place] == nil else {
                throw Problem(400, "the input '\(variables[place].name)' is given twice")
            }
            tensors[place] = tensor
        }
        if let missing = tensors.firstIndex(where: { $0 == nil }) {
            throw Problem(400, "the input '\(variables[missing].name)' is missing; needed are \(accepted)")
        }
        return tensors.compactMap { $0 }
    }
}
