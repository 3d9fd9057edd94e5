import Documents
import HTTPServer
import Testing

@testable import Tare

@Suite("The Open Inference Protocol")
struct InferenceRouteTests {
    private static let rows: [JSON] = [
        ["length": 95, "height": 18, "species": "salmon"], ["length": 82.5, "height": 20, "species": "salmon"],
    ]

    private static func tensor(_ name: String, _ type: String, _ data: [JSON], shape: JSON? = nil) -> JSON {
        [
            "name": .string(name), "datatype": .string(type), "shape": shape ?? [.integer(Int64(data.count))],
            "data": .array(data),
        ]
    }

    private static func tensor(_ name: String, _ data: [JSON], shape: JSON? = nil) -> JSON {
        tensor(name, "FP64", data, shape: shape)
    }

    private static let length = tensor("length", [95, 82.5])
    private static let height = tensor("height", [18, 20])
    private static let species = tensor("species", "BYTES", ["salmon", "salmon"])
    private static let good = [length, height, species]

    private static func body(_ inputs: [JSON], _ others: [JSON.Member] = []) -> String {
        JSON.object([JSON.Member("inputs", .array(inputs))] + others).compact
    }

    private static func interval(_ value: JSON) -> JSON.Member { JSON.Member("parameters", ["interval": value]) }

    private func infer(_ harness: RouteHarness, _ body: String, headers: [HTTPField] = []) async -> HTTPResponse {
        await harness.send("POST", "/v2/models/fish/infer", headers: headers, body: body)
    }

    private func data(_ response: HTTPResponse, _ name: String) -> [JSON]? {
        response.document?["outputs"]?.elements?.first { $0["name"]?.text == name }?["data"]?.elements
    }

