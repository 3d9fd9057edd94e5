/// Reads what a client sends by the letter of RFC 9112, before libmicrohttpd sees a byte of it: where a request ends and
/// the next begins must be beyond doubt. The library's own reading is lenient, and what it refuses it answers with a page
/// of HTML or not at all; of what passes here, nothing is left for it to refuse.
///
/// Bytes come in pieces of any size. Lines are read whole, as the library also acts on nothing but whole lines: what
/// there is of one is kept until its end is there.
struct RequestReader {
    /// What a piece of bytes holds.
    struct Reading: Equatable {
        /// How many requests come to their end in it.
        var completed = 0
        /// The bytes up to the end of the last of them.
        var completedBytes = 0
        /// What is wrong behind them. The rest of the piece is not read, and nothing else may be.
        var refusal: HTTPRefusal?
    }

    private enum Expected: Equatable {
        case requestLine
        /// A header field, or the empty line behind the last.
        case field
        /// This many bytes.
        case body(Int)
        case chunkLine
        /// This many bytes.
        case chunk(Int)
        /// The line break behind the bytes of a chunk.
        case chunkEnd
        /// The empty line behind the last chunk.
        case lastLine
        /// The connection closes behind the request that was read last.
        case nothing
    }

    private let limits: HTTPLimits
    private var expected = Expected.requestLine
    /// What there is of a line whose end is still to come.
    private var begun: [UInt8] = []
    private var rules = HeaderRules()
    private var line = RequestLine()
    private var headBytes = 0
    private var fields = 0
    /// What the cookies cost the library.
    private var cookieBytes = 0
    private var bodyBytes = 0
    private var extensionBytes = 0
    private var hasEmptyLine = false
    /// Requests that came to their end in the piece that is being read.
    private var completed = 0

    init(limits: HTTPLimits) {
        self.limits = limits
    }

    /// Whether nothing of a request has come since the last one ended.
    var isIdle: Bool { (expected == .requestLine && begun.isEmpty) || expected == .nothing }

    /// Whether an answer to the request that is being read must have no body.
    var isHead: Bool { expected != .requestLine && line.isHead }

    mutating func read(_ bytes: Span<UInt8>) -> Reading {
        var reading = Reading()
        var index = 0
        completed = 0
        do throws(HTTPRefusal) {
            while index < bytes.count, expected != .nothing {
                index = try readPart(of: bytes, from: index)
                guard completed > reading.completed else { continue }
                reading.completed = completed
                reading.completedBytes = index
            }
        } catch {
            reading.refusal = error
        }
        return reading
    }

    /// - Returns: the index of the first byte that is not read.
    private mutating func readPart(of bytes: Span<UInt8>, from index: Int) throws(HTTPRefusal) -> Int {
        switch expected {
        case .body(let left):
            let count = min(left, bytes.count - index)
            if count == left { endRequest() } else { expected = .body(left - count) }
            return index + count
        case .chunk(let left):
            let count = min(left, bytes.count - index)
            expected = count == left ? .chunkEnd : .chunk(left - count)
            return index + count
        case .requestLine, .field, .chunkLine, .chunkEnd, .lastLine, .nothing:
            return try readLine(of: bytes, from: index)
        }
    }
}

// MARK: - Lines

extension RequestReader {
    private mutating func readLine(of bytes: Span<UInt8>, from start: Int) throws(HTTPRefusal) -> Int {
        let rest = bytes.extracting(start..<bytes.count)
        guard let count = rest.count(through: UInt8(ascii: "\n")) else {
            try checkSize(begun.count + rest.count)
            unsafe rest.withUnsafeBufferPointer { unsafe begun.append(contentsOf: $0) }
            try checkBegun()
            return bytes.count
        }
        try checkSize(begun.count + count)
        if begun.isEmpty {
            try take(rest.extracting(0..<count))
        } else {
            unsafe rest.extracting(0..<count).withUnsafeBufferPointer { unsafe begun.append(contentsOf: $0) }
            let whole = begun
            begun = []
            try take(whole.span)
        }
        return start + count
    }

    /// The library judges these two before their line ends.
    private func checkBegun() throws(HTTPRefusal) {
        switch expected {
        case .chunkLine: try ChunkLine.checkStart(begun.span)
        case .chunkEnd where begun != [UInt8(ascii: "\r")]: throw Self.chunkOverrun
        case .requestLine where !HeaderRules.isTokenByte(begun[0]) && begun != [UInt8(ascii: "\r")]:
            throw RequestLine.malformed
        default: break
        }
    }

    private func checkSize(_ count: Int) throws(HTTPRefusal) {
        switch expected {
        case .requestLine where count > limits.headerBytesMax: throw RequestLine.urlTooLong(limits)
        case .field where headBytes + count > limits.headerBytesMax:
            throw HTTPRefusal(
                status: 431,
                detail: "a request line and header fields of at most \(limits.headerBytesMax) bytes are accepted")
        case .chunkLine where count > ChunkLine.bytesMax:
            throw .badRequest("a chunk's line of at most \(ChunkLine.bytesMax) bytes is accepted")
        default: break
        }
    }

