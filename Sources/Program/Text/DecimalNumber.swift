/// Numbers as people write them in a query: the grammar of JSON (RFC 8259, section 6), nothing that a parser of some
/// other language would also take (`0x5F`, `1d2`, `NaN`, `95,5`, ` 95`).
@usableFromInline package enum DecimalNumber {
    /// Nil where the text is not such a number, or is beyond the range of a 64-bit float.
    @usableFromInline package static func parse(_ text: String) -> Double? {
        var text = text
        guard let decimal = text.withUTF8({ unsafe Decimal($0) }) else { return nil }
        if let value = decimal.exactValue { return value }
        guard let value = Double(text), value.isFinite else { return nil }
        return value
    }

    /// The number that some of these bytes spell. A file has a great many: each call would take a tenth of its fit.
    @inlinable package static func parse(_ bytes: [UInt8], _ range: Range<Int>) -> Double? {
        let decimal = unsafe bytes.withUnsafeBufferPointer { unsafe Decimal(UnsafeBufferPointer(rebasing: $0[range])) }
        guard let decimal else { return nil }
        return decimal.exactValue ?? parse(String(decoding: bytes[range], as: UTF8.self))
    }
}

/// Digits and an exponent, taken from a text in one pass.
@usableFromInline struct Decimal {
    @usableFromInline private(set) var isNegative = false
    @usableFromInline private(set) var digits: UInt64 = 0
    @usableFromInline private(set) var digitCount = 0
    @usableFromInline private(set) var exponent = 0

    /// Nil where the text does not follow the grammar.
    @usableFromInline init?(_ text: UnsafeBufferPointer<UInt8>) {
        var at = 0
        func peek() -> UInt8 { at < text.count ? unsafe text[at] : 0 }
        if peek() == UInt8(ascii: "-") {
            isNegative = true
            at += 1
        }
        let isZero = peek() == UInt8(ascii: "0")
        guard unsafe addDigits(text, &at), !isZero || digitCount == 1 else { return nil }
        if peek() == UInt8(ascii: ".") {
            at += 1
            let before = digitCount
            guard unsafe addDigits(text, &at) else { return nil }
            exponent = before - digitCount
        }
        if peek() | 0x20 == UInt8(ascii: "e") {
            at += 1
            let sign = peek()
            if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { at += 1 }
            var power = Decimal()
            guard unsafe power.addDigits(text, &at), power.digitCount < 5 else { return nil }
            exponent += sign == UInt8(ascii: "-") ? -Int(power.digits) : Int(power.digits)
        }
        guard at == text.count else { return nil }
    }

    private init() {}

    /// False where there is no digit. What no longer fits is only counted: `exactValue` then steps aside.
    private mutating func addDigits(_ text: UnsafeBufferPointer<UInt8>, _ at: inout Int) -> Bool {
        let start = at
        while at < text.count, case let digit = unsafe text[at] &- 0x30, digit < 10 {
            if digitCount < 19 { digits = digits * 10 + UInt64(digit) }
            digitCount += 1
            at += 1
        }
        return at > start
    }

    /// Right to the last bit where both the digits and the power of ten are exact, as one operation rounds once; else nil.
    /// Source: Clinger, "How to read floating point numbers accurately", 1990.
    @inlinable var exactValue: Double? {
        guard digitCount <= 15, abs(exponent) <= 22 else { return nil }
        let size = exponent < 0 ? Double(digits) / Self.powers[-exponent] : Double(digits) * Self.powers[exponent]
        return isNegative ? -size : size
    }

    /// All the powers of ten that are exact. Literals only, so that they lie in the program and no first use is looked for.
    @usableFromInline static let powers: InlineArray<23, Double> = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]
}
