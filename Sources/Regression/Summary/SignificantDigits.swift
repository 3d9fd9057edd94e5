extension Double {
    /// This number to so many significant digits, laid out as C's `%#.4g` does: zeros at the end are kept, and below 10⁻⁴
    /// and from 10 to the number of digits up there is an exponent.
    ///
    /// What is rounded, half up, is the shortest decimal that reads back as this number, so 0.15 gives 0.2 where C, which
    /// looks at the binary value, gives 0.1.
    func text(significantDigits count: Int) -> String {
        guard isFinite else { return isNaN ? "NaN" : self < 0 ? "-Inf" : "Inf" }
        guard self != 0 else { return "0" }
        return (self < 0 ? "-" : "") + DecimalDigits(magnitude, padded: count).text
    }

    /// As R writes a number in an expression, and a level that is a number: 15 digits at the most, with an exponent where
    /// that is shorter (`100`, `1e+05`, `0.5`).
    var textOfR: String {
        guard isFinite else { return isNaN ? "NaN" : self < 0 ? "-Inf" : "Inf" }
        guard self != 0 else { return "0" }
        let digits = DecimalDigits(magnitude, upTo: 15)
        let (fixed, scientific) = (digits.fixed, digits.scientific)
        return (self < 0 ? "-" : "") + (fixed.utf8.count <= scientific.utf8.count ? fixed : scientific)
    }

    /// The same, but with all digits where 15 are read back as another number.
    var wholeTextOfR: String { Double(textOfR) == self ? textOfR : description }
}

/// A positive number to some digits: 0.d₁d₂d₃… times ten to the power of `point`.
private struct DecimalDigits {
    /// The first is not 0.
    private var digits: [UInt8]
    private var point: Int

    /// So many digits, zeros at the end among them.
    init(_ value: Double, padded count: Int) {
        self.init(value, rounded: count)
        digits += Array(repeating: 0, count: count - digits.count)
    }

    /// As many as it has, and not more than these.
    init(_ value: Double, upTo count: Int) {
        self.init(value, rounded: count)
        while digits.last == 0 { digits.removeLast() }
    }

    private init(_ value: Double, rounded count: Int) {
        // Swift's description has the shortest digits that read back as the number: 12.5, 0.001, 1e-05, 1.25e+16.
        let parts = value.description.split(separator: "e")
        let number = parts[0].split(separator: ".")
        digits = number.joined().utf8.map { $0 - UInt8(ascii: "0") }
        point = number[0].utf8.count + (parts.count > 1 ? Int(parts[1])! : 0)
        let leading = digits.prefix { $0 == 0 }.count
        digits.removeFirst(leading)
        point -= leading
        round(to: count)
    }

    private mutating func round(to count: Int) {
        guard digits.count > count else { return }
        let isUp = digits[count] >= 5
        digits.removeSubrange(count...)
        guard isUp else { return }
        while digits.last == 9 { digits.removeLast() }
        if digits.isEmpty {
            digits = [1]
            point += 1
        } else {
            digits[digits.count - 1] += 1
        }
    }

    var text: String {
        let exponent = point - 1
        return exponent < -4 || exponent >= digits.count ? scientific : written(point: point)
    }

    var scientific: String {
        let size = abs(point - 1)
        return written(point: 1) + (point < 1 ? "e-" : "e+") + (size < 10 ? "0" : "") + "\(size)"
    }

    /// Without an exponent.
    var fixed: String { written(point: point) + String(repeating: "0", count: max(0, point - digits.count)) }

    private func written(point: Int) -> String {
        let all = digits.map(String.init).joined()
        if point <= 0 { return "0." + String(repeating: "0", count: -point) + all }
        return point < digits.count ? "\(all.prefix(point)).\(all.dropFirst(point))" : all
    }
}
