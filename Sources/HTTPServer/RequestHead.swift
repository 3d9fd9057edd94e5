import CMicroHTTPD
import Glibc

/// The head of a request where it lies in the library's receive buffer, at step 3 of an exchange.
@safe struct RequestHead {
    let connection: OpaquePointer
    let method: UnsafePointer<CChar>
    let target: UnsafeBufferPointer<UInt8>
    let version: UnsafePointer<CChar>

    init(
        connection: OpaquePointer, method: UnsafePointer<CChar>, target: UnsafeBufferPointer<UInt8>,
        version: UnsafePointer<CChar>
    ) {
        unsafe self.connection = unsafe connection
        unsafe self.method = unsafe method
        unsafe self.target = unsafe target
        unsafe self.version = unsafe version
    }

    /// Takes over the method and the header fields, and says what follows them.
    func read(limits: HTTPLimits, into request: inout HTTPRequest) throws(HTTPRefusal) -> HeaderRules.Body {
        guard unsafe target.count <= limits.urlBytesMax else {
            throw HTTPRefusal(status: 414, detail: "a URL of at most \(limits.urlBytesMax) bytes is accepted")
        }
        guard unsafe tare_head_size(connection) <= limits.headerBytesMax else {
            throw HTTPRefusal(
                status: 431,
                detail: "a request line and header fields of at most \(limits.headerBytesMax) bytes are accepted")
        }
        try readMethod(into: &request)
        var rules = HeaderRules()
        try unsafe withFields(max: limits.headerFieldsMax) { fields throws(HTTPRefusal) in
            var end = firstLineEnd
            for index in fields.indices {
                let field = unsafe fields[index]
                try unsafe checkPlace(of: field, after: end)
                end = unsafe Self.address(field.value) + UInt(field.value_size) + 2
                let name = unsafe UnsafeBufferPointer(start: field.name, count: field.name_size)
                let value = unsafe Self.trimmed(UnsafeBufferPointer(start: field.value, count: field.value_size))
                try unsafe rules.note(name: name.span, value: value.span)
                unsafe request.packedHeaders.append(name: name, value: value)
            }
            try checkEnd(end)
        }
        return try rules.body(isHTTP10: unsafe strcmp(version, "HTTP/1.0") == 0)
    }

    /// The target must begin behind the method and one space, and end before one space and the version: elsewhere
    /// the library's parser skipped further spaces, or a NUL hid a part.
    private func readMethod(into request: inout HTTPRequest) throws(HTTPRefusal) {
        let count = unsafe strlen(method)
        if unsafe strcmp(method, "GET") == 0 {
            request.method = "GET"
        } else {
            let bytes = unsafe UnsafeRawBufferPointer(start: method, count: count)
            guard unsafe bytes.allSatisfy(HeaderRules.isTokenByte) else {
                throw .badRequest("the method of a request is a word of letters")
            }
            unsafe request.method = String(decoding: bytes, as: UTF8.self)
        }
        let targetStart = unsafe Self.address(method) + UInt(count) + 1
        let versionStart = targetStart + UInt(unsafe target.count) + 1
        guard
            unsafe !tare_parses_in_place
                || (Self.address(target.baseAddress) == targetStart && Self.address(version) == versionStart)
        else { throw .badRequest("a request line is a method, a URL and a version, with one space between them") }
    }
}

// MARK: - The place of each field

extension RequestHead {
    /// `HTTP/1.1` and a line break, or where there is no such line, the head's own end.
    private var firstLineEnd: UInt { unsafe Self.address(version) + 10 }

    /// Each field must lie right behind the line break of the one before. A gap is a NUL, a line folded into the one
    /// before, or a line that ends in a bare LF: what such bytes mean is in dispute between programs.
    private func checkPlace(of field: tare_field, after end: UInt) throws(HTTPRefusal) {
        guard
            unsafe !tare_parses_in_place
                || (Self.address(field.name) == end && Self.address(field.value) >= end + UInt(field.name_size))
        else { throw Self.brokenLine }
    }

    private func checkEnd(_ end: UInt) throws(HTTPRefusal) {
        guard
            unsafe !tare_parses_in_place
                || Self.address(method) + UInt(tare_head_size(connection)) == end + 2
        else { throw Self.brokenLine }
    }

    private static var brokenLine: HTTPRefusal {
        .badRequest("a header field is one line that ends in CR LF and holds no NUL")
    }

    private static func address(_ pointer: UnsafeRawPointer?) -> UInt {
        UInt(bitPattern: pointer)
    }

    /// Without the spaces and tabs behind a value; the library has skipped those before it.
    private static func trimmed(_ value: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        var count = value.count
        while count > 0, unsafe value[count - 1] == UInt8(ascii: " ") || value[count - 1] == UInt8(ascii: "\t") {
            count -= 1
        }
        return unsafe UnsafeBufferPointer(rebasing: value[..<count])
    }

    /// Lends the header fields. Most requests have few, which need no allocation.
    private func withFields(
        max: Int, _ body: (UnsafeBufferPointer<tare_field>) throws(HTTPRefusal) -> Void
    ) throws(HTTPRefusal) {
        for room in [min(32, max), max] {
            let isRead = try unsafe withUnsafeTemporaryAllocation(of: tare_field.self, capacity: room) {
                fields throws(HTTPRefusal) -> Bool in
                guard let start = fields.baseAddress else { return false }
                let count = unsafe tare_header_fields(connection, start, room)
                guard count <= room else { return false }
                try unsafe body(UnsafeBufferPointer(start: start, count: count))
                return true
            }
            if isRead { return }
        }
        throw HTTPRefusal(status: 431, detail: "at most \(max) header fields are accepted")
    }
}
