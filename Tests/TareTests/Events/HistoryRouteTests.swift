import Documents
import HTTPServer
import ModelService
import Testing

@testable import Tare

@Suite("GET /observations")
struct HistoryRouteTests {
    private static func harness(rows: Int) throws -> RouteHarness {
        let harness = try RouteHarness()
        _ = try harness.store.record(Fish.rows(rows))
        return harness
    }

    private static func query(_ target: String) -> [HTTPField] {
        (target.split(separator: "?").last ?? "").split(separator: "&").map { part in
            let halves = part.split(separator: "=", maxSplits: 1)
            return HTTPField(String(halves[0]), String(halves[1]))
        }
    }

    @Test("follows its links from the newest row to the oldest, in both forms", arguments: ["json", "ndjson"])
    func links(form: String) async throws {
        let harness = try Self.harness(rows: 25)
        var identifiers: [String] = []
        var target: String? = "/observations?limit=10&format=\(form)"
        var pages = 0
        while let next = target {
            let response = await harness.send("GET", "/observations", query: Self.query(next))
            #expect(response.status == 200)
            #expect(response.header("Content-Type") == (form == "json" ? "application/json" : "application/x-ndjson"))
            let rows =
                form == "json"
                ? response.document?.elements ?? []
                : try response.text.split(separator: "\n").map { try JSON(parsing: String($0)) }
            identifiers += rows.compactMap { $0["Fish_Id"]?.text }
            target = response.header("Link").map { link in
                #expect(link.hasSuffix(">; rel=\"next\""))
                return String(link.dropFirst().prefix { $0 != ">" })
            }
            pages += 1
        }
        #expect(identifiers == (1...25).reversed().map(String.init))
        #expect(pages == 3)
    }

    @Test("answers NDJSON to whoever accepts it, and an empty list where there is nothing")
    func accepted() async throws {
        let harness = try Self.harness(rows: 2)
        let lines = await harness.send(
            "GET", "/observations", headers: [HTTPField("Accept", "application/x-ndjson")])
        #expect(lines.text.split(separator: "\n").count == 2)
        let none = await harness.send("GET", "/observations", query: [HTTPField("before", "0")])
        #expect(none.text == "[]" && none.header("Link") == nil)
    }

    @Test(
        "refuses a bad parameter by its name, with what is accepted",
        arguments: [
            ("limit", "0"), ("limit", "1001"), ("limit", "ten"), ("before", "yesterday"), ("before", ""),
            ("format", "xml"),
        ])
    func refused(name: String, value: String) async throws {
        let harness = try Self.harness(rows: 1)
        let response = await harness.send("GET", "/observations", query: [HTTPField(name, value)])
        #expect(response.status == 400 && response.isProblem)
        #expect(response.document?["parameter"]?.text == name)
        #expect(response.document?["accepted"]?.text?.isEmpty == false)
    }

    @Test("says 503 where the store is away")
    func away() async throws {
        let harness = try Self.harness(rows: 1)
        harness.store.fail(with: StoreError(.unavailable, "no disk"))
        let response = await harness.send("GET", "/observations")
        #expect(response.status == 503 && response.isProblem)
    }
}
