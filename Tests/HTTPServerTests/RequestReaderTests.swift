import Testing

@testable import HTTPServer

@Suite("The strict reading of requests")
struct RequestReaderTests {
    private static let get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
    private static let chunked = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"

    private static func post(_ length: String, _ body: String = "") -> String {
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: \(length)\r\n\r\n\(body)"
    }

    @Test(
        "counts the requests in the bytes, however they are cut",
        arguments: [
            ("", 0, true), ("G", 0, false), (get, 1, true), (get + get, 2, true), (get + "GET / H", 1, false),
            ("\r\n" + get + "\r\n" + get, 2, true), (post("3", "abc") + get, 2, true), (post("0") + get, 2, true),
            (post("3", "ab"), 0, false), (post("30", get), 0, false),
            (chunked + "0\r\n\r\n" + get, 2, true), (chunked + "3\r\nabc\r\n0\r\n\r\n", 1, true),
            (chunked + "1B\r\n" + get + "\r\n0\r\n\r\n", 1, true), (chunked + "003\r\nabc\r\n000\r\n\r\n", 1, true),
            (chunked + "3;a=b\r\nabc\r\n0;c; d = \"e;\\\"\"\r\n\r\n", 1, true), (chunked + "3\r\nabc\r\n", 0, false),
            ("GET http://h/a?b HTTP/1.1\r\nHost: h\r\n\r\n", 1, true),
            ("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", 1, true), ("GET / HTTP/1.7\r\nHost: h\r\n\r\n", 1, true),
            ("GET /../%2f HTTP/1.1\r\nHost:\t h \t\r\nX:\r\nY: \u{E4}\r\n\r\n", 1, true),
        ] as [(String, Int, Bool)])
    func good(text: String, requests: Int, isIdle: Bool) {
        for size in [1, 2, 3, 7, 50, 10_000] {
            var reader = RequestReader(limits: HTTPLimits())
            let reading = Self.read(text, by: size, &reader)
            #expect(reading.refusal == nil, "by \(size)")
            #expect(reading.completed == requests, "by \(size)")
            #expect(reader.isIdle == isIdle, "by \(size)")
        }
    }

    @Test(
        "looks at nothing behind a request that closes the connection",
        arguments: [
            "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: h\r\nConnection: a,\tClose ,b\r\n\r\n", "GET / HTTP/1.0\r\n\r\n",
            "GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n",
        ])
    func closing(text: String) {
        var reader = RequestReader(limits: HTTPLimits())
        let reading = Self.read(text + "\0\n" + Self.get, by: 10_000, &reader)
        #expect(reading == RequestReader.Reading(completed: 1, completedBytes: text.utf8.count, refusal: nil))
        #expect(Self.read("\0\n", by: 1, &reader) == RequestReader.Reading())
    }

    @Test(
        "goes on behind one that does not",
        arguments: ["HTTP/1.0\r\nConnection: Keep-Alive", "HTTP/1.1\r\nHost: h\r\nConnection: closed, x"])
    func staying(end: String) {
        var reader = RequestReader(limits: HTTPLimits())
        #expect(Self.read("GET / \(end)\r\n\r\n" + Self.get, by: 10_000, &reader).completed == 2)
    }

