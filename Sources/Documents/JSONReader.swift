extension JSON {
    /// What to do with an object that names a member twice, where RFC 8259 leaves the outcome open.
    package enum RepeatedNames: Sendable {
        /// Refuse the document: the right answer to a request, whose sender can mend it (RFC 7493).
        case refused
        /// Let the last one count, as Jackson and so ksqlDB do with records that are already on a topic.
        case lastWins
    }

    /// Reads one document with nothing but white space around it.
    /// - Throws: `JSONError` with the position of the first byte that does not fit.
    package init(
        parsing bytes: some Sequence<UInt8>, repeatedNames: RepeatedNames = .refused
    ) throws(JSONError) {
        var reader = JSONReader(bytes: Array(bytes), repeatedNames: repeatedNames)
        self = try reader.document()
    }

    package init(parsing text: String, repeatedNames: RepeatedNames = .refused) throws(JSONError) {
        try self.init(parsing: text.utf8, repeatedNames: repeatedNames)
    }
}

/// Why a text is not a JSON document, and where.
package struct JSONError: Error, Equatable, CustomStringConvertible {
    package let problem: String
    /// Counted in bytes from 0.
    package let offset: Int

    package init(problem: String, offset: Int) {
        self.problem = problem
        self.offset = offset
    }

    package var description: String { "\(problem) at byte \(offset)" }
}

/// Recursive descent over UTF-8 bytes. Depth is bounded, because the text comes from strangers.
struct JSONReader {
    static let depthMax = 64

    let bytes: [UInt8]
    let repeatedNames: JSON.RepeatedNames
    /// The place of the next byte.
    var at: Int
    /// Where the document ends.
    let limit: Int
    /// Nothing is read from here on.
    var end: Int

    /// - Parameter range: where the document stands; nil where it is all of the bytes.
    init(bytes: [UInt8], range: Range<Int>? = nil, repeatedNames: JSON.RepeatedNames) {
        self.bytes = bytes
        self.repeatedNames = repeatedNames
        at = range?.lowerBound ?? 0
        limit = range?.upperBound ?? bytes.count
        end = limit
    }

    mutating func document() throws(JSONError) -> JSON {
        skipSpace()
        guard at < limit else { throw fault("no JSON value: the text is empty") }
        let value = try value(depth: 0)
        try expectEnd()
        return value
    }

