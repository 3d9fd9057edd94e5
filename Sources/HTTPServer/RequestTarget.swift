/// Reads the second word of a request line (RFC 9112, 3.2) into a path and the fields of a query: one pass over the
/// bytes, as every request pays for it. Parts without escapes are taken as they are.
@safe struct RequestTarget {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let count: Int
    private var index = 0
    /// A part that does not decode: the request is answered with 400, but what it is in all is beyond doubt.
    private(set) var fault: HTTPRefusal?
    /// Where the query begins, once the target is read; nil where there is none.
    private(set) var queryStart: Int?

    /// Each takes more memory than its bytes, for as long as its request is there.
    static let parametersMax = 256

    /// - Parameter bytes: must stay valid while the target is read.
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        unsafe self.bytes = unsafe bytes
        count = bytes.count
    }

    /// Accepts the origin form (`/path?query`), the absolute form (`http://host/path?query`) and `*`. What is malformed
    /// is thrown; the rest is read up to the first `fault`.
    mutating func read(into request: inout HTTPRequest) throws(HTTPRefusal) {
        try skipAuthority()
        let path = try nextPart(endingAt: UInt8(ascii: "?"))
        request.path = text(of: path, plusIsSpace: false) { "the path" }
        if path.start == path.end { request.path = "/" }
        guard path.isEnded else { return }
        queryStart = index
        while index < count {
            let name = try nextPart(endingAt: UInt8(ascii: "&"), or: UInt8(ascii: "="))
            let hasValue = unsafe name.isEnded && bytes[name.end] == UInt8(ascii: "=")
            if !hasValue, name.start == name.end { continue }
            let number = request.query.count + 1
            guard number <= Self.parametersMax else {
                fault = fault ?? .badRequest("at most \(Self.parametersMax) query parameters are accepted")
                return
            }
            let nameText = text(of: name, plusIsSpace: true) { "the name of query parameter \(number)" }
            var valueText = ""
            if hasValue {
                let value = try nextPart(endingAt: UInt8(ascii: "&"))
                valueText = text(of: value, plusIsSpace: true) { "the query parameter \(nameText)" }
            }
            request.query.append(HTTPField(nameText, valueText))
        }
    }

    /// A stretch of the target.
    private struct Part {
        let start: Int
        let end: Int
        /// Whether one of the bytes that it was looked for stands behind it.
        let isEnded: Bool
        /// Whether it holds anything but ASCII that stands for itself.
        let isEscaped: Bool
    }

    /// The part up to one of two bytes, which is skipped, or to the end.
    @inline(__always)
    private mutating func nextPart(endingAt end: UInt8, or other: UInt8? = nil) throws(HTTPRefusal) -> Part {
        let start = index
        let other = other ?? end
        var isEscaped = false
        var index = start
        while index < count {
            let byte = unsafe bytes[index]
            if byte == end || byte == other {
                self.index = index + 1
                return Part(start: start, end: index, isEnded: true, isEscaped: isEscaped)
            }
            // The bytes that mean something in a target stand below the digits and letters, or above them.
            if byte <= UInt8(ascii: "+") || byte >= 0x7F {
                if byte <= UInt8(ascii: " ") || byte == 0x7F || byte == UInt8(ascii: "#") { throw Self.forbidden(byte) }
                isEscaped = isEscaped || byte == UInt8(ascii: "%") || byte == UInt8(ascii: "+") || byte > 0x7F
            }
            index += 1
        }
        self.index = index
        return Part(start: start, end: index, isEnded: false, isEscaped: isEscaped)
    }

    private mutating func text(of part: Part, plusIsSpace: Bool, name: () -> String) -> String {
        let text = unsafe UnsafeBufferPointer(rebasing: bytes[part.start..<part.end])
        guard part.isEscaped else { return unsafe Self.plainText(text) }
        do throws(PercentDecoding.Fault) {
            return try unsafe PercentDecoding.decode(text, plusIsSpace: plusIsSpace)
        } catch {
            fault = fault ?? .badRequest("\(name()) \(error.reason)")
            return ""
        }
    }

    /// Up to 15 bytes need no allocation.
    private static func plainText(_ ascii: UnsafeBufferPointer<UInt8>) -> String {
        unsafe String(unsafeUninitializedCapacity: ascii.count) { buffer in
            _ = unsafe buffer.initialize(from: ascii)
            return ascii.count
        }
    }

    private static func forbidden(_ byte: UInt8) -> HTTPRefusal {
        switch byte {
        case UInt8(ascii: "#"): .badRequest("the URL holds a #: a fragment is not sent; as a character it is %23")
        case UInt8(ascii: " "): .badRequest("the URL holds a space: it is sent as %20")
        default: .badRequest("the URL holds a control character: it is sent percent-encoded")
        }
    }

    /// Moves to where the path begins: at once, or behind the authority of an absolute form.
    private mutating func skipAuthority() throws(HTTPRefusal) {
        if count > 0, unsafe bytes[0] == UInt8(ascii: "/") { return }
        if count == 1, unsafe bytes[0] == UInt8(ascii: "*") { return }
        for scheme in ["http://", "https://"]
        where unsafe ASCII.areEqualIgnoringCase(bytes.prefix(scheme.utf8.count), scheme.utf8) {
            index = scheme.utf8.count
            while index < count, unsafe bytes[index] != UInt8(ascii: "/") && bytes[index] != UInt8(ascii: "?") {
                index += 1
            }
            return
        }
        throw .badRequest("the URL of a request begins with / or with http://")
    }
}
