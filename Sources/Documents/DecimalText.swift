/// The shortest decimal text of a number of ordinary size, as `description` gives it, in bytes and without a string: of all
/// decimals that are read as the number those with the fewest digits, and of these the nearest. Source: G. L. Steele and
/// J. L. White, *How to Print Floating-Point Numbers Accurately*, 1990; the arithmetic is exact, in 128 bits.
struct DecimalText {
    private static let roomMax = 24

    private var digits = InlineArray<24, UInt8>(repeating: 0)
    /// Of `digits`, which are written from the last one on.
    private var first = roomMax

    func append(to bytes: inout OutputSpan<UInt8>) { bytes.append(copying: digits.span.extracting(first...)) }

    /// Nil of what is left to `description`: numbers below 0.001 and from 10,000,000 on, and those that have two nearest texts.
    init?(_ value: Double) {
        let size = value.magnitude
        guard Self.isOrdinary(size) else { return nil }
        if !take(thousandths: size) {
            guard let (digits, places) = Self.shortest(size), places > 0 else { return nil }
            take(digits, places: places)
        }
        if value < 0 { add(UInt8(ascii: "-")) }
    }

    fileprivate static func isOrdinary(_ size: Double) -> Bool { size >= 1e-3 && size < 1e7 }

    /// Of what has up to three places behind the point, as measurements have, the text is soon found: doubles tell all
    /// decimals of 15 digits apart, so no shorter one gives the same number.
    private mutating func take(thousandths size: Double) -> Bool {
        let count = (size * 1000).rounded()
        guard count / 1000 == size else { return false }
        var (rest, places) = (UInt64(count), 3)
        while places > 1, rest % 10 == 0 {
            rest /= 10
            places -= 1
        }
        take(rest, places: places)
        return true
    }

    /// - Parameter places: how many of the digits stand behind the point; at least one.
    private mutating func take(_ digits: UInt64, places: Int) {
        var rest = digits
        for _ in 0..<places { rest = addDigit(of: rest) }
        add(UInt8(ascii: "."))
        repeat { rest = addDigit(of: rest) } while rest > 0
    }

    /// - Returns: what is left before the digit.
    @inline(__always)
    private mutating func addDigit(of rest: UInt64) -> UInt64 {
        let (left, digit) = rest.quotientAndRemainder(dividingBy: 10)
        add(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit))
        return left
    }

    @inline(__always)
    private mutating func add(_ byte: UInt8) {
        first -= 1
        digits[first] = byte
    }
}

// MARK: - Digits

extension Double {
    /// The whole number that the digits of its size's shortest text are without the point, and how many of them stand behind
    /// that: 0.1445 is 1445 and 4. Nil of what `DecimalText` leaves to `description`.
    package var shortestDecimal: (digits: UInt64, places: Int)? {
        DecimalText.isOrdinary(magnitude) ? DecimalText.shortest(magnitude) : nil
    }
}

extension DecimalText {
    /// The digits of a number, and how many of them stand behind the point.
    ///
    /// The number is m/2ˢ. Times 10 to the power of the places that 17 digits leave, it and the bounds between which all is
    /// read as it are whole numbers and a rest; then as many digits are taken away as leave a whole number between the bounds.
    /// - Parameter size: from 0.001 to below 10,000,000, so that m·10ᵖ has less than 118 bits. No bound is a decimal of 17 digits.
    fileprivate static func shortest(_ size: Double) -> (digits: UInt64, places: Int)? {
        let significand = size.significandBitPattern | 1 << 52
        let shift = UInt64(52 - Int(size.exponent))
        var places = placesOf17Digits(size)
        let power = power10(places)
        let (half, twice) = (UInt128(power), UInt128(significand) * UInt128(power) * 2)
        let lower = significand == 1 << 52 ? twice - half / 2 : twice - half
        var low = UInt64(truncatingIfNeeded: lower >> (shift + 1)) + 1
        var high = UInt64(truncatingIfNeeded: (twice + half) >> (shift + 1))
        guard low <= high else { return nil }
        var unit: UInt64 = 1
        while case let (nextLow, nextHigh) = ((low + 9) / 10, high / 10), nextLow <= nextHigh {
            (low, high, unit, places) = (nextLow, nextHigh, unit * 10, places - 1)
        }
        guard let nearest = rounded(twice, shift + 1, unit) else { return nil }
        return (min(max(nearest, low), high), places)
    }

    /// `value`/2ˢ in whole `unit`s; nil of what lies in the middle between two.
    private static func rounded(_ value: UInt128, _ shift: UInt64, _ unit: UInt64) -> UInt64? {
        let whole = UInt64(truncatingIfNeeded: value >> shift)
        let isWhole = value & (1 << shift - 1) == 0
        let (count, rest) = whole.quotientAndRemainder(dividingBy: unit)
        guard unit > 1 else {
            let half = UInt64(truncatingIfNeeded: value >> (shift - 1)) & 1
            if half == 1, value & (1 << (shift - 1) - 1) == 0 { return nil }
            return count + half
        }
        if rest * 2 == unit, isWhole { return nil }
        return rest * 2 >= unit ? count + 1 : count
    }

    private static func placesOf17Digits(_ size: Double) -> Int {
        var (places, bound) = (19, 0.01)
        while size >= bound {
            places -= 1
            bound *= 10
        }
        return places
    }

    private static func power10(_ exponent: Int) -> UInt64 { powers[exponent] }

    private static let powers: InlineArray<20, UInt64> = [
        1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
        100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
        10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
    ]
}