    mutating func value(depth: Int) throws(JSONError) -> JSON {
        guard depth < Self.depthMax else { throw fault("nested more than \(Self.depthMax) deep") }
        switch peek {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case let byte? where byte == UInt8(ascii: "-") || isDigit(byte): return try number()
        default: throw fault("a JSON value expected, found \(shown)")
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSON {
        at += 1
        var members: [JSON.Member] = []
        var names = MemberNames()
        var isRepeated = false
        skipSpace()
        if take("}") { return .object(members) }
        while true {
            skipSpace()
            let start = at
            let name = try memberName()
            if names.add(name, to: members) {
                guard repeatedNames == .lastWins else {
                    throw JSONError(problem: "the member '\(Self.excerpt(name))' is given twice", offset: start)
                }
                isRepeated = true
            }
            members.append(JSON.Member(name, try value(depth: depth + 1)))
            skipSpace()
            if take("}") { return isRepeated ? .object(lastOfEach: members) : .object(members) }
            guard take(",") else { throw fault("',' or '}' expected, found \(shown)") }
        }
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSON {
        at += 1
        var elements: [JSON] = []
        skipSpace()
        if take("]") { return .array(elements) }
        while true {
            skipSpace()
            elements.append(try value(depth: depth + 1))
            skipSpace()
            if take("]") { return .array(elements) }
            guard take(",") else { throw fault("',' or ']' expected, found \(shown)") }
        }
    }

    mutating func expectEnd() throws(JSONError) {
        skipSpace()
        guard at == limit else { throw fault("unexpected \(shown) after the JSON value") }
    }

    private mutating func word(_ text: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        let word = "\(text)".utf8
        guard bytes[at..<end].starts(with: word) else { throw fault("a JSON value expected, found \(shown)") }
        at += word.count
        return value
    }
}

// MARK: - Numbers

extension JSONReader {
    private mutating func number() throws(JSONError) -> JSON {
        let start = at
        _ = take("-")
        if take("0") {
            guard !isDigit(peek) else { throw fault("a number must not begin with 0") }
        } else {
            try digits()
        }
        var isWhole = true
        if take(".") {
            isWhole = false
            try digits()
        }
        if take("e") || take("E") {
            isWhole = false
            if !take("+") { _ = take("-") }
            try digits()
        }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        if isWhole, text != "-0", let integer = Int64(text) { return .integer(integer) }
        guard let value = Double(text), value.isFinite else {
            throw JSONError(
                problem: "the number \(Self.excerpt(text)) is outside the range of a 64-bit float", offset: start)
        }
        return .number(value)
    }

    private mutating func digits() throws(JSONError) {
        guard isDigit(peek) else { throw fault("a digit expected, found \(shown)") }
        while isDigit(peek) { at += 1 }
    }

    private func isDigit(_ byte: UInt8?) -> Bool {
        guard let byte else { return false }
        return byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }
}

// MARK: - Strings

extension JSONReader {
    mutating func string() throws(JSONError) -> String {
        at += 1
        let start = at
        skipPlain()
        if peek == UInt8(ascii: "\"") {
            defer { at += 1 }
            return try text(bytes[start..<at], from: start)
        }
        return try escapedString(from: start)
    }

    /// Goes on to what ends a string, begins an escape or must be escaped.
    @inline(__always)
    private mutating func skipPlain() {
        while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { at += 1 }
    }

    /// The slow path: a string with at least one escape, or one that is broken.
    private mutating func escapedString(from start: Int) throws(JSONError) -> String {
        var decoded = Array(bytes[start..<at])
        while let byte = peek {
            at += 1
            switch byte {
            case UInt8(ascii: "\""): return try text(decoded[...], from: start)
            case UInt8(ascii: "\\"): try escape(into: &decoded)
            case 0..<0x20:
                at -= 1
                throw fault("a control character must be escaped, found \(shown)")
            default:
                let run = at - 1
                skipPlain()
                decoded += bytes[run..<at]
            }
        }
        throw fault("a string without its closing quote")
    }

    private mutating func escape(into decoded: inout [UInt8]) throws(JSONError) {
        guard let byte = peek else { throw fault("a string without its closing quote") }
        at += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): decoded.append(byte)
        case UInt8(ascii: "b"): decoded.append(0x08)
        case UInt8(ascii: "f"): decoded.append(0x0C)
        case UInt8(ascii: "n"): decoded.append(0x0A)
        case UInt8(ascii: "r"): decoded.append(0x0D)
        case UInt8(ascii: "t"): decoded.append(0x09)
        case UInt8(ascii: "u"): decoded.append(contentsOf: Array(String(try scalar()).utf8))
        default:
            at -= 1
            throw fault("unknown escape, found \(shown)")
        }
    }

    private mutating func scalar() throws(JSONError) -> Character {
        let start = at - 2
        let first = try hexUnit()
        if let scalar = Unicode.Scalar(UInt32(first)) { return Character(scalar) }
        guard first < 0xDC00, take("\\"), take("u") else {
            throw JSONError(problem: "half of a surrogate pair stands alone", offset: start)
        }
        let second = try hexUnit()
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00))
        else { throw JSONError(problem: "half of a surrogate pair stands alone", offset: start) }
        return Character(scalar)
    }

    private mutating func hexUnit() throws(JSONError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw fault("four hexadecimal digits expected, found \(shown)")
            }
            unit = unit << 4 | UInt16(digit)
            at += 1
        }
        return unit
    }

    private func text(_ raw: ArraySlice<UInt8>, from start: Int) throws(JSONError) -> String {
        guard let text = raw.span.text else {
            throw JSONError(problem: "a string that is not UTF-8", offset: start)
        }
        return text
    }
}

// MARK: - Bytes

extension JSONReader {
    var peek: UInt8? { at < end ? bytes[at] : nil }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        at += 1
        return true
    }

    mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { at += 1 }
    }

    /// The byte at hand as a person would name it.
    var shown: String {
        guard let byte = peek else { return "the end" }
        return (0x21...0x7E).contains(byte) ? "'\(Unicode.Scalar(byte))'" : "byte 0x\(String(byte, radix: 16))"
    }

    /// The beginning of a text, fit for a message.
    static func excerpt(_ text: String) -> String {
        let scalars = text.unicodeScalars
        let start = scalars.prefix(60)
        return String(start) + (start.endIndex < scalars.endIndex ? "…" : "")
    }

    func fault(_ problem: String) -> JSONError { JSONError(problem: problem, offset: at) }
}