    /// Takes a line with its line break.
    private mutating func take(_ line: Span<UInt8>) throws(HTTPRefusal) {
        guard line.count >= 2, line[line.count - 2] == UInt8(ascii: "\r") else {
            throw .badRequest("a line ends in CR LF; this one ends in LF alone")
        }
        let text = line.extracting(0..<line.count - 2)
        switch expected {
        case .requestLine: try takeRequestLine(text)
        case .field: try takeField(text)
        case .chunkLine: try takeChunkLine(text)
        case .chunkEnd:
            guard text.isEmpty else { throw Self.chunkOverrun }
            expected = .chunkLine
        case .lastLine:
            guard text.isEmpty else { throw .badRequest("fields behind a chunked body are not accepted") }
            endRequest()
        case .body, .chunk, .nothing: break
        }
    }

    private mutating func takeRequestLine(_ text: Span<UInt8>) throws(HTTPRefusal) {
        if text.isEmpty {
            // Older clients send one behind a body (RFC 9112, 2.2).
            guard !hasEmptyLine else { throw .badRequest("more than one empty line stands before a request") }
            hasEmptyLine = true
            return
        }
        line = try RequestLine(text, limits: limits)
        headBytes = text.count + 2
        guard headBytes <= limits.headerBytesMax else { throw RequestLine.urlTooLong(limits) }
        expected = .field
    }

    private mutating func takeField(_ text: Span<UInt8>) throws(HTTPRefusal) {
        headBytes += text.count + 2
        guard !text.isEmpty else { return try endHead() }
        fields += 1
        guard fields <= limits.headerFieldsMax else {
            throw HTTPRefusal(status: 431, detail: "at most \(limits.headerFieldsMax) header fields are accepted")
        }
        guard text[0] != UInt8(ascii: " "), text[0] != UInt8(ascii: "\t") else {
            throw .badRequest("a header field is one line, and none begins with white space")
        }
        guard let count = text.count(through: UInt8(ascii: ":")) else {
            throw .badRequest("a header field is a name, a colon and a value")
        }
        let name = text.extracting(0..<count - 1)
        let value = text.extracting(text.trimmed(count..<text.count))
        try rules.note(name: name, value: value)
        if name.count == 6, name.isEqualIgnoringCase(to: "cookie") { noteCookies(value) }
    }

    /// The library copies cookies and cuts the copy into parts, with a record for each, at both of these bytes.
    private mutating func noteCookies(_ value: Span<UInt8>) {
        var cookies = 1
        for index in 0..<value.count where value[index] == UInt8(ascii: ";") || value[index] == UInt8(ascii: ",") {
            cookies += 1
        }
        cookieBytes += value.count + cookies * HTTPLimits.fieldMemoryBytes
    }

    private mutating func endHead() throws(HTTPRefusal) {
        guard cookieBytes == 0 || cookieBytes <= limits.cookieMemoryBytes(headBytes: headBytes, fields: fields) else {
            throw HTTPRefusal(status: 431, detail: "the cookies are too large or too many; none is needed here")
        }
        switch try rules.body(isHTTP10: line.isHTTP10) {
        case .none: endRequest()
        case .length(let bytes):
            guard bytes <= limits.bodyBytesMax else { throw bodyTooLarge }
            expected = .body(bytes)
        case .chunked: expected = .chunkLine
        }
    }

    private mutating func takeChunkLine(_ text: Span<UInt8>) throws(HTTPRefusal) {
        let chunk = try ChunkLine(text)
        extensionBytes += chunk.extensionBytes
        guard extensionBytes <= limits.headerBytesMax else {
            throw .badRequest("the extensions of all chunks hold at most \(limits.headerBytesMax) bytes")
        }
        guard chunk.size <= UInt64(limits.bodyBytesMax - bodyBytes) else { throw bodyTooLarge }
        bodyBytes += Int(chunk.size)
        expected = chunk.size == 0 ? .lastLine : .chunk(Int(chunk.size))
    }

    private mutating func endRequest() {
        completed += 1
        expected = rules.closes(isHTTP10: line.isHTTP10) ? .nothing : .requestLine
        rules = HeaderRules()
        fields = 0
        cookieBytes = 0
        bodyBytes = 0
        extensionBytes = 0
        hasEmptyLine = false
    }

    private var bodyTooLarge: HTTPRefusal {
        HTTPRefusal(status: 413, detail: "a body of at most \(limits.bodyBytesMax) bytes is accepted")
    }

    private static let chunkOverrun = HTTPRefusal.badRequest(
        "the bytes of a chunk are as many as its line says, and a line break follows them")
}
