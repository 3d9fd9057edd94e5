import Documents
import HTTPServer
import Testing

@testable import Tare

@Suite("The table of routes")
struct RoutesTests {
    @Test("a path that is not there is 404", arguments: ["//", "/prediction/", "/Prediction", "/models/", "*"])
    func notFound(_ path: String) async throws {
        let response = await (try RouteHarness()).send("GET", path)
        #expect(response.status == 404 && response.isProblem)
    }

    @Test(
        "a method that a path does not take is 405, and Allow lists those that it takes",
        arguments: [
            ("DELETE", "/prediction", "GET, HEAD, POST"), ("GET", "/train", "POST"), ("PUT", "/train", "POST"),
            ("POST", "/model", "GET, HEAD"), ("OPTIONS", "/observations", "POST, GET, HEAD"),
            ("POST", "/models/x", "GET, HEAD"),
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
        #expect(try #require(PathPattern("/models/{version}")).values(in: path) == value.map { [$0] })
        let longer = try #require(PathPattern("/models/{version}/activate"))
        #expect(longer.values(in: path + "/activate") == value.map { [$0] })
        #expect(longer.values(in: path) == nil)
        let two = try #require(PathPattern("/models/{version}/rows/{number}"))
        #expect(two.values(in: path + "/rows/7") == value.map { [$0, "7"] })
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
