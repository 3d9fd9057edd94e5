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
        let (digits, exponent) = Self.decimal(size.description)
        let fraction = digits.count > 1 ? String(digits.dropFirst()) : "0"
        return "\(self < 0 ? "-" : "")\(digits.first ?? "0").\(fraction)E\(exponent)"
    }

    /// Significant digits and the decimal exponent of the first of them, from a text such as `1.25e-05` or `12500000.0`.
    private static func decimal(_ text: String) -> (digits: String, exponent: Int) {
        let parts = text.split(separator: "e")
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let whole = mantissa[0]
        let fraction = mantissa.count > 1 ? mantissa[1] : ""
        let all = whole + fraction
        let zeros = all.prefix { $0 == "0" }.count
        var digits = String(all.dropFirst(zeros))
        while digits.count > 1, digits.last == "0" { digits.removeLast() }
        let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        return (digits, exponent + whole.count - 1 - zeros)
    }
}
