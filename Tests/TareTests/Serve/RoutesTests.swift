import ArgumentParser
import Documents
import HTTPServer
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

    @Test("every example of a request is answered with success, and of a response fits what is answered")
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
