import Documents
import HTTPServer
import Testing

@testable import Tare

@Suite("MLflow's scoring protocol")
struct InvocationsRouteTests {
    private static let json = [HTTPField("Content-Type", "application/json; charset=UTF-8")]
    private static let csv = [HTTPField("Content-Type", "text/csv")]
    private static let rows =
        #"[{"length":95,"height":18,"species":"salmon"},{"length":82.5,"height":20,"species":"x"}]"#

    private func invoke(
        _ body: String, headers: [HTTPField] = json, levels: [String]? = ["salmon"]
    ) async throws -> HTTPResponse {
        await (try RouteHarness(levels: levels)).send("POST", "/invocations", headers: headers, body: body)
    }

    private func expected(_ query: [HTTPField] = []) async throws -> [JSON] {
        let response = await (try RouteHarness()).send("POST", "/prediction", query: query, body: Self.rows)
        return try #require(response.document?.elements)
    }

    @Test(
        "each form gives each row the number that /prediction gives it",
        arguments: [
            (#"{"dataframe_records":\#(rows)}"#, json), (#"{"instances":\#(rows),"other":1}"#, json),
            (#"{"inputs":\#(rows)}"#, json),
            (#"{"inputs":{"length":[95,82.5],"height":[18,20],"species":["salmon","x"],"more":[1,null]}}"#, json),
            (
                #"{"dataframe_split":{"data":[[18,"salmon",95],[20,"x",82.5]],"index":[7,8],"columns":["height","species","Length"]}}"#,
                json
            ),
            ("length,height,species\n95,18,salmon\n82.5,20,x\n", csv),
            (",Species,length,height,note\r\n0,\"salmon\",\"95\",18,\"a \"\"b\"\",\nc\"\r\n1,x,82.5,20,", csv),
        ])
    func forms(body: String, headers: [HTTPField]) async throws {
        let response = try await invoke(body, headers: headers)
        let weights = try await expected().map { $0["Weight"] }
        #expect(response.status == 200 && response.header("Model-Version") != nil, "\(response.text)")
        #expect(response.document?["predictions"]?.elements == weights, "\(response.text)")
        #expect(
            response.document?["unseen"] == ["count": 1, "rows": [["row": 1, "Unseen": ["species": "x"]]]],
            "\(response.text)")
    }

    @Test("with params a row gets what /prediction answers")
    func interval() async throws {
        let response = try await invoke(#"{"instances":\#(Self.rows),"params":{"interval":0.9,"explain":true}}"#)
        let rows = try await expected([HTTPField("interval", "0.9"), HTTPField("explain", "true")])
        #expect(response.document?["predictions"]?.elements == rows, "\(response.text)")
        #expect(rows[0]["Lower"]?.double != nil && rows[0]["Contributions"] != nil)
    }

    @Test(
        "what is wrong is told as MLflow's clients show it, with what was given and what is accepted",
        arguments: [
            ("", "the text is empty"), ("[1]", "an object expected"), ("{}", "exactly one of dataframe_split"),
            (#"{"instances":[],"inputs":[]}"#, "it has instances, inputs"),
            (#"{"instances":{}}"#, "instances must be an array of objects; it is an object"),
            (#"{"inputs":1}"#, "an array for each column; it is a number"),
            (#"{"instances":[[95,18,"salmon"]]}"#, "row 0, counted from 0: a row must be an object"),
            (#"{"instances":\#(rows),"params":{"intervall":0.9}}"#, "no param 'intervall'; accepted are interval and"),
            (#"{"instances":\#(rows),"params":{"interval":"x"}}"#, "interval must be a decimal number between 0 and 1"),
            (#"{"instances":\#(rows),"params":[]}"#, "params must be an object"),
            (
                #"{"dataframe_records":[{"length":95,"height":18,"species":"a"},{"length":-1,"height":18,"species":"a"}]}"#,
                "row 1, counted from 0: length must be a decimal number above 0 and at most 1000; given -1"
            ),
            (#"{"dataframe_split":{"data":[]}}"#, "columns of dataframe_split must be an array of names"),
            (#"{"dataframe_split":{"columns":["a","a"],"data":[]}}"#, "each of them once"),
            (
                #"{"dataframe_split":{"columns":["length"],"data":[]}}"#,
                "the column 'height' is missing; needed are length"
            ),
            (#"{"inputs":{"length":[]}}"#, "the column 'height' is missing"),
            (
                #"{"dataframe_split":{"columns":["length","height","species"]}}"#,
                "data of dataframe_split must be an array"
            ),
            (
                #"{"dataframe_split":{"columns":["length","height","species"],"data":[[1,2]]}}"#,
                "must be an array of 3 values"
            ),
            (#"{"inputs":{"length":[1],"height":[1,2],"species":["a","b"]}}"#, "'length' ends at 1, 'height' does not"),
            (#"{"inputs":{"length":3}}"#, "the column 'length' of inputs must be an array"),
        ])
    func refused(body: String, words: String) async throws {
        let response = try await invoke(body)
        #expect(response.status == 400 && response.isProblem, "\(response.text)")
        #expect(response.document?["error_code"] == "BAD_REQUEST")
        #expect(response.document?["message"]?.text?.contains(words) == true, "\(response.text)")
    }

    @Test(
        "CSV that is broken is refused with its line",
        arguments: [
            ("", "the body is empty"), ("length,length\n", "twice"),
            ("{}", "the column 'length' is missing"), ("length,height,species\n1\n", "row 0, counted from 0, has 1"),
            ("length,height,species\n\"1", "line 2 has a cell without its closing quote"),
            ("length,height,species\n\"1\"2\n", "line 2 has a comma or the line's end expected"),
            ("length,height,species\n1\"2\n", "line 2 has a quote within a cell"),
            (
                "length,height,species\nx,18,a\n",
                "length must be a decimal number above 0 and at most 1000; given \"x\""
            ),
        ])
    func brokenCSV(body: String, words: String) async throws {
        let response = try await invoke(body, headers: Self.csv)
        #expect(response.status == 400 && response.isProblem, "\(response.text)")
        #expect(response.document?["message"]?.text?.contains(words) == true, "\(response.text)")
    }

    @Test(
        "another content type is refused, and the accepted ones are named",
        arguments: ["", "text/plain", "application/json; charset=latin1", "application/xml"])
    func contentType(type: String) async throws {
        let response = try await invoke("{}", headers: type.isEmpty ? [] : [HTTPField("Content-Type", type)])
        #expect(response.status == 415 && response.isProblem)
        #expect(response.document?["message"]?.text?.contains("application/json or text/csv") == true)
    }

    @Test("a ping is answered once there is a model")
    func ping() async throws {
        #expect(await (try RouteHarness()).send("GET", "/ping").status == 200)
        let response = await (try RouteHarness(levels: nil)).send("GET", "/ping")
        #expect(response.status == 503 && response.document?["error_code"] == "TEMPORARILY_UNAVAILABLE")
    }

    @Test("a large answer is refused where there is no memory for it")
    func memory() async throws {
        let row = #"{"length":95,"height":18,"species":"salmon"}"#
        let body = #"{"instances":[\#(Array(repeating: row, count: 1000).joined(separator: ","))]}"#
        let small = RequestMemory(bytesMax: 1 << 12, bytesPerClientMax: 1 << 12)
        let refused = await (try RouteHarness(memory: small)).send(
            "POST", "/invocations", headers: Self.json, body: body)
        #expect([429, 503].contains(refused.status) && small.held == 0)
        let answered = try await invoke(body)
        #expect(answered.document?["predictions"]?.elements?.count == 1000)
    }
}
