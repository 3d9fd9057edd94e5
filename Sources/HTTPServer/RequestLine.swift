/// The first line of a request: a method, a URL and a version, with one space between them (RFC 9112, 3).
struct RequestLine {
    private(set) var isHTTP10 = false
    private(set) var isHead = false

    init() {}

    /// - Parameter text: without the line break.
    init(_ text: Span<UInt8>, limits: HTTPLimits) throws(HTTPRefusal) {
        let targetStart = text.count(through: UInt8(ascii: " ")) ?? 0
        let targetEnd = text.count - Self.versionBytes - 1
        guard targetStart > 1, targetEnd > targetStart, text[targetEnd] == UInt8(ascii: " ") else {
            throw Self.malformed
        }
        let method = text.extracting(0..<targetStart - 1)
        for index in 0..<method.count where !HeaderRules.isTokenByte(method[index]) {
            throw .badRequest("the method of a request is a word of letters")
        }
        isHTTP10 = try Self.isHTTP10(text.extracting(targetEnd + 1..<text.count))
        isHead = method.isEqual(to: "HEAD")
        let target = text.extracting(targetStart..<targetEnd)
        guard target.count <= limits.urlBytesMax else { throw Self.urlTooLong(limits) }
        try Self.check(target)
        if target.isEqual(to: "*"), !method.isEqual(to: "OPTIONS") {
            throw .badRequest("the URL * is for OPTIONS only")
        }
    }

    /// `HTTP/1.1`
    private static let versionBytes = 8

    private static func isHTTP10(_ version: Span<UInt8>) throws(HTTPRefusal) -> Bool {
        let major = version[5] &- UInt8(ascii: "0")
        let minor = version[7] &- UInt8(ascii: "0")
        guard version.extracting(0..<5).isEqual(to: "HTTP/"), version[6] == UInt8(ascii: "."), major <= 9, minor <= 9
        else { throw malformed }
        guard major == 1 else { throw HTTPRefusal(status: 505, detail: "HTTP/1.1 and HTTP/1.0 are accepted") }
        return minor == 0
    }

    /// Only what could end a URL, or be taken for its end; what it means is read later.
    private static func check(_ target: Span<UInt8>) throws(HTTPRefusal) {
        guard unsafe target.withUnsafeBufferPointer({ unsafe holdsForbidden($0) }) else { return }
        for index in 0..<target.count where isForbidden(target[index]) {
            throw target[index] == UInt8(ascii: " ")
                ? .badRequest("the URL holds a space: it is sent as %20")
                : .badRequest("the URL holds a control character: it is sent percent-encoded")
        }
    }

    /// Without a branch for each byte, so that many are looked at together.
    private static func holdsForbidden(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var (found, index): (UInt8, Int) = (0, 0)
        while index < bytes.count {
            found |= unsafe isForbidden(bytes[index]) ? 1 : 0
            index += 1
        }
        return found != 0
    }

    @inline(__always)
    private static func isForbidden(_ byte: UInt8) -> Bool { byte <= UInt8(ascii: " ") || byte == 0x7F }

    static let malformed = HTTPRefusal.badRequest(
        "a request line is a method, a URL and a version, with one space between them")

    static func urlTooLong(_ limits: HTTPLimits) -> HTTPRefusal {
        HTTPRefusal(status: 414, detail: "a URL of at most \(limits.urlBytesMax) bytes is accepted")
    }
}
