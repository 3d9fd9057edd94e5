import Testing

@testable import HTTPServer

@Suite("A request")
struct HTTPRequestTests {
    @Test("gives the first header of a name, whatever its case")
    func header() {
        let request = HTTPRequest(
            method: "GET", path: "/", headers: [HTTPField("Content-Type", "a"), HTTPField("content-type", "b")])
        #expect(request.header("CONTENT-TYPE") == "a")
        #expect(request.header("Content-Typ") == nil)
        #expect(request.header("") == nil)
    }

    @Test("keeps its headers as they were given", arguments: [0, 1, 2, 300])
    func headers(count: Int) {
        let fields = (0..<count).map { HTTPField("X-\($0)", String(repeating: "ä", count: $0)) }
        var request = HTTPRequest(method: "GET", path: "/", headers: fields)
        #expect(request.headers == fields)
        request.headers.append(HTTPField("Last", ""))
        #expect(request.headers == fields + [HTTPField("Last", "")])
    }

    @Test(
        "compares names of fields without regard to the case of letters only",
        arguments: [
            ("Host", "hOST", true), ("A@", "A`", false), ("A[", "A{", false), ("", "", true), ("Hos", "Host", false),
        ])
    func names(left: String, right: String, same: Bool) {
        #expect(HTTPField(left, "").isNamed(right) == same)
    }
}
