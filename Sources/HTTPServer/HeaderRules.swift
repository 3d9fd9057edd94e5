/// What the header fields of a request must keep to, so that no other party can see a different request in the same
/// bytes (RFC 9110, 5; RFC 9112, 3.2, 5.1, 6.1 and 6.3). libmicrohttpd 0.9.75 takes the first of two lengths, lets
/// both kinds of length stand side by side, and reads a body of unknown coding up to the end of the connection.
struct HeaderRules {
    /// How much of a body follows the head.
    enum Body: Equatable {
        case none
        case length(Int)
        case chunked
    }

    private var hasHost = false
    private var length: Int?
    private var isChunked = false
    private var asksToClose = false
    private var asksToStay = false

    /// Takes the next field, its value without the white space around it.
    mutating func note(name: Span<UInt8>, value: Span<UInt8>) throws(HTTPRefusal) {
        guard name.count > 0 else { throw .badRequest("a header field has no name") }
        for index in 0..<name.count where !Self.isTokenByte(name[index]) {
            throw .badRequest("the name of a header field holds a space or another character that a name cannot have")
        }
        for index in 0..<value.count where Self.isControl(value[index]) {
            throw .badRequest("the value of a header field holds a control character")
        }
        switch name.count {
        case 4 where name.isEqualIgnoringCase(to: "host"): try noteHost(value)
        case 6 where name.isEqualIgnoringCase(to: "expect"): try noteExpectation(value)
        case 10 where name.isEqualIgnoringCase(to: "connection"): noteConnection(value)
        case 14 where name.isEqualIgnoringCase(to: "content-length"): try noteLength(value)
        case 17 where name.isEqualIgnoringCase(to: "transfer-encoding"): try noteCoding(value)
        default: break
        }
    }

    /// What follows the head, once all fields are noted.
    /// - Parameter isHTTP10: such a request need not name a host, and cannot be chunked.
    func body(isHTTP10: Bool) throws(HTTPRefusal) -> Body {
        guard hasHost || isHTTP10 else { throw .badRequest("an HTTP/1.1 request needs a Host") }
        if isChunked {
            guard !isHTTP10 else { throw .badRequest("HTTP/1.0 has no Transfer-Encoding") }
            guard length == nil else { throw .badRequest("Content-Length and Transfer-Encoding exclude each other") }
            return .chunked
        }
        return length.map { $0 == 0 ? .none : .length($0) } ?? .none
    }

    /// Whether the connection ends with this request, as far as the client says.
    func closes(isHTTP10: Bool) -> Bool {
        asksToClose || (isHTTP10 && !asksToStay)
    }

    private func noteExpectation(_ value: Span<UInt8>) throws(HTTPRefusal) {
        guard value.isEqualIgnoringCase(to: "100-continue") else {
            throw HTTPRefusal(status: 417, detail: "the only Expect that is accepted is 100-continue")
        }
    }

    private mutating func noteConnection(_ value: Span<UInt8>) {
        var start = 0
        while start < value.count {
            let rest = value.extracting(start..<value.count)
            let end = start + (rest.count(through: UInt8(ascii: ",")) ?? rest.count + 1)
            let option = value.extracting(value.trimmed(start..<end - 1))
            asksToClose = asksToClose || option.isEqualIgnoringCase(to: "close")
            asksToStay = asksToStay || option.isEqualIgnoringCase(to: "keep-alive")
            start = end
        }
    }

    private mutating func noteHost(_ value: Span<UInt8>) throws(HTTPRefusal) {
        guard !hasHost else { throw .badRequest("Host is given more than once") }
        hasHost = true
        for index in 0..<value.count where Self.endsHost(value[index]) {
            throw .badRequest("Host is one name or address, and a port")
        }
    }

    /// What cannot stand in the host of a URI (RFC 3986, 3.2.2), or would end it.
    private static func endsHost(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: ","), UInt8(ascii: "/"), UInt8(ascii: "?"),
            UInt8(ascii: "#"), UInt8(ascii: "@"), UInt8(ascii: "\\"), UInt8(ascii: "<"), UInt8(ascii: ">"),
            UInt8(ascii: "\""):
            true
        default: false
        }
    }

    private mutating func noteLength(_ value: Span<UInt8>) throws(HTTPRefusal) {
        guard length == nil else { throw .badRequest("Content-Length is given more than once") }
        var sum = 0
        for index in 0..<value.count {
            guard value[index] &- UInt8(ascii: "0") <= 9 else {
                throw .badRequest("Content-Length is a number of bytes, in decimal digits only")
            }
            // Beyond every limit there is; saturated, so that it reads as too large.
            sum = sum > Int.max / 16 ? sum : sum * 10 + Int(value[index] &- UInt8(ascii: "0"))
        }
        guard value.count > 0 else { throw .badRequest("Content-Length is empty") }
        length = sum
    }

    private mutating func noteCoding(_ value: Span<UInt8>) throws(HTTPRefusal) {
        guard !isChunked else { throw .badRequest("Transfer-Encoding is given more than once") }
        guard value.isEqualIgnoringCase(to: "chunked") else {
            throw .badRequest("the only Transfer-Encoding that is accepted is chunked")
        }
        isChunked = true
    }

    /// `tchar` of RFC 9110, 5.6.2.
    static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default: false
        }
    }

    static func isControl(_ byte: UInt8) -> Bool {
        (byte < 0x20 && byte != UInt8(ascii: "\t")) || byte == 0x7F
    }
}
