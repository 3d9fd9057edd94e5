extension OutputSpan<UInt8> {
    /// As Java prints a `double`; null of what is no number.
    /// - Precondition: there is room for `Array.jsonNumberBytesMax`.
    package mutating func append(jsonNumber value: Double) {
        if let text = DecimalText(value) { return text.append(to: &self) }
        append(copying: (value.isFinite ? value.javaText : "null").utf8.span)
    }

    /// In quotation marks.
    /// - Parameter bytes: in which no character is written as an escape.
    /// - Precondition: there is room for it and both marks.
    @inline(__always)
    package mutating func append(quoted bytes: Span<UInt8>) {
        append(UInt8(ascii: "\""))
        append(copying: bytes)
        append(UInt8(ascii: "\""))
    }

    /// A whole number.
    /// - Precondition: there is room for `Array.wholeNumberBytesMax`.
    package mutating func append(whole value: Int64) {
        if value < 0 { append(UInt8(ascii: "-")) }
        var (digits, first, rest) = (InlineArray<20, UInt8>(repeating: 0), 20, value.magnitude)
        repeat {
            first -= 1
            digits[first] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        append(copying: digits.span.extracting(first...))
    }
}

// What stands in JSON, appended to bytes as `JSON.bytes` writes it.
extension [UInt8] {
    /// `-1.7976931348623157E308`, and one more.
    package static var jsonNumberBytesMax: Int { 24 }

    /// As Java prints a `double`; null of what is no number.
    package mutating func append(jsonNumber value: Double) {
        append(addingCapacity: Self.jsonNumberBytesMax) { $0.append(jsonNumber: value) }
    }

    /// `-9223372036854775808`.
    package static var wholeNumberBytesMax: Int { 20 }

    /// A whole number.
    package mutating func append(whole value: Int) {
        append(addingCapacity: Self.wholeNumberBytesMax) { $0.append(whole: Int64(value)) }
    }

    /// So many of its last digits.
    package mutating func append(digits value: Int, width: Int) {
        append(addingCapacity: width) { output in
            output.append(repeating: UInt8(ascii: "0"), count: width)
            var digits = output.mutableSpan
            var (place, rest) = (width, value)
            while rest > 0, place > 0 {
                place -= 1
                digits[place] += UInt8(rest % 10)
                rest /= 10
            }
        }
    }

    /// An array of what stands in JSON already.
    /// - Parameter texts: a value each.
    package init(jsonArray texts: [[UInt8]]) {
        self = []
        append(jsonArray: texts)
    }

    /// The same behind what is there.
    package mutating func append(jsonArray texts: [[UInt8]]) {
        // A little more than they take, for what may follow.
        reserveCapacity(texts.reduce(count + 64) { $0 + $1.count + 1 })
        append(UInt8(ascii: "["))
        for place in texts.indices {
            if place > 0 { append(UInt8(ascii: ",")) }
            self += texts[place]
        }
        append(UInt8(ascii: "]"))
    }

    /// In quotation marks. Characters beyond the basic plane stand there as an upper-case pair of escapes, as Jackson
    /// writes them; other text as it is.
    package mutating func append(jsonText text: String) {
        let bytes = text.utf8.span
        guard Self.needCare(bytes) else {
            return append(addingCapacity: bytes.count + 2) { $0.append(quoted: bytes) }
        }
        append(UInt8(ascii: "\""))
        appendWithEscapes(text)
        append(UInt8(ascii: "\""))
    }

    /// The bytes of a text as they are.
    package mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { unsafe append(contentsOf: $0) }
    }

    /// Whether one of these bytes of UTF-8 belongs to a character that is written as an escape. Eight are looked at in one
    /// step, as a model has texts of megabytes.
    static func needCare(_ text: Span<UInt8>) -> Bool {
        var (place, found): (Int, UInt64) = (0, 0)
        while text.count - place >= 8 {
            found |= careBits(text.word(place))
            place += 8
        }
        while place < text.count {
            found |= careBits(UInt64(text[place]) | 0x2020_2020_2020_2000)
            place += 1
        }
        return found != 0
    }

    /// 0 where none of eight bytes needs care.
    @inline(__always)
    private static func careBits(_ word: UInt64) -> UInt64 {
        let (ones, tops): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
        // What is below a bound borrows into the top bit that it lacks itself.
        let isControl = (word &- ones &* 0x20) & ~word
        let quote = word ^ ones &* UInt64(UInt8(ascii: "\""))
        let backslash = word ^ ones &* UInt64(UInt8(ascii: "\\"))
        let isQuote = (quote &- ones) & ~quote
        let isBackslash = (backslash &- ones) & ~backslash
        // From 0xF0 on the four upper bits are set.
        let isLong = word & word << 1 & word << 2 & word << 3
        return (isControl | isQuote | isBackslash | isLong) & tops
    }

    private mutating func appendWithEscapes(_ text: String) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": append("\\\"")
            case "\\": append("\\\\")
            case "\n": append("\\n")
            case "\r": append("\\r")
            case "\t": append("\\t")
            case "\u{8}": append("\\b")
            case "\u{C}": append("\\f")
            case "\u{0}"..<"\u{20}": appendEscape(UInt16(scalar.value))
            case "\u{10000}"...: UTF16.encode(scalar)?.forEach { appendEscape($0) }
            default: append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
    }

    private mutating func appendEscape(_ unit: UInt16) {
        let digits = String(unit, radix: 16, uppercase: true)
        append("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
    }
}
