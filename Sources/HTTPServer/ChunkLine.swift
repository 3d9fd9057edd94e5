/// The line before the bytes of a chunk: its size in hexadecimal digits, then extensions (RFC 9112, 7.1). These are
/// checked and mean nothing here.
struct ChunkLine {
    /// In bytes; 0 ends the body.
    let size: UInt64
    let extensionBytes: Int

    /// Bytes of a line with its line break.
    static let bytesMax = 256

    /// As many as a number of 64 bits has.
    private static let digitsMax = 16

    /// - Parameter text: without the line break.
    init(_ text: Span<UInt8>) throws(HTTPRefusal) {
        var size: UInt64 = 0
        var digits = 0
        while digits < text.count, let digit = PercentDecoding.hexadecimal(text[digits]) {
            guard digits < Self.digitsMax else { throw Self.malformed }
            size = size << 4 | UInt64(digit)
            digits += 1
        }
        guard digits > 0 else { throw Self.malformed }
        self.size = size
        extensionBytes = text.count - digits
        guard extensionBytes > 0 else { return }
        var extensions = ExtensionReader(text: (digits..<text.count).map { text[$0] })
        guard extensions.isWellFormed() else { throw Self.malformed }
    }

    /// Whether a line whose end is still to come can become a good one.
    static func checkStart(_ text: Span<UInt8>) throws(HTTPRefusal) {
        var digits = 0
        while digits < text.count, PercentDecoding.hexadecimal(text[digits]) != nil { digits += 1 }
        if digits == text.count, digits <= digitsMax { return }
        guard 1...digitsMax ~= digits,
            text[digits] == UInt8(ascii: ";") || (text[digits] == UInt8(ascii: "\r") && digits + 1 == text.count)
        else { throw malformed }
    }

    private static let malformed = HTTPRefusal.badRequest(
        "a chunk's line is its size in 1 to \(digitsMax) hexadecimal digits, and well-formed extensions behind a ;")
}

/// `*( ";" name [ "=" value ] )`, a value a token or a quoted string, with white space around the names only behind the
/// first semicolon: before it, programs do not agree on where the size ends.
private struct ExtensionReader {
    let text: [UInt8]
    private var index = 0

    init(text: [UInt8]) {
        self.text = text
    }

    mutating func isWellFormed() -> Bool {
        while index < text.count {
            guard take(UInt8(ascii: ";")) else { return false }
            skipWhiteSpace()
            guard takeToken() else { return false }
            skipWhiteSpace()
            guard take(UInt8(ascii: "=")) else { continue }
            skipWhiteSpace()
            guard takeQuoted() || takeToken() else { return false }
            skipWhiteSpace()
        }
        return true
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard index < text.count, text[index] == byte else { return false }
        index += 1
        return true
    }

    private mutating func skipWhiteSpace() {
        while index < text.count, text[index].isHTTPWhiteSpace { index += 1 }
    }

    private mutating func takeToken() -> Bool {
        let start = index
        while index < text.count, HeaderRules.isTokenByte(text[index]) { index += 1 }
        return index > start
    }

    private mutating func takeQuoted() -> Bool {
        guard take(UInt8(ascii: "\"")) else { return false }
        while index < text.count, !HeaderRules.isControl(text[index]) {
            if take(UInt8(ascii: "\"")) { return true }
            if take(UInt8(ascii: "\\")) {
                guard index < text.count, !HeaderRules.isControl(text[index]) else { return false }
            }
            index += 1
        }
        return false
    }
}
