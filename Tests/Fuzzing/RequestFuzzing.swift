@testable import HTTPServer

extension FuzzTarget {
    static let request = FuzzTarget(
        name: "request",
        promise: "bytes are read alike however they are cut; each request ends where another reader sees its end",
        seeds: { bytes(requests) },
        words: [
            "GET ", "POST ", "HEAD ", " HTTP/1.1\r\n", " HTTP/1.0\r\n", "Host: h\r\n", "Content-Length: ",
            "Transfer-Encoding: chunked\r\n", "Connection: close\r\n", "Connection: keep-alive\r\n",
            "Expect: 100-continue\r\n", "Cookie: a=b\r\n", "\r\n\r\n", "0\r\n\r\n", ";a=\"b\"", "\n", "\r", "\0",
        ],
        check: checkRequest)

    private static let get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"

    private static let requests = [
        get, get + get, "\r\n" + get, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc" + get,
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b; c = \"d\"\r\nabc\r\n0\r\n\r\n" + get,
        "GET / HTTP/1.0\r\n\r\n" + get, "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n" + get,
        "HEAD http://h/a?b HTTP/1.1\r\nHost:\t h \t\r\nCookie: a=b; c=d\r\nConnection: a,\tClose ,b\r\n\r\n" + get,
        "OPTIONS * HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nX:\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3, 3\r\n\r\nabc", "GET /\t HTTP/1.1\n\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -5555555555555555553\r\n\r\nab",
    ]

    /// Small, so that inputs reach them.
    private static let limits: HTTPLimits = {
        var limits = HTTPLimits()
        limits.urlBytesMax = 64
        limits.headerBytesMax = 512
        limits.headerFieldsMax = 8
        limits.bodyBytesMax = 600
        return limits
    }()

    private struct Outcome: Equatable {
        var ends: [Int] = []
        var isRefused = false
        var isIdle = true
    }

    private static func checkRequest(_ input: [UInt8]) throws {
        let byByte = read(input, by: 1)
        for size in [2, 3, 7, 61, max(1, input.count)] {
            let other = read(input, by: size)
            try hold(
                other.ends.last == byByte.ends.last && other.isRefused == byByte.isRefused
                    && (other.isRefused || other.isIdle == byByte.isIdle),
                "by \(size) bytes: \(other); byte by byte: \(byByte)")
        }
        let reference = ReferenceRequests(input)
        try hold(
            reference.ends.starts(with: byByte.ends), "requests end at \(byByte.ends), and at \(reference.ends)")
    }

    private static func read(_ input: [UInt8], by size: Int) -> Outcome {
        var reader = RequestReader(limits: limits)
        var outcome = Outcome()
        var start = 0
        while start < input.count, !outcome.isRefused {
            let piece = Array(input[start..<min(start + size, input.count)])
            let reading = reader.read(piece.span)
            if reading.completed > 0 { outcome.ends.append(start + reading.completedBytes) }
            outcome.isRefused = reading.refusal != nil
            start += size
        }
        outcome.isIdle = reader.isIdle
        return outcome
    }
}

// MARK: - URLs

extension FuzzTarget {
    static let target = FuzzTarget(
        name: "target", promise: "a URL that is read is read alike once every byte of its parts is percent-encoded",
        seeds: {
            bytes([
                "/", "*", "/prediction?length=95&height=18&species=salmon", "http://h:1/a/b?c=d&&e",
                "/%2f/../?%41=+%2B",
                "/\u{E4}?=&a==b",
            ])
        },
        words: ["%", "%00", "%C3%A4", "?", "&", "=", "+", "#", "http://", "https://"],
        check: { input in
            guard let request = read(input), request.path != "*" else { return }
            let query = request.query.map { "\(encoded($0.name))=\(encoded($0.value))" }.joined(separator: "&")
            let text = encoded(request.path, isPath: true) + "?" + query
            guard let again = read(Array(text.utf8)) else {
                throw BrokenPromise(description: "'\(text)' is refused")
            }
            try hold(
                Array(again.path.utf8) == Array(request.path.utf8) && again.query == request.query,
                "'\(text)' is read as \(again.path) \(again.query) and not as \(request.path) \(request.query)")
        })

    /// Nil where it is refused.
    private static func read(_ input: [UInt8]) -> HTTPRequest? {
        var request = HTTPRequest(method: "GET", path: "")
        let isGood = unsafe input.withUnsafeBufferPointer { bytes in
            var target = unsafe RequestTarget(bytes)
            return (try? target.read(into: &request)) != nil && target.fault == nil
        }
        return isGood ? request : nil
    }

    private static func encoded(_ text: String, isPath: Bool = false) -> String {
        text.utf8.map { byte in
            isPath && byte == UInt8(ascii: "/") ? "/" : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}
