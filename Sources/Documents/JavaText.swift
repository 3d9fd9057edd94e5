extension Double {
    /// The text of Java's `Double.toString`: the shortest digits that give this value back, always with a decimal
    /// point, with an exponent below 1e-3 and from 1e7 up (`1.0E-4`, `1.0E7`).
    ///
    /// Java before 19 prints more digits than needed for a few values far from ordinary size (1.0E23, JDK-4511638).
    package var javaText: String {
        let size = magnitude
        // There Swift's own text is the same.
        if size >= 1e-3 && size < 1e7 || size == 0 { return description }
        guard isFinite else { return isNaN ? "NaN" : self < 0 ? "-Infinity" : "Infinity" }
        // Java gives two digits at least, the nearest two: it matters where even those are further apart than values.
        if size == .leastNonzeroMagnitude { return self < 0 ? "-4.9E-324" : "4.9E-324" }
        var text = size.description
        return text.withUTF8 { unsafe String.java($0.span, isNegative: self < 0) }
    }
}

extension String {
    /// - Parameter text: of a number above 0, such as `1.25e-05` or `12500000.0`.
    fileprivate static func java(_ text: Span<UInt8>, isNegative: Bool) -> String {
        var digits: [UInt8] = []
        digits.reserveCapacity(text.count)
        var wholeCount: Int?
        var place = 0
        while place < text.count, text[place] != UInt8(ascii: "e") {
            if text[place] == UInt8(ascii: ".") { wholeCount = digits.count } else { digits.append(text[place]) }
            place += 1
        }
        let zeros = digits.prefix { $0 == UInt8(ascii: "0") }.count
        let exponent = (wholeCount ?? digits.count) - 1 - zeros + exponent(text.extracting(place...))
        let significant = digits[zeros...]
        let last = significant.lastIndex { $0 != UInt8(ascii: "0") } ?? zeros
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count + 4)
        if isNegative { bytes.append(UInt8(ascii: "-")) }
        bytes.append(digits[zeros])
        bytes.append(UInt8(ascii: "."))
        if last > zeros { bytes += digits[zeros + 1...last] } else { bytes.append(UInt8(ascii: "0")) }
        bytes.append(UInt8(ascii: "E"))
        bytes.append(exponent.description)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// - Parameter text: empty, or such as `e-05`.
    private static func exponent(_ text: Span<UInt8>) -> Int {
        var (size, isNegative) = (0, false)
        for place in text.indices.dropFirst() {
            switch text[place] {
            case UInt8(ascii: "-"): isNegative = true
            case UInt8(ascii: "+"): break
            case let digit: size = 10 * size + Int(digit - UInt8(ascii: "0"))
            }
        }
        return isNegative ? -size : size
    }
}