    @Test("each row has the estimate and the interval that /prediction gives it, and the id comes back")
    func agrees() async throws {
        let harness = try RouteHarness(levels: ["salmon", "walleye"])
        let response = await infer(harness, Self.body(Self.good, [Self.interval(0.9), JSON.Member("id", "a b")]))
        #expect(response.status == 200 && response.document?["id"] == "a b", "\(response.text)")
        #expect(response.document?["model_name"] == "fish")
        #expect(response.document?["model_version"]?.text == response.header("Model-Version"))
        let posted = await harness.send(
            "POST", "/prediction", query: [HTTPField("interval", "0.9")], body: JSON.array(Self.rows).compact)
        for (place, answer) in try #require(posted.document?.elements).enumerated() {
            for name in ["Weight", "Lower", "Upper"] {
                #expect(data(response, name)?[place] == answer[name], "\(name) of row \(place)")
            }
        }
    }

    @Test(
        "names as documents have them, columns row by row and whole numbers are the same inputs",
        arguments: [
            [tensor("Length", [95, 82.5]), tensor("Species", "BYTES", ["salmon", "salmon"]), height],
            [length, tensor("height", "INT32", [18, 20]), species],
            [length, tensor("height", "UINT8", [18, 20]), species],
            [length, tensor("height", "FP32", [18, 20], shape: [2, 1]), species],
            [tensor("length", [[95], [82.5]], shape: [2, 1]), height, species],
        ])
    func same(inputs: [JSON]) async throws {
        let harness = try RouteHarness()
        let (one, other) = (await infer(harness, Self.body(Self.good)), await infer(harness, Self.body(inputs)))
        #expect(other.status == 200 && one.body == other.body, "\(other.text)")
    }

    @Test("a level that the model has not seen is named by an output, an empty text where all are known")
    func unseen() async throws {
        let inputs = [Self.length, Self.height, Self.tensor("species", "BYTES", ["salmon", "walleye"])]
        let response = await infer(try RouteHarness(), Self.body(inputs))
        #expect(data(response, "Unseen") == ["", "species"], "\(response.text)")
        let rejected = await infer(try RouteHarness(unseen: .reject), Self.body(inputs))
        #expect(rejected.status == 400 && rejected.document?["error"]?.text?.hasPrefix("row 1, ") == true)
    }

    @Test("the outputs are those that are asked for, in their order; a row far from the model's is told")
    func outputs() async throws {
        let asked = JSON.Member("outputs", [["name": "Extrapolated"], ["name": "Weight"], ["name": "Unseen"]])
        let inputs = [Self.tensor("length", [95, 900]), Self.height, Self.species]
        let response = await infer(try RouteHarness(), Self.body(inputs, [asked]))
        let outputs = try #require(response.document?["outputs"]?.elements)
        #expect(outputs.map { $0["name"] } == ["Extrapolated", "Weight", "Unseen"])
        #expect(outputs.map { $0["datatype"] } == ["BOOL", "FP64", "BYTES"])
        #expect(data(response, "Extrapolated") == [false, true] && data(response, "Unseen") == ["", ""])
    }

    @Test(
        "what is wrong is told in the protocol's form, with what was given and what is accepted",
        arguments: [
            ("", "the text is empty"), ("[]", "an object expected"), (#"{"inputs":[]}"#, "'length' is missing"),
            (#"{"inputs":{}}"#, "must be an array of tensors; it is an object"), (#"{"id":"1"}"#, "it is missing"),
            (body(good, [JSON.Member("id", 1)]), "id must be a string; it is a number"),
            (body([length, height]), "the input 'species' is missing; needed are length, height, species"),
            (body(good + [tensor("x", [1])]), "there is no input 'x'; accepted are length, height, species"),
            (body(good + [tensor("Length", [1])]), "the input 'length' is given twice"),
            (body([tensor("length", [95]), height, species]), "'length' has 1, 'height' has 2"),
            (
                body([tensor("length", [1], shape: [2]), height, species]), "has the shape of 2 values and 1 of them"
            ),
            (body([tensor("length", [1, 2, 3], shape: [2]), height, species]), "has the shape of 2 values and more"),
            (body([tensor("length", [1, 2], shape: [1, 2]), height, species]), "the shape [n] or [n, 1]"),
            (body([tensor("length", [1, 2], shape: [-2]), height, species]), "given [-2]"),
            (body([tensor("length", "BYTES", ["1", "2"]), height, species]), "the datatype FP64, FP32, INT16"),
            (body([length, height, tensor("species", [1, 2])]), "the datatype BYTES; given 'FP64'"),
            (body([tensor("length", "INT8", [95, 300]), height, species]), "element 1, counted from 0"),
            (body([tensor("length", "INT64", [95.5, 3]), height, species]), "is no INT64; given 95.5"),
            (body([tensor("length", [95, "3"]), height, species]), "is no FP64; given \"3\""),
            (body([tensor("length", [95, [3]]), height, species]), "is no FP64; given [3]"),
            (
                body([tensor("length", [95, 1e9]), height, species]),
                "row 1, counted from 0: length must be a decimal number above 0 and at most 1000; given 1.0E9"
            ),
            (body([length, height, tensor("species", "BYTES", ["", "a"])]), "row 0, counted from 0: species must be"),
            (body(good, [interval(2)]), "interval must be a number between 0 and 1, such as 0.95; given 2"),
            (body(good, [JSON.Member("parameters", 1)]), "parameters must be an object"),
            (body(good, [JSON.Member("outputs", [["name": "y"]])]), "no output 'y'; accepted are Weight, Lower"),
            (body(good, [JSON.Member("outputs", [["name": "Upper"]])]), "Upper needs the parameter interval"),
            (body(good, [JSON.Member("outputs", [1])]), "an output must be an object with a name"),
            (
                body([["name": "length", "datatype": "FP64", "shape": [2]], height, species]), "it has none, and binary"
            ),
            (#"{"inputs":[{"shape":[1]}]}"#, "an input must have a name"),
        ])
    func refused(body: String, words: String) async throws {
        let response = await infer(try RouteHarness(), body)
        #expect(response.status == 400 && response.header("Content-Type") == "application/json")
        #expect(response.document?.members?.map(\.name) == ["error"])
        #expect(response.document?["error"]?.text?.contains(words) == true, "\(response.text)")
    }

    @Test("binary data and a compressed body are refused")
    func notAccepted() async throws {
        let harness = try RouteHarness()
        let binary = HTTPField("Inference-Header-Content-Length", "12")
        #expect(await infer(harness, Self.body(Self.good), headers: [binary]).status == 400)
        let encoding = HTTPField("Content-Encoding", "gzip")
        #expect(await infer(harness, Self.body(Self.good), headers: [encoding]).status == 415)
    }

    @Test("one model is there, under the subject's name and the version in service")
    func places() async throws {
        let harness = try RouteHarness()
        let model = await harness.send("GET", "/v2/models/fish")
        let version = try #require(model.document?["versions"]?.elements?.first?.text)
        #expect(model.document?["inputs"]?.elements?.map { $0["datatype"] } == ["FP64", "FP64", "BYTES"])
        for (path, status) in [
            ("/v2/models/fish/ready", 200), ("/v2/models/fish/versions/\(version)", 200),
            ("/v2/models/fish/versions/\(version)/ready", 200), ("/v2/models/fish/versions/1/ready", 404),
            ("/v2/models/birds", 404), ("/v2/health/live", 200), ("/v2/health/ready", 200), ("/v2", 200),
            ("/v2/models", 404), ("/v2/models/fish/infer", 405),
        ] {
            let response = await harness.send("GET", path)
            #expect(response.status == status, "\(path) \(response.text)")
            #expect(status == 200 || response.document?["error"]?.text?.isEmpty == false)
        }
        let infer = "/v2/models/fish/versions/\(version)/infer"
        #expect(await harness.send("POST", infer, body: Self.body(Self.good)).status == 200)
    }

    @Test("without a model it is alive, not ready, and infers nothing")
    func noModel() async throws {
        let harness = try RouteHarness(levels: nil)
        #expect(await harness.send("GET", "/v2/health/live").status == 200)
        #expect(await harness.send("GET", "/v2/health/ready").status == 503)
        let response = await infer(harness, Self.body(Self.good))
        #expect(response.status == 503 && response.document?["error"] != nil && response.header("Retry-After") != nil)
    }

    @Test("what a large request takes is reserved before, and one that would take too much is refused")
    func memory() async throws {
        let count = 1000
        let inputs = [
            Self.tensor("length", Array(repeating: 95, count: count)),
            Self.tensor("height", Array(repeating: 18, count: count)),
            Self.tensor("species", "BYTES", Array(repeating: "salmon", count: count)),
        ]
        let small = RequestMemory(bytesMax: 1 << 16, bytesPerClientMax: 1 << 16)
        let refused = await infer(try RouteHarness(memory: small), Self.body(inputs))
        #expect([429, 503].contains(refused.status) && refused.document?["error"] != nil, "\(refused.status)")
        #expect(small.held == 0)
        let large = RequestMemory(bytesMax: 64 << 20, bytesPerClientMax: 64 << 20)
        let answered = await infer(try RouteHarness(memory: large), Self.body(inputs))
        #expect(answered.status == 200 && data(answered, "Weight")?.count == count)
        #expect(large.held > answered.body.count)
    }
}
