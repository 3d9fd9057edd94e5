import Testing

@testable import HTTPServer

@Suite("The target of a request")
struct RequestTargetTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let target: String
        let path: String
        let query: [HTTPField]

        init(_ target: String, _ path: String, _ query: [(String, String)] = []) {
            self.target = target
            self.path = path
            self.query = query.map { HTTPField($0.0, $0.1) }
        }

        var testDescription: String { target }
    }

    @Test(
        "is read into a decoded path and query",
        arguments: [
            Case("/", "/"), Case("/prediction", "/prediction"), Case("/a/b/", "/a/b/"), Case("*", "*"),
            Case("/a%20b", "/a b"), Case("/a+b", "/a+b"), Case("/%2B", "/+"), Case("/%C3%A4", "/ä"),
            Case("/ä", "/ä"), Case("/a%2Fb", "/a/b"), Case("/%25", "/%"), Case("/%e2%82%ac", "/€"),
            Case("/p?", "/p"), Case("/p?&", "/p"), Case("/p?&&a=1&", "/p", [("a", "1")]),
            Case("/p?a=1&b=2", "/p", [("a", "1"), ("b", "2")]), Case("/p?a=1&a=2", "/p", [("a", "1"), ("a", "2")]),
            Case("/p?a", "/p", [("a", "")]), Case("/p?a=", "/p", [("a", "")]), Case("/p?=a", "/p", [("", "a")]),
            Case("/p?=", "/p", [("", "")]), Case("/p?a=b=c", "/p", [("a", "b=c")]),
            Case("/p?a?b=c?d", "/p", [("a?b", "c?d")]), Case("/p?a=1+2%2B3", "/p", [("a", "1 2+3")]),
            Case("/p?%61%3D=%26", "/p", [("a=", "&")]), Case("/p?a=%C3%A4", "/p", [("a", "ä")]),
            Case("/p?a=%0A", "/p", [("a", "\n")]), Case("/p?a=[]{}|", "/p", [("a", "[]{}|")]),
            Case("/p?a=b&=&c", "/p", [("a", "b"), ("", ""), ("c", "")]),
            Case("http://host:80/p?a=1", "/p", [("a", "1")]), Case("HTTPS://host/p", "/p"),
            Case("http://host", "/"), Case("http://host?a=1", "/", [("a", "1")]),
            Case("/p?species=a-name-of-more-than-15-bytes", "/p", [("species", "a-name-of-more-than-15-bytes")]),
        ])
    func decoding(_ one: Case) throws {
        let (request, fault) = try read(one.target)
        #expect(fault == nil)
        #expect(request.path == one.path)
        #expect(request.query == one.query)
    }

    @Test(
        "that does not decode is a fault that names the part",
        arguments: [
            ("/%", "the path holds a %"), ("/%4", "the path holds a %"), ("/%4g", "the path holds a %"),
            ("/%%20", "the path holds a %"), ("/%00", "the path holds %00"), ("/%FF", "the path is not UTF-8"),
            ("/%C3", "the path is not UTF-8"), ("/%C0%80", "the path is not UTF-8"),
            ("/%ED%A0%80", "the path is not UTF-8"), ("/p?length=95%00", "the query parameter length holds %00"),
            ("/p?length=%zz", "the query parameter length holds a %"),
            ("/p?a=1&species=%ff%fe", "the query parameter species is not UTF-8"),
            ("/p?a=1&%ff=1", "the name of query parameter 2 is not UTF-8"),
            ("/p?%=1", "the name of query parameter 1 holds a %"),
        ])
    func faults(target: String, beginning: String) throws {
        let (_, fault) = try read(target)
        #expect(fault?.status == 400)
        #expect(fault?.detail.hasPrefix(beginning) == true, "\(fault?.detail ?? "none")")
    }

    @Test("of raw bytes that are not UTF-8 is a fault")
    func rawBytes() throws {
        var request = HTTPRequest(method: "", path: "")
        let bytes: [UInt8] = Array("/p?a=".utf8) + [0xFF]
        let fault = try unsafe bytes.withUnsafeBufferPointer { bytes in
            var target = unsafe RequestTarget(bytes)
            try target.read(into: &request)
            return target.fault
        }
        #expect(fault?.detail == "the query parameter a is not UTF-8 once decoded")
    }

    @Test(
        "that is malformed is refused",
        arguments: [
            ("", "begins with /"), ("p", "begins with /"), ("host:80", "begins with /"), ("ftp://h/p", "begins with /"),
            ("**", "begins with /"), ("/a b", "space"), ("/a\tb", "control"), ("/a\u{7F}", "control"),
            ("/p?a=\u{1}", "control"), ("/p#x", "fragment"), ("/p?a#x", "fragment"),
        ])
    func malformed(target: String, part: String) {
        let error = #expect(throws: HTTPRefusal.self) { try read(target) }
        #expect(error?.status == 400)
        #expect(error?.detail.contains(part) == true)
    }

    @Test("tells where its query begins", arguments: [("/p?a=1", 3), ("/p?", 3), ("/p", nil), ("http://h?x", 9)])
    func queryStart(target: String, start: Int?) throws {
        var request = HTTPRequest(method: "", path: "")
        let found = try unsafe Array(target.utf8).withUnsafeBufferPointer { bytes in
            var target = unsafe RequestTarget(bytes)
            try target.read(into: &request)
            return target.queryStart
        }
        #expect(found == start)
    }

    private func read(_ target: String) throws -> (HTTPRequest, HTTPRefusal?) {
        var request = HTTPRequest(method: "", path: "")
        let fault = try unsafe Array(target.utf8).withUnsafeBufferPointer { bytes in
            var target = unsafe RequestTarget(bytes)
            try target.read(into: &request)
            return target.fault
        }
        return (request, fault)
    }
}
