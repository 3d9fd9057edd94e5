import Documents
import ModelService
import Specification
import Yams

/// The OpenAPI document of a server: the routes are the same whatever is served, while parameters, fields, bounds and
/// examples are those of a model and its specification.
struct Contract {
    let document: JSON

    /// - Parameter model: what the examples are asked of; nil leaves out those that need one.
    /// - Throws: `ContractTemplateError` where the template asks for what nothing here makes.
    init(of specification: ModelSpecification, model: ModelVersion?) throws {
        let variables = ContractVariables(specification, model: model)
        let examples = ContractExamples(specification, model: model)
        let template = ContractTemplate(
            values: variables.values.merging(examples.values) { first, _ in first },
            words: ContractWords(specification, model: model).words)
        document = try template.filled(try Self.template()) ?? .null
    }

    private static func template() throws -> Node {
        guard let node = try Yams.compose(yaml: String(decoding: Assets.contractTemplate, as: UTF8.self)) else {
            throw ContractTemplateError("the contract's template is empty")
        }
        return node
    }

    var json: [UInt8] { document.bytes }

    func yaml() throws -> [UInt8] {
        Array(try Yams.serialize(node: document.yaml, width: -1, allowUnicode: true).utf8)
    }
}
