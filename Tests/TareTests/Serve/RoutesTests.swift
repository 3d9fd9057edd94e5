import ArgumentParser
import Documents
import Foundation
import HTTPServer
import ModelService
import Testing
import Yams

@testable import Tare

@Suite("The table of routes")
struct RoutesTests {
    @Test("a path that is not there is 404", arguments: ["/", "/prediction/", "/Prediction", "/models/", "*"])
    func notFound(_ path: String) async throws {
        let response = await (try RouteHarness()).send("GET", path)
        #expect(response.status == 404 && response.isProblem)
    }

    @Test(
        "a method that a path does not take is 405, and Allow lists those that it takes",
        arguments: [
            ("DELETE", "/prediction", "GET, HEAD, POST"), ("GET", "/train", "POST"), ("PUT", "/train", "POST"),
            ("POST", "/model", "GET, HEAD"), ("OPTIONS", "/observations", "POST"), ("POST", "/models/x", "GET, HEAD"),
            ("GET", "/models/x/activate", "POST"),
        ])
    func notAllowed(_ method: String, _ path: String, _ allow: String) async throws {
        let response = await (try RouteHarness()).send(method, path)
        #expect(response.status == 405 && response.isProblem)
        #expect(response.header("Allow") == allow)
    }

    @Test(
        "an open segment of a path takes what is one segment",
        arguments: [
            ("/models/a", "a"), ("/models/", nil), ("/models", nil), ("/models/a/", nil), ("/models/a/b", nil),
            ("/models/{version}", "{version}"), ("/model/a", nil), ("/models/é b", "é b"),
        ] as [(String, String?)])
    func pattern(_ path: String, _ value: String?) throws {
        #expect(try #require(PathPattern("/models/{version}")).value(in: path) == value)
        let longer = try #require(PathPattern("/models/{version}/activate"))
        #expect(longer.value(in: path + "/activate") == value)
        #expect(longer.value(in: path) == nil)
        #expect(PathPattern("/models") == nil)
    }

    @Test("HEAD is answered as GET is")
    func head() async throws {
        #expect(await (try RouteHarness()).send("HEAD", "/healthz").status == 200)
    }

    @Test("health asks nobody else")
    func health() async throws {
        let response = await (try RouteHarness(levels: nil)).send("GET", "/healthz")
        #expect(response.status == 200 && response.text == #"{"status":"ok"}"#)
    }

    @Test("ready names the model")
    func ready() async throws {
        let response = await (try RouteHarness()).send("GET", "/readyz")
        #expect(response.status == 200 && response.document?["status"] == "ready")
        #expect(response.document?["model"]?.text?.hasPrefix("20210602T") == true)
        #expect(response.document?["models"] == ["status": "ok"])
    }

    @Test("the old address of the page leads to the new one")
    func redirects() async throws {
        let response = await (try RouteHarness()).send("GET", "/__swagger__/")
        #expect(response.status == 301 && response.header("Location") == "/__docs__/")
    }
}

@Suite("openapi.yaml")
struct OpenAPITests {
    private static func contract() throws -> Node {
        try #require(try Yams.compose(yaml: String(decoding: PackageResources.openapi_yaml, as: UTF8.self)))
    }

    /// Answered, but no part of the contract: files of the page, and addresses that lead to it.
    private static let unlisted = ["/__docs__", "/__swagger__/"]

    @Test("every operation of the contract has a route, and every route is in the contract")
    func sameOperations() throws {
        let paths = try #require(try Self.contract()["paths"]?.mapping)
        let listed = paths.flatMap { path, item in
            (item.mapping?.keys.compactMap(\.string) ?? []).map { "\($0.uppercased()) \(path.string ?? "")" }
        }
        let routes = try RouteHarness().routes.all.filter { !Self.unlisted.contains($0.path) }
        #expect(listed.sorted() == routes.map { "\($0.method) \($0.path)" }.sorted())
    }

    @Test("the contract says of every operation which role it needs, as the table of routes does")
    func roles() throws {
        let document = try JSON(parsing: try Documentation.json(PackageResources.openapi_yaml))
        for route in try RouteHarness().routes.all where !Self.unlisted.contains(route.path) {
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
        #expect(writers == ["POST /train", "POST /observations", "POST /models/{version}/activate"])
        let open = try RouteHarness().routes.all.filter { $0.role == nil }.map(\.path)
        #expect(open.filter { !$0.hasPrefix("/__") } == ["/healthz", "/readyz", "/openapi.yaml", "/openapi.json"])
    }

    @Test("the contract is served as it stands, and as JSON with the same content")
    func served() async throws {
        let harness = try RouteHarness()
        let yaml = await harness.send("GET", "/openapi.yaml")
        #expect(yaml.body == PackageResources.openapi_yaml)
        let json = await harness.send("GET", "/openapi.json")
        let document = try #require(json.document)
        #expect(document["openapi"] == "3.1.0")
        #expect(document["info"]?["version"] == .string(TareCommand.configuration.version))
        #expect(document["components"]?["schemas"]?["Size"]?["exclusiveMinimum"] == 0)
        // A converter that loses a type or an order shows here: the JSON is YAML too.
        let again = try #require(try Yams.compose(yaml: json.text))
        #expect(again == (try Self.contract()))
    }

    @Test("the examples of predictions are what the model that the server begins with answers")
    func predictionExamples() async throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardized
        let harness = try RouteHarness(
            model: try ModelDirectory.read(file: root.appending(path: "Models/salmon.json").path))
        let path = try JSON(parsing: try Documentation.json(PackageResources.openapi_yaml))["paths"]?["/prediction"]
        func examples(_ method: String) throws -> JSON {
            try #require(path?[method]?["responses"]?["200"]?["content"]?["application/json"]?["examples"])
        }
        let fish = [HTTPField("length", "95"), HTTPField("height", "18")]
        let questions = [
            "seen": [HTTPField("species", "salmon")], "unseen": [HTTPField("species", "walleye")],
            "interval": [HTTPField("species", "salmon"), HTTPField("interval", "0.95")],
            "explained": [HTTPField("species", "salmon"), HTTPField("explain", "true")],
        ]
        for example in try #require(examples("get").members) {
            let question = try #require(questions[example.name])
            let answer = await harness.send("GET", "/prediction", query: fish + question)
            #expect(answer.document == example.value["value"], "\(example.name): \(answer.text)")
        }
        let rows = path?["post"]?["requestBody"]?["content"]?["application/json"]?["examples"]?["several"]?["value"]
        let answer = await harness.send("POST", "/prediction", body: try #require(rows).compact)
        #expect(try answer.document == examples("post")["several"]?["value"], "\(answer.text)")
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
        let schemas = try JSON(parsing: try Documentation.json(PackageResources.openapi_yaml))["components"]?["schemas"]
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

    @Test("every example of a request is answered with success")
    func examples() async throws {
        let harness = try RouteHarness()
        _ = try harness.store.record(Fish.rows(80, levels: ["salmon", "walleye"]))
        let document = try JSON(parsing: try Documentation.json(PackageResources.openapi_yaml))
        var tried = 0
        for path in document["paths"]?.members ?? [] {
            for operation in path.value.members ?? [] {
                for content in operation.value["requestBody"]?["content"]?.members ?? [] {
                    for example in content.value["examples"]?.members ?? [] {
                        let value = try #require(example.value["value"])
                        let response = await harness.send(
                            operation.name.uppercased(), path.name, body: value.text ?? value.compact)
                        #expect(response.status == 200, "\(path.name) \(example.name): \(response.text)")
                        tried += 1
                    }
                }
            }
        }
        #expect(tried >= 5)
    }
}
