import Documents
import HTTPServer
import Testing

@testable import Program
@testable import Tare

@Suite("GET /prediction")
struct GetPredictionTests {
    private static let length = HTTPField("length", "95")
    private static let height = HTTPField("height", "18")
    private static let species = HTTPField("species", "salmon")
    private static let good = [length, height, species]

    @Test("the two fields come first and in order, with a decimal point, and the version is a header")
    func good() async throws {
        let harness = try RouteHarness()
        let response = await harness.send("GET", "/prediction", query: Self.good)
        #expect(response.status == 200)
        #expect(response.header("Content-Type") == "application/json")
        let weight = try #require(response.document?["Weight"]?.double)
        #expect(abs(weight - 4.93) < 0.1)
        #expect(response.text == #"{"Weight":\#(weight),"ModelTime":"2021-06-02 07:48:52"}"#)
    }

    @Test("a species that the model has not seen gets an estimate and a third field that says so")
    func unseen() async throws {
        let harness = try RouteHarness()
        let query = [Self.length, Self.height, HTTPField("species", "wal\"leye")]
        let response = await harness.send("GET", "/prediction", query: query)
        let seen = await harness.send("GET", "/prediction", query: Self.good)
        #expect(response.status == 200)
        #expect(response.document?.members?.map(\.name) == ["Weight", "ModelTime", "UnseenSpecies", "Unseen"])
        #expect(response.document?["UnseenSpecies"] == "wal\"leye")
        #expect(response.document?["Unseen"] == ["species": "wal\"leye"])
        #expect(response.document?["Weight"] == seen.document?["Weight"])
    }

    @Test("other parameters are ignored, as plumber ignores them")
    func others() async throws {
        let response = await (try RouteHarness()).send("GET", "/prediction", query: Self.good + [HTTPField("x", "1")])
        #expect(response.status == 200)
    }