    /// A table of what is wrong, with the status of the answer and a part of what it says.
    static let faults: [(String, Int, String)] =
        [
            ("GET\t/ HTTP/1.1\r\n", 400, "one space"), ("GET /\tHTTP/1.1\r\n", 400, "one space"),
            ("GET  / HTTP/1.1\r\n", 400, "space"), ("GET / HTTP/1.1 \r\n", 400, "one space"),
            (" GET / HTTP/1.1\r\n", 400, "one space"), ("GET / http/1.1\r\n", 400, "one space"),
            ("GET /\r\n", 400, "one space"), ("GET\r\n", 400, "one space"), ("GET / HTTP/11\r\n", 400, "one space"),
            ("GET / HTTP/1.1x\r\n", 400, "one space"), ("GET / HTTP/0.9\r\n", 505, "HTTP/1.1"),
            ("PRI * HTTP/2.0\r\n", 505, "HTTP/1.1"), ("GET / HTTP/3.1\r\n", 505, "HTTP/1.1"),
            ("\u{16}\u{3}\u{1}", 400, "request"), ("\r\n\r\n" + get, 400, "empty line"),
            ("\n" + get, 400, "LF alone"),
            ("GET /a b HTTP/1.1\r\n", 400, "%20"), ("GET /\u{1} HTTP/1.1\r\n", 400, "control"),
            ("GET /\u{7F} HTTP/1.1\r\n", 400, "control"), ("GET /\0 HTTP/1.1\r\n", 400, "control"),
            ("G(T / HTTP/1.1\r\n", 400, "method"), ("G\0T / HTTP/1.1\r\n", 400, "method"),
            ("GET * HTTP/1.1\r\n", 400, "OPTIONS"), ("GET / HTTP/1.1\n", 400, "LF alone"),
            ("GET / HTTP/1.1\r\r\n", 400, "one space"),
        ]
        + [
            ("Host: h\n", 400, "LF alone"), ("Host: h\r\n\n", 400, "LF alone"),
            ("Host: h\r\nX: a\rb\r\n", 400, "control"),
            ("Host: h\r\nX: a\0b\r\n", 400, "control"), ("Host: h\r\nX: a\u{1}\r\n", 400, "control"),
            ("Host: h\r\n X: a\r\n", 400, "white space"), ("Host: h\r\n\tX: a\r\n", 400, "white space"),
            ("Host: h\r\n \r\n", 400, "white space"), ("Host : h\r\n", 400, "name"), (": h\r\n", 400, "no name"),
            ("Host\r\n", 400, "colon"), ("\0Host: h\r\n", 400, "name"), ("H\u{E4}: h\r\n", 400, "name"),
            ("\r\n", 400, "Host"),
            ("Host: h\r\nExpect: 200-ok\r\n", 417, "100-continue"),
            ("Host: h\r\nContent-Length: 44, 44\r\n", 400, "digits"),
            ("Host: h\r\nContent-Length: +44\r\n", 400, "digits"), ("Host: h\r\nContent-Length: -1\r\n", 400, "digits"),
            ("Host: h\r\nContent-Length: 0x1\r\n", 400, "digits"),
            ("Host: h\r\nContent-Length: 1\r\nContent-Length: 1\r\n", 400, "more than once"),
            ("Host: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "exclude"),
            ("Host: h\r\nTransfer-Encoding: chunked, chunked\r\n", 400, "only Transfer-Encoding"),
            ("Host: h\r\nContent-Length: 99999999999999999999\r\n\r\n", 413, "body"),
            ("Host: h\r\nContent-Length: 8388609\r\n\r\n", 413, "body"),
        ].map { ("POST / HTTP/1.1\r\n\($0)", $1, $2) }
        + [
            ("x", 400, "hexadecimal"), ("\r\n", 400, "hexadecimal"), (" 3\r\n", 400, "hexadecimal"),
            ("3 \r\n", 400, "hexadecimal"), ("3 ;a\r\n", 400, "hexadecimal"), ("0x3\r\n", 400, "hexadecimal"),
            ("+3\r\n", 400, "hexadecimal"), ("-3\r\n", 400, "hexadecimal"), ("3\r3\r\n", 400, "hexadecimal"),
            ("00000000000000003\r\n", 400, "hexadecimal"), ("3\n", 400, "LF alone"), ("3;a\n", 400, "LF alone"),
            ("3;\0\r\n", 400, "hexadecimal"), ("3;a=\"\0\"\r\n", 400, "hexadecimal"), ("3;\r\n", 400, "hexadecimal"),
            ("3;a\rb\r\n", 400, "hexadecimal"), ("3;a=\"b\r\n", 400, "hexadecimal"), ("3;a b\r\n", 400, "hexadecimal"),
            ("3;" + String(repeating: "a", count: 20_000) + "\r\n", 400, "256 bytes"),
            (String(repeating: "1;" + String(repeating: "a", count: 200) + "\r\nx\r\n", count: 50), 400, "extensions"),
            ("3\r\nabcd\r\n", 400, "as many"), ("3\r\nabc\n", 400, "LF alone"), ("3\r\nabc\r\r\n", 400, "as many"),
            ("3\r\nabc0\r\n\r\n", 400, "as many"), ("800001\r\n", 413, "body"), ("FFFFFFFFFFFFFFFF\r\n", 413, "body"),
            ("0\r\nX: y\r\n\r\n", 400, "behind a chunked body"), ("0\r\n\n", 400, "LF alone"),
            ("0\n\r\n", 400, "LF alone"),
        ].map { (chunked + $0, $1, $2) }

    @Test("refuses what is malformed, however it is cut", arguments: faults)
    func refused(text: String, status: Int, part: String) {
        for prefix in ["", Self.get + Self.get] {
            for size in [1, 2, 7, 100_000] {
                var reader = RequestReader(limits: HTTPLimits())
                let reading = Self.read(prefix + text + Self.get, by: size, &reader)
                #expect(reading.refusal?.status == status, "by \(size)")
                #expect(reading.refusal?.detail.contains(part) == true, "\(reading.refusal?.detail ?? "none")")
                #expect(reading.completed == (prefix.isEmpty ? 0 : 2), "by \(size)")
                guard size == 100_000 else { continue }
                #expect(reading.completedBytes == prefix.utf8.count)
            }
        }
    }

    @Test(
        "keeps to the limits, also while a line is still to come",
        arguments: [
            ("GET /" + String(repeating: "a", count: 100) + " HTTP/1.1\r\n", 414),
            (String(repeating: "a", count: 2001), 414),
            ("GET / HTTP/1.1\r\nX: " + String(repeating: "a", count: 2000), 431),
            ("GET / HTTP/1.1\r\n" + String(repeating: "X: y\r\n", count: 6), 431),
        ])
    func limits(text: String, status: Int) {
        var limits = HTTPLimits()
        limits.urlBytesMax = 100
        limits.headerBytesMax = 2000
        limits.headerFieldsMax = 5
        for size in [1, 10_000] {
            var reader = RequestReader(limits: limits)
            #expect(Self.read(text, by: size, &reader).refusal?.status == status)
        }
    }

    @Test("knows a HEAD, whose answer has no body, from its request line to its end")
    func head() {
        var reader = RequestReader(limits: HTTPLimits())
        _ = Self.read("HEAD / HTTP/1.1\r\n", by: 10_000, &reader)
        #expect(reader.isHead)
        _ = Self.read("Host: h\r\n\r\n", by: 10_000, &reader)
        #expect(!reader.isHead)
    }

    /// Reads pieces of a size up to the first refusal. `completedBytes` counts from the start.
    private static func read(_ text: String, by size: Int, _ reader: inout RequestReader) -> RequestReader.Reading {
        let bytes = Array(text.utf8)
        var all = RequestReader.Reading()
        for start in stride(from: 0, to: bytes.count, by: size) {
            let reading = reader.read(Array(bytes[start..<min(start + size, bytes.count)]).span)
            if reading.completed > 0 { all.completedBytes = start + reading.completedBytes }
            all.completed += reading.completed
            all.refusal = reading.refusal
            if all.refusal != nil { break }
        }
        return all
    }
}
