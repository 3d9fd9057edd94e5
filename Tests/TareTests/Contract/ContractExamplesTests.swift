import Documents
import HTTPServer
import ModelService
import Specification
import Testing

@testable import Tare

@Suite("The contract's examples")
struct ContractExamplesTests {
    private static func contract(_ example: ServedExample) throws -> JSON {
        let model = try example.model
        return try Contract(of: model.specification, model: model).document
    }

    @Test("the examples of predictions are what the served model answers", arguments: ServedExample.allCases)
    func predictionExamples(_ example: ServedExample) async throws {
        let model = try example.model
        let harness = try RouteHarness(model: model)
        let path = try Self.contract(example)["paths"]?["/prediction"]
        func examples(_ method: String) throws -> JSON {
            try #require(path?[method]?["responses"]?["200"]?["content"]?["application/json"]?["examples"])
        }
        let asked = (path?["get"]?["parameters"]?.elements ?? []).compactMap { parameter in
            parameter["name"]?.text.map {
                HTTPField($0, parameter["example"]?.text ?? parameter["example"]?.compact ?? "")
            }
        }
        let grouping = model.specification.factor?.name
        let unseen = asked.map { $0.name == grouping ? HTTPField($0.name, "another level") : $0 }
        let questions = [
            "seen": asked, "unseen": unseen, "interval": asked + [HTTPField("interval", "0.95")],
            "explained": asked + [HTTPField("explain", "true")],
        ]
        let told = try #require(examples("get").members)
        #expect(told.count == (grouping == nil ? 3 : 4))
        for example in told {
            let question = try #require(questions[example.name])
            let answer = await harness.send("GET", "/prediction", query: question)
            #expect(answer.document == example.value["value"], "\(example.name): \(answer.text)")
        }
        let rows = path?["post"]?["requestBody"]?["content"]?["application/json"]?["examples"]?["several"]?["value"]
        let answer = await harness.send("POST", "/prediction", body: try #require(rows).compact)
        #expect(try answer.document == examples("post")["several"]?["value"], "\(answer.text)")
    }

    /// Swagger's page fills in what there is, so every try but the first would be a replay.
    @Test("the page fills in no Idempotency-Key")
    func noKey() throws {
        let train = try Self.contract(.fish)["paths"]?["/train"]?["post"]
        let key = try #require(train?["parameters"]?.elements?.first { $0["name"] == "Idempotency-Key" })
        for member in ["example", "examples"] { #expect(key[member] == nil) }
        for member in ["example", "examples", "default"] { #expect(key["schema"]?[member] == nil) }
    }

    @Test("every example of a request is answered with success", arguments: ServedExample.allCases)
    func examples(_ example: ServedExample) async throws {
        let harness = try RouteHarness(model: try example.model)
        let model = try example.model
        var tried = 0
        for path in try Self.contract(example)["paths"]?.members ?? [] {
            for operation in path.value.members ?? [] {
                for content in operation.value["requestBody"]?["content"]?.members ?? [] {
                    for example in content.value["examples"]?.members ?? [] {
                        let value = try #require(example.value["value"])
                        let response = await harness.send(
                            operation.name.uppercased(),
                            path.name.replacing("{name}", with: model.specification.subject)
                                .replacing("{version}", with: model.version),
                            headers: [HTTPField("Content-Type", content.name)], body: value.text ?? value.compact)
                        #expect(response.status == 200, "\(path.name) \(example.name): \(response.text)")
                        tried += 1
                    }
                }
            }
        }
        #expect(tried >= 5)
    }

    @Test("every response has an example of each form that it may have", arguments: ServedExample.allCases)
    func responseExamples(_ example: ServedExample) throws {
        let document = try Self.contract(example)
        let shared = document["components"]?["responses"]?.members ?? []
        let own = (document["paths"]?.members ?? []).flatMap { path in
            (path.value.members ?? []).flatMap { operation in
                (operation.value["responses"]?.members ?? []).map {
                    JSON.Member("\(operation.name) \(path.name) \($0.name)", $0.value)
                }
            }
        }
        #expect(shared.count > 10 && own.count > 100)
        for response in shared + own where response.value["$ref"] == nil {
            let contents = response.value["content"]?.members ?? []
            #expect(!contents.isEmpty, "\(response.name)")
            for content in contents {
                #expect(content.value["examples"]?.members?.isEmpty == false, "\(response.name) \(content.name)")
            }
        }
    }

    @Test("the examples of other servers' protocols are what is answered", arguments: ServedExample.allCases)
    func clientExamples(_ example: ServedExample) async throws {
        let model = try example.model
        let harness = try RouteHarness(model: model)
        let paths = try Self.contract(example)["paths"]
        func answer(_ operation: JSON?, _ name: String) throws -> JSON {
            try #require(
                operation?["responses"]?["200"]?["content"]?["application/json"]?["examples"]?[name]?["value"])
        }
        func request(_ operation: JSON?, _ name: String) throws -> String {
            try #require(operation?["requestBody"]?["content"]?["application/json"]?["examples"]?[name]?["value"])
                .compact
        }
        let (tensors, infer) = (paths?["/v2/models/{name}"]?["get"], paths?["/v2/models/{name}/infer"]?["post"])
        let place = "/v2/models/\(model.specification.subject)"
        #expect(await harness.send("GET", place).document == (try answer(tensors, "tensors")))
        let json = [HTTPField("Content-Type", "application/json")]
        let inferred = await harness.send(
            "POST", "\(place)/infer", headers: json, body: try request(infer, "two"))
        #expect(inferred.document == (try answer(infer, "two")), "\(inferred.text)")
        let invoke = paths?["/invocations"]?["post"]
        let invoked = await harness.send("POST", "/invocations", headers: json, body: try request(invoke, "split"))
        #expect(invoked.document == (try answer(invoke, "numbers")), "\(invoked.text)")
        let served = await harness.send("GET", "/model")
        #expect(served.document == (try answer(paths?["/model"]?["get"], "served")))
    }
}