    @Test(
        "a parameter that is not as it should be is named, with what was given and what is accepted",
        arguments: [
            ([height, species], "length", nil), ([length, species], "height", nil), ([length, height], "species", nil),
            ([HTTPField("length", ""), height, species], "length", ""),
            ([length, HTTPField("height", "abc"), species], "height", "abc"),
            ([length, height, HTTPField("species", "")], "species", ""),
            ([length, height, HTTPField("species", String(repeating: "x", count: 65))], "species", nil),
            ([length, height, HTTPField("species", "a\nb")], "species", "a\nb"),
            ([HTTPField("Length", "95"), height, species], "length", nil),
        ] as [([HTTPField], String, String?)])
    func bad(_ query: [HTTPField], _ parameter: String, _ given: String?) async throws {
        let response = await (try RouteHarness()).send("GET", "/prediction", query: query)
        #expect(response.status == 400 && response.isProblem)
        #expect(response.document?["parameter"] == .string(parameter))
        #expect(response.document?["accepted"]?.text?.isEmpty == false)
        if let given { #expect(response.document?["given"] == .string(given)) }
    }

    @Test("a repeated parameter is refused even where the values agree")
    func repeated() async throws {
        let response = await (try RouteHarness()).send("GET", "/prediction", query: Self.good + [Self.length])
        #expect(response.status == 400 && response.isProblem)
        #expect(response.document?["given"] == ["95", "95"])
    }

    @Test("a body where none belongs is refused")
    func body() async throws {
        let response = await (try RouteHarness()).send("GET", "/prediction", query: Self.good, body: "{}")
        #expect(response.status == 400 && response.isProblem)
    }

    @Test("without a model the answer is 503 with Retry-After, never a null")
    func noModel() async throws {
        let harness = try RouteHarness(levels: nil)
        for response in [
            await harness.send("GET", "/prediction", query: Self.good), await harness.send("GET", "/model"),
            await harness.send("POST", "/prediction", body: #"{"length":95,"height":18,"species":"salmon"}"#),
        ] {
            #expect(response.status == 503 && response.isProblem)
            #expect(response.header("Retry-After") != nil)
        }
        #expect(await harness.send("GET", "/readyz").status == 503)
    }

    @Test(
        "numbers have JSON's grammar",
        arguments: [
            ("95", 95), ("86.37", 86.37), ("1e2", 100), ("1E+2", 100), ("9.5e-1", 0.95), ("0.5", 0.5), ("-1", -1),
            ("0x5F", nil), ("1d2", nil), ("95,5", nil), ("NaN", nil), ("Inf", nil), ("infinity", nil), ("1e400", nil),
            (" 95", nil), ("95 ", nil), ("+95", nil), ("095", nil), (".5", nil), ("5.", nil), ("95L", nil), ("", nil),
            ("1e", nil), ("-", nil), ("٣", nil), ("1_000", nil), ("TRUE", nil),
        ] as [(String, Double?)])
    func numbers(_ text: String, _ expected: Double?) {
        #expect(DecimalNumber.parse(text) == expected)
    }
}

@Suite("POST /prediction")
struct PostPredictionTests {
    private static let row = #"{"Fish_Id":"7","Length":95,"Height":18,"Species":"salmon"}"#
    private static let bad = #"{"Fish_Id":"8","Length":"95","Height":18,"Species":"salmon"}"#

    @Test("one object is answered by one, its identifier echoed")
    func one() async throws {
        let response = await (try RouteHarness()).send("POST", "/prediction", body: Self.row)
        #expect(response.status == 200)
        #expect(response.document?.members?.map(\.name) == ["Weight", "ModelTime", "Fish_Id"])
    }

    @Test("the parameters' names are accepted as well as the documents'")
    func names() async throws {
        let harness = try RouteHarness()
        let long = await harness.send("POST", "/prediction", body: Self.row)
        let short = await harness.send(
            "POST", "/prediction", body: #"{"id":7,"length":95,"height":18,"species":"salmon"}"#)
        #expect(short.document?["Weight"] == long.document?["Weight"])
        #expect(short.document?["id"] == 7)
        let both = await harness.send(
            "POST", "/prediction", body: #"{"length":95,"Length":96,"height":18,"species":"salmon"}"#)
        #expect(both.status == 422 && both.isProblem)
    }

    @Test("one bad object is refused whole")
    func oneBad() async throws {
        let response = await (try RouteHarness()).send("POST", "/prediction", body: Self.bad)
        #expect(response.status == 422 && response.isProblem)
        #expect(response.document?["parameter"] == "length")
        #expect(response.document?["given"] == "95")
        #expect(response.document?["Fish_Id"] == "8")
    }

    @Test("a bad row of an array is answered in place, and the good ones are not lost")
    func array() async throws {
        let response = await (try RouteHarness()).send(
            "POST", "/prediction", body: "[\(Self.row),\(Self.bad),5,\(Self.row)]")
        #expect(response.status == 200)
        let answers = try #require(response.document?.elements)
        #expect(answers.map { $0["Weight"] != nil } == [true, false, false, true])
        #expect(answers[1]["status"] == 422 && answers[1]["Fish_Id"] == "8")
    }

    @Test("lines are answered by lines, the broken ones too")
    func lines() async throws {
        let response = await (try RouteHarness()).send(
            "POST", "/prediction", body: "\(Self.row)\n\n{broken\n\(Self.row)\n")
        #expect(response.status == 200)
        #expect(response.header("Content-Type") == "application/x-ndjson")
        let answers = try response.text.split(separator: "\n").map { try JSON(parsing: String($0)) }
        #expect(answers.map { $0["Weight"] != nil } == [true, false, true])
        #expect(answers[1]["status"] == 400)
    }

    @Test("a large batch is answered whole, in order and by one model")
    func large() async throws {
        let rows = (0..<2000).map { #"{"Fish_Id":"\#($0)","Length":95,"Height":18,"Species":"salmon"}"# }
        let response = await (try RouteHarness()).send("POST", "/prediction", body: "[\(rows.joined(separator: ","))]")
        let answers = try #require(response.document?.elements)
        #expect(answers.map { $0["Fish_Id"]?.text } == (0..<2000).map { "\($0)" })
    }

    @Test(
        "a body that holds no rows is a problem",
        arguments: [("", 400), ("  \n", 400), ("nonsense", 400), ("{", 400), ("5", 422), ("null", 422), ("{}", 422)])
    func noRows(_ body: String, _ status: Int) async throws {
        let response = await (try RouteHarness()).send("POST", "/prediction", body: body)
        #expect(response.status == status && response.isProblem)
    }

    @Test("an encoded body is refused by its encoding")
    func encoded() async throws {
        let response = await (try RouteHarness()).send(
            "POST", "/prediction", headers: [HTTPField("content-encoding", "gzip")], body: Self.row)
        #expect(response.status == 415 && response.isProblem)
    }
}
