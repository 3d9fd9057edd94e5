/// A number of JSON (RFC 8259, section 6), taken from the bytes of a text in one pass and without a text of its own.
struct ScannedNumber: Sendable {
    private let isNegative: Bool
    /// The first 19 digits from the first that is not 0, which is as many as fit for certain.
    private let digits: UInt64
    /// The power of ten that `digits` are to be multiplied by; nil where it is beyond all use, or digits are missing.
    private let exponent: Int?
    /// Whether it has neither fraction nor exponent.
    package let isWhole: Bool
    /// The place behind it.
    package let end: Int

    /// - Parameters:
    ///   - text: up to its end may be read.
    ///   - start: where the number begins.
    /// - Returns: nil where no number of JSON begins there.
    package init?(_ text: Span<UInt8>, from start: Int) {
        var at = start
        var significand = Digits()
        isNegative = at < text.count && text[at] == UInt8(ascii: "-")
        if isNegative { at += 1 }
        let first = at
        significand.take(text, &at)
        guard at > first, at == first + 1 || text[first] != UInt8(ascii: "0") else { return nil }
        var (isWhole, shift) = (true, 0)
        if at < text.count, text[at] == UInt8(ascii: ".") {
            isWhole = false
            let point = at
            at += 1
            significand.take(text, &at)
            shift = point + 1 - at
            guard shift < 0 else { return nil }
        }
        var power = Digits()
        if at < text.count, text[at] | 0x20 == UInt8(ascii: "e") {
            isWhole = false
            at += 1
            let isBelowOne = at < text.count && text[at] == UInt8(ascii: "-")
            if isBelowOne || at < text.count && text[at] == UInt8(ascii: "+") { at += 1 }
            let first = at
            power.take(text, &at)
            guard at > first else { return nil }
            if power.count < Self.exponentDigitsMax { shift += isBelowOne ? -Int(power.value) : Int(power.value) }
        }
        digits = significand.value
        exponent = significand.count > Digits.countMax || power.count >= Self.exponentDigitsMax ? nil : shift
        self.isWhole = isWhole
        end = at
    }

    private static let exponentDigitsMax = 6

    /// Digits, of which the first that are not 0 are counted as far as they fit.
    private struct Digits {
        static let countMax = 19
        var value: UInt64 = 0
        var count = 0

        @inline(__always)
        mutating func take(_ text: Span<UInt8>, _ at: inout Int) {
            while at < text.count, case let digit = text[at] &- 0x30, digit < 10 {
                if count < Self.countMax { value = value &* 10 &+ UInt64(digit) }
                if value != 0 { count += 1 }
                at += 1
            }
        }
    }
}

// MARK: - Its value

extension ScannedNumber {
    /// The nearest `Double`, as `Double(_: String)` gives it; nil where that is to be asked: of more than 19 digits, and far
    /// from ordinary size.
    package var value: Double? {
        guard let exponent else { return nil }
        guard digits > 1 << 53 || abs(exponent) > 22 else {
            // One operation on two exact numbers rounds once. Source: Clinger, "How to read floating point numbers
            // accurately", 1990.
            let size =
                exponent < 0
                ? Double(digits) / Self.powers[-exponent] : Double(digits) * Self.powers[exponent]
            return isNegative ? -size : size
        }
        guard digits != 0, abs(exponent) <= 19 else { return digits == 0 ? isNegative ? -0.0 : 0 : nil }
        let size = exponent < 0 ? Self.quotient(digits, Self.wholePowers[-exponent]) : product(exponent)
        return isNegative ? -size : size
    }

    private func product(_ exponent: Int) -> Double {
        let (high, low) = digits.multipliedFullWidth(by: Self.wholePowers[exponent])
        return Self.rounded(UInt128(high) << 64 | UInt128(low), isExact: true, scale: 0)
    }

    /// Worked out in whole numbers to at least 63 bits and whether there is a rest, of which 53 are kept.
    private static func quotient(_ dividend: UInt64, _ divisor: UInt64) -> Double {
        let shift = dividend.leadingZeroBitCount
        let numerator = UInt128(dividend << UInt64(shift)) << 64
        let (quotient, rest) = numerator.quotientAndRemainder(dividingBy: UInt128(divisor))
        return rounded(quotient, isExact: rest == 0, scale: -64 - shift)
    }

    /// - Parameters:
    ///   - isExact: whether there is nothing below the last bit.
    ///   - scale: the power of two that the bits are to be multiplied by.
    private static func rounded(_ bits: UInt128, isExact: Bool, scale: Int) -> Double {
        let excess = 128 - bits.leadingZeroBitCount - 53
        // Not by `Double(_: UInt128)`, which goes through unspecialised code.
        guard excess > 0 else { return Double(UInt64(truncatingIfNeeded: bits)) * powerOfTwo(scale) }
        var kept = UInt64(truncatingIfNeeded: bits >> UInt128(excess))
        let half = UInt128(1) << UInt128(excess - 1)
        let lost = bits & (half << 1 - 1)
        if lost > half || lost == half && (!isExact || kept & 1 == 1) { kept += 1 }
        return Double(kept) * powerOfTwo(excess + scale)
    }

    private static func powerOfTwo(_ exponent: Int) -> Double {
        Double(bitPattern: UInt64(1023 + exponent) << 52)
    }

    /// All the powers of ten that are exact. Literals only, so that they lie in the program and no first use is looked for.
    private static let powers: InlineArray<23, Double> = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]

    static let wholePowers: InlineArray<20, UInt64> = [
        1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
        100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
        10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
    ]
}

extension ScannedNumber {
    /// A whole number that 64 bits hold. That of `-0` is none, as it has no sign.
    package var integer: Int64? {
        guard isWhole, exponent != nil, !isNegative || digits != 0 else { return nil }
        guard isNegative else { return Int64(exactly: digits) }
        return digits <= Int64.min.magnitude ? Int64(truncatingIfNeeded: 0 &- digits) : nil
    }
}
