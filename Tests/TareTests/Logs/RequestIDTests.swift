import Documents
import HTTPServer
import Testing

@testable import Tare

@Suite("The name of a request")
struct RequestIDTests {
    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    private static let parent = "00-\(trace)-00f067aa0ba902b7-01"

    private static func given(_ headers: [(String, String)]) -> String? {
        RequestID.given(
            in: HTTPRequest(method: "GET", path: "/", headers: headers.map { HTTPField($0.0, $0.1) }))
    }

    @Test(
        "the caller's own is taken, or the trace of its traceparent",
        arguments: [
            ([("X-Request-ID", "a-1")], "a-1"), ([("x-request-id", "A.b_c:d/e+f=g@h,i")], "A.b_c:d/e+f=g@h,i"),
            ([("X-Request-ID", String(repeating: "a", count: 128))], String(repeating: "a", count: 128)),
            ([("traceparent", parent)], trace), ([("Traceparent", "cc-\(trace)-00f067aa0ba902b7-01-more")], trace),
            ([("traceparent", parent), ("X-Request-ID", "a-1")], "a-1"),
        ])
    func taken(_ headers: [(String, String)], _ id: String) { #expect(Self.given(headers) == id) }

    @Test(
        "what could not stand in a header, in JSON or in one line is replaced by a new name",
        arguments: [
            [("X-Request-ID", "")], [("X-Request-ID", "a b")], [("X-Request-ID", "a\"b")], [("X-Request-ID", "ä")],
            [("X-Request-ID", String(repeating: "a", count: 129))], [("X-Request-ID", "a"), ("X-Request-ID", "b")],
            [("traceparent", "")], [("traceparent", "00-\(trace)-00f067aa0ba902b7")],
            [("traceparent", "00-\(trace.uppercased())-00f067aa0ba902b7-01")],
            [("traceparent", "ff-\(trace)-00f067aa0ba902b7-01")], [("traceparent", "\(parent)-more")],
            [("traceparent", "00-00000000000000000000000000000000-00f067aa0ba902b7-01")],
            [("traceparent", "00-\(trace)-0000000000000000-01")], [("traceparent", parent), ("traceparent", parent)],
        ])
    func replaced(_ headers: [(String, String)]) throws {
        let id = try #require(Self.given(headers))
        #expect(id.wholeMatch(of: /[0-9a-f]{8}-[0-9]+/) != nil)
    }

    @Test("where none is given there is none, and two that are made differ")
    func none() {
        #expect(Self.given([("Accept", "*/*")]) == nil)
        #expect(RequestID.made() != RequestID.made())
    }

    @Test("a prediction that goes well has no name of its own; one that is given comes back")
    func ordinary() async throws {
        let harness = try RouteHarness()
        let query = [HTTPField("length", "95"), HTTPField("height", "18"), HTTPField("species", "salmon")]
        func id(_ headers: [HTTPField]) async -> String? {
            await harness.send("GET", "/prediction", query: query, headers: headers).headers
                .first { $0.isNamed(RequestID.header) }?.value
        }
        #expect(await id([]) == nil)
        #expect(await id([HTTPField("X-Request-ID", "mine-7")]) == "mine-7")
    }

    @Test(
        "each problem document names the request as the answer's header does, and is otherwise as it was",
        arguments: [
            ("GET", "/prediction", 400), ("GET", "/nothing", 404), ("PUT", "/train", 405), ("GET", "/models/x", 404),
            ("POST", "/observations", 400),
        ])
    func problem(_ method: String, _ path: String, _ status: Int) async throws {
        let harness = try RouteHarness()
        let made = await harness.send(method, path)
        let given = await harness.send(method, path, headers: [HTTPField("X-Request-ID", "mine-8")])
        #expect(made.status == status && given.status == status)
        let name = try #require(made.headers.first { $0.isNamed(RequestID.header) }?.value)
        let (first, second) = (String(decoding: made.body, as: UTF8.self), String(decoding: given.body, as: UTF8.self))
        #expect(first.hasSuffix(",\"requestId\":\"\(name)\"}") && second.hasSuffix(",\"requestId\":\"mine-8\"}"))
        #expect(first.replacing(name, with: "mine-8") == second)
        let members = try #require(try JSON(parsing: made.body).members)
        #expect(members.first?.name == "type" && members.count { $0.name == "requestId" } == 1)
    }
}
