import Documents
import EventTesting
import Regression
import Specification
import Testing

@testable import EventProcessing
@testable import Streaming

@Suite("What the model server's answers mean")
struct HTTPAnswersTests {
    let answers = ModelServerAnswers(specification: .shoe)

    private func answer(_ status: Int, _ body: String) -> HTTPAnswer {
        HTTPAnswer(status: status, body: Array(body.utf8))
    }

    @Test("a prediction is the field of the response and the model's time; more fields are no matter")
    func prediction() throws {
        let body = #"{"Size":42,"Fitted":"2021-06-02 07:48:52","Note":"unseen"}"#
        #expect(
            try answers.prediction(answer(200, body), to: "GET /prediction")
                == Prediction(value: 42, modelTime: "2021-06-02 07:48:52"))
        let unseen =
            #"{"Size":42,"Fitted":"2021-06-02 07:48:52","Unseen":{"maker":"boot"}}"#
        #expect(try !answers.prediction(answer(200, unseen), to: "GET /prediction").isLevelSeen)
    }

    @Test(
        "of many predictions each is read as it is alone",
        arguments: [
            #"{"Size":42,"Fitted":"a"}"#, #"{"Size":1.5,"Fitted":"b","Extrapolated":true}"#,
            #"{"Fitted":"b","Size":-1e3}"#, #"{"Size":42,"Fitted":"b","Unseen":{"maker":"boot"}}"#,
            #"{"Size":42,"Fitted":"b","Median":41.5,"Sigma":0.25}"#, #"{"Size":42,"Fitted":"a\u0062"}"#,
        ])
    func many(_ last: String) throws {
        let bodies = [#"{"Size":41,"Fitted":"b"}"#, #"{"Size":41.25,"Fitted":"b"}"#, last]
        let array = answer(200, "[\(bodies.joined(separator: ", "))]")
        #expect(
            try answers.predictions(array, of: 3, to: "POST /prediction")
                == bodies.map { try answers.prediction(answer(200, $0), to: "GET /prediction") })
        #expect(try answers.predictions(array, of: 4, to: "POST /prediction") == nil)
    }

    @Test("where one of many has no usable number, none is answered", arguments: ["null", "{}", #"{"Size":1.0}"#])
    func notEach(_ last: String) throws {
        let array = answer(200, #"[{"Size":41,"Fitted":"b"},\#(last)]"#)
        #expect(try answers.predictions(array, of: 2, to: "POST /prediction") == nil)
    }

    @Test(
        "JSON without a usable number is the server's refusal of this one record",
        arguments: [
            "null", "[null]", "{}", #"{"Size":"NA","Fitted":"x"}"#, #"{"Size":null,"Fitted":"x"}"#,
            #"{"Size":[1.0,2.0],"Fitted":"x"}"#, #"{"Size":1.0}"#, #"{"size":1.0,"Fitted":"x"}"#,
        ])
    func noNumber(_ body: String) {
        let error = #expect(throws: ModelClientError.self) {
            try answers.prediction(answer(200, body), to: "GET /prediction")
        }
        guard case .refused(200, let why) = error else { return #expect(Bool(false), "\(String(describing: error))") }
        #expect(why.contains(body))
    }

    @Test(
        "what is not JSON does not come from a model server, and is waited for",
        arguments: [
            (200, "<html>"), (200, ""), (204, ""), (200, "{\"Size\":1.0"), (301, ""), (304, ""), (0, ""), (199, "{}"),
        ])
    func notAModelServer(_ status: Int, _ body: String) {
        let error = #expect(throws: ModelClientError.self) { try answers.success(answer(status, body), to: "GET /x") }
        guard case .unavailable(let why) = error else { return #expect(Bool(false), "\(String(describing: error))") }
        #expect(why.hasPrefix("GET /x answered \(status)"))
    }

    @Test(
        "what is about who asks or about the moment may pass, as every 5xx; every other 4xx will not",
        arguments: [
            (401, true), (403, true), (407, true), (408, true), (425, true), (429, true), (500, true), (502, true),
            (503, true), (504, true), (599, true),
        ]
            + [400, 404, 405, 409, 413, 414, 415, 422, 499].map { ($0, false) })
    func statusClasses(_ status: Int, _ mayPass: Bool) {
        let body = #"{"type":"about:blank","title":"T","status":\#(status),"detail":"length: 'x' is no number"}"#
        let error = #expect(throws: ModelClientError.self) { try answers.success(answer(status, body), to: "GET /x") }
        let sentence = "GET /x\(mayPass ? " answered \(status)" : ""): length: 'x' is no number"
        #expect(error == (mayPass ? .unavailable(sentence) : .refused(status: status, sentence)))
    }

    @Test(
        "without a detail the reason is the title, else the beginning of the body",
        arguments: [
            (#"{"title":"Not Found"}"#, "Not Found"), (#"{"error":"404"}"#, #"{"error":"404"}"#), ("a\nb", "a b"),
            ("", "without a body"), (String(repeating: "x", count: 900), String(repeating: "x", count: 200)),
        ])
    func reasons(_ body: String, _ reason: String) {
        #expect(throws: ModelClientError.refused(status: 404, "GET /x: \(reason)")) {
            try answers.success(answer(404, body), to: "GET /x")
        }
    }

    @Test(
        "rows were recorded where the answer says so",
        arguments: [#"{"recorded":2,"duplicates":1}"#, #"{"refused":[]}"#])
    func recorded(_ body: String) throws {
        try answers.recorded(answer(200, body), of: 3, to: "POST /observations")
    }

    @Test("rows that were refused among good ones are told with the first reason", arguments: [200, 422])
    func refusedRows(_ status: Int) {
        let body = #"{"recorded":1,"refused":[{"row":1,"problem":{"detail":"Size: -1 is not positive"}},{"row":2}]}"#
        let sentence = "POST /observations: 2 of 3 rows refused, row 1: Size: -1 is not positive"
        #expect(throws: ModelClientError.refused(status: status, sentence)) {
            try answers.recorded(answer(status, body), of: 3, to: "POST /observations")
        }
    }

    @Test(
        "the answer to a training is handed on, whatever it says",
        arguments: ["{}", #"{"status":"retrained","rows":50}"#])
    func trained(_ body: String) throws {
        #expect(try answers.trained(answer(202, body), to: "POST /train") == JSON(parsing: body))
    }
}
