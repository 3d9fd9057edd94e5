import ArgumentParser
import Documents
import Foundation
import HTTPServer
import ModelService
import Regression
import Specification
import Testing
import Yams

@testable import Main
@testable import Program
@testable import Tare

@Suite("The contract")
struct ContractTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        .standardized

    private static func contract(_ example: ServedExample = .fish) throws -> JSON {
        let model = try example.model
        return try Contract(of: model.specification, model: model).document
    }

    /// Answered, but no part of the contract: files of the page, and addresses that lead to it.
    private static func isListed(_ path: String) -> Bool {
        path == "/__docs__/" || !["/__", "/page/"].contains(where: path.hasPrefix)
    }

    @Test("the committed openapi.yaml is what the worked example gives, byte for byte; make openapi writes it anew")
    func committed() throws {
        let committed = try String(contentsOf: Self.root.appending(path: "openapi.yaml"), encoding: .utf8)
        let made = String(decoding: try Contract(of: .fish, model: .read(nil)).yaml(), as: UTF8.self)
        let (lines, expected) = (committed.split(separator: "\n"), made.split(separator: "\n"))
        let first = zip(lines, expected).first { $0 != $1 }.map { "\($0) is to be \($1)" }
        #expect(committed.utf8.elementsEqual(made.utf8), "\(first ?? "\(lines.count) lines, not \(expected.count)")")
    }

    @Test("the model that the program carries is Models/salmon.json, byte for byte, and of the worked example")
    func carriedModel() throws {
        let file = try Data(contentsOf: Self.root.appending(path: "Models/salmon.json"))
        #expect(ModelVersion.builtInFile == Array(file))
        #expect(try ModelVersion.read(nil).specification == .fish)
    }

    @Test("every operation of the contract has a route, and every route is in the contract")
    func sameOperations() throws {
        let paths = try #require(try Self.contract()["paths"]?.members)
        let listed = paths.flatMap { path in
            (path.value.members ?? []).map { "\($0.name.uppercased()) \(path.name)" }
        }
        let routes = try RouteHarness().routes.all.filter { Self.isListed($0.path) }
        #expect(listed.sorted() == routes.map { "\($0.method) \($0.path)" }.sorted())
    }

    @Test("the contract says of every operation which role it needs, as the table of routes does")
    func roles() throws {
        let document = try Self.contract()
        for route in try RouteHarness().routes.all where Self.isListed(route.path) {
            let operation = try #require(document["paths"]?[route.path]?[route.method.lowercased()])
            let schemes = try #require(operation["security"]?.elements)
            let expected: [JSON] =
                route.role.map { role in
                    ["bearer", "basic"].map { .object([JSON.Member($0, [.string(role.rawValue)])]) }
                } ?? []
            #expect(schemes == expected, "\(route.method) \(route.path)")
            for status in ["401", "403", "429"] {
                #expect((operation["responses"]?[status] != nil) == (route.role != nil), "\(route.path) \(status)")
            }
        }
        #expect(document["components"]?["securitySchemes"]?["bearer"]?["scheme"] == "bearer")
        #expect(document["components"]?["securitySchemes"]?["basic"]?["scheme"] == "basic")
    }

    @Test("whatever changes something needs a token that may write, and what only asks one that may read")
    func writers() throws {
        let writers = try RouteHarness().routes.all.filter { $0.role == .write }.map { "\($0.method) \($0.path)" }
        #expect(
            writers == [
                "POST /train", "POST /observations", "POST /companion", "POST /models/{version}/activate",
            ])
        let open = try RouteHarness().routes.all.filter { $0.role == nil }.map(\.path)
        #expect(
            open.filter { Self.isListed($0) && $0 != "/__docs__/" } == [
                "/healthz", "/readyz", "/", "/openapi.yaml", "/openapi.json", "/v2/health/live", "/v2/health/ready",
                "/ping",
            ])
    }

    @Test("the contract is served as YAML and as JSON with the same content", arguments: ServedExample.allCases)
    func served(_ example: ServedExample) async throws {
        let harness = try RouteHarness(model: try example.model)
        let json = await harness.send("GET", "/openapi.json")
        let document = try #require(json.document)
        #expect(document == (try Self.contract(example)))
        #expect(document["openapi"] == "3.1.0")
        #expect(document["info"]?["version"] == .string(TareCommand.configuration.version))
        let yaml = await harness.send("GET", "/openapi.yaml")
        let node = try #require(try Yams.compose(yaml: yaml.text))
        #expect(JSON(yaml: node) == document)
    }

    @Test(
        "it names the served model's variables, fields, bounds and subject, and no fish",
        arguments: ServedExample.allCases)
    func names(_ example: ServedExample) throws {
        let specification = try example.model.specification
        let document = try Self.contract(example)
        let parameters = document["paths"]?["/prediction"]?["get"]?["parameters"]?.elements ?? []
        let variables = specification.predictors.map(\.name) + specification.factors.map(\.name)
        #expect(parameters.compactMap { $0["name"]?.text } == variables)
        let schemas = document["components"]?["schemas"]
        for (predictor, parameter) in zip(specification.predictors, parameters) {
            let component = try #require(parameter["schema"]?["$ref"]?.text?.split(separator: "/").last)
            let schema = try #require(schemas?[String(component)])
            #expect(schema["maximum"]?.double == predictor.bounds.maximum)
            let least = predictor.bounds.isMinimumIncluded ? schema["minimum"] : schema["exclusiveMinimum"]
            #expect(least?.double == predictor.bounds.minimum)
            #expect(predictor.admits(try #require(parameter["example"]?.double)))
        }
        let row = specification.factors.map(\.field) + specification.predictors.map(\.field)
        let observation = (schemas?["Observation"]?["properties"]?.members ?? []).map(\.name)
        let (response, fields) = (specification.response, specification.fields)
        #expect(
            observation == [fields.identifier] + row
                + [
                    response.predictedField, response.actualField, fields.error, fields.modelTime, fields.timestamp,
                ])
        #expect(schemas?["Prediction"]?["required"] == [.string(response.field), .string(fields.modelTime)])
        let about = try #require(document["info"]?["description"]?.text)
        #expect(about.contains(specification.formula.description) && about.contains(specification.subject))
        #expect(about.contains(specification.errorMeasure.rawValue))
        let text = document.compact.lowercased()
        let fishWords = ["fish", "salmon", "species\"", "weight\""]
        #expect(fishWords.filter(text.contains) == (example == .fish ? fishWords : []))
    }

    @Test("every member of what is answered is described")
    func members() async throws {
        let harness = try RouteHarness(levels: ["salmon", "walleye"])
        _ = try harness.store.record(Fish.rows(80, levels: ["salmon", "walleye"]))
        let refused = await harness.send("POST", "/train", body: #"{"WindowStart":0,"Species":["salmon"]}"#)
        let retrained = await harness.send("POST", "/train", query: [HTTPField("force", "true")])
        let fish = ["length": "900", "height": "18", "species": "pike", "interval": "0.5", "explain": "true"]
        let prediction = await harness.send("GET", "/prediction", query: fish.map { HTTPField($0.key, $0.value) })
        let model = await harness.send("GET", "/model")
        let list = await harness.send("GET", "/models")
        let schemas = try Self.contract()["components"]?["schemas"]
        for (schema, answer) in [
            ("Training", refused.document), ("Training", retrained.document), ("Prediction", prediction.document),
            ("Model", model.document), ("ListedModel", list.document?["models"]?.elements?.first),
            ("Verdict", refused.document?["verdict"]), ("Cause", refused.document?["cause"]),
        ] {
            let described = Set(try #require(schemas?[schema]?["properties"]?.members).map(\.name))
            let answered = try #require(answer?.members).map(\.name)
            #expect(answered.filter { !described.contains($0) } == [], "\(schema)")
        }
    }

    @Test("every member of what a model answers is described, whatever it is about", arguments: ServedExample.allCases)
    func membersOfAny(_ example: ServedExample) async throws {
        let model = try example.model
        let harness = try RouteHarness(model: model)
        let schemas = try Self.contract(example)["components"]?["schemas"]
        let specification = model.specification
        let query =
            specification.predictors.map { HTTPField($0.name, "\($0.bounds.maximum)") }
            + specification.factors.map { HTTPField($0.name, "another") }
            + [HTTPField("interval", "0.5"), HTTPField("explain", "true")]
        let answers = [
            ("Prediction", await harness.send("GET", "/prediction", query: query)),
            ("Model", await harness.send("GET", "/model")),
            ("Specification", await harness.send("GET", "/specification")),
        ]
        for (schema, answer) in answers {
            let described = Set(try #require(schemas?[schema]?["properties"]?.members).map(\.name))
            let answered = try #require(answer.document?.members, "\(answer.text)").map(\.name)
            #expect(answer.status == 200 && answered.filter { !described.contains($0) } == [], "\(schema)")
        }
    }

    @Test("the contract as YAML is of the registered type, and text where that is asked for")
    func typeOfYAML() async throws {
        let harness = try RouteHarness()
        for (accept, type) in [("*/*", "application/yaml"), ("text/yaml", "text/yaml; charset=utf-8")] {
            let response = await harness.send("GET", "/openapi.yaml", headers: [HTTPField("Accept", accept)])
            #expect(response.header("Content-Type") == type)
        }
    }

    @Test("without a model the contract has all of a specification but what only a model can say")
    func withoutModel() throws {
        let document = try Contract(of: .fish, model: nil).document
        let get = document["paths"]?["/prediction"]?["get"]
        #expect(get?["parameters"]?.elements?.count == 5)
        #expect(get?["responses"]?["200"]?["content"]?["application/json"]?["examples"] == [:])
        #expect(document["components"]?["schemas"] == (try Self.contract()["components"]?["schemas"]))
    }

    @Test("a variable that is called as an option of the query takes the option's place")
    func shadowedOption() throws {
        let rows: [JSON] = (0..<20).map { ["interval": .number(Double($0)), "y": .number(Double($0 * $0 + 1))] }
        let file = try RowsFile(name: "rows", bytes: JSON.array(rows).bytes)
        let specification = try DerivedSpecification(file: file, formula: "y ~ interval").specification()
        let document = try Contract(of: specification, model: nil).document
        let parameters = document["paths"]?["/prediction"]?["get"]?["parameters"]?.elements ?? []
        #expect(
            parameters.map { $0["name"]?.text ?? $0["$ref"]?.text } == ["interval", "#/components/parameters/explain"])
    }

    @Test(
        "names of components hold what OpenAPI and the makers of clients take, and no two are the same",
        arguments: [
            (["length", "Petal.Length"], ["Variable_length", "Variable_Petal_Length"]),
            (["a b", "a&b", "ü"], ["Variable_a_b", "Variable_a_b-1", "Variable__"]),
        ])
    func componentNames(_ names: [String], _ components: [String]) {
        #expect(ContractVariables.componentNames(names) == components)
    }

    @Test("a template that asks for what nothing makes is refused, and what is not there is left out")
    func template() throws {
        let template = ContractTemplate(
            values: ["one": 1, "none": nil, "two": ["b": 2]], words: ["x": "y", "no": nil])
        func filled(_ yaml: String) throws -> JSON? { try template.filled(try #require(try Yams.compose(yaml: yaml))) }
        #expect(
            try filled("{a: !made one, <<: !made two, !words \"{x}!\": 3, !words \"{no}\": 4, c: !made none}")
                == ["a": 1, "b": 2, "y!": 3])
        #expect(try filled("[!made none, !words \"{x}{x}\", !words \"{no}\", '{x}']") == ["yy", "{x}"])
        for wrong in ["!made three", "!words '{z}'", "!words '{x'"] {
            #expect(throws: ContractTemplateError.self, "\(wrong)") { try filled(wrong) }
        }
    }
}
